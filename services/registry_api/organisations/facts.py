"""The one table of organisations that statements of other capabilities may join upon, to read and never to write.

A list that shows names, places or types of organisations stays one statement only if it joins what is true of them on
its day; asking for each page anew would cost a second one.
"""

from services.registry_api.organisations.models import OrganisationState

__all__ = ["OrganisationState"]
