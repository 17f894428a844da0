"""What other capabilities know of organisations, as conditions of a list."""

from typing import Any, TypeVar

from services.registry_api.clubs.service import schools as clubs
from services.registry_api.networks import service as networks
from services.registry_api.observations import service as observations
from services.registry_api.organisations.service.lists import Among
from services.registry_api.selections import service as selections
from shared.auth import Actor
from shared.db.sessions import ReadSession
from shared.schemas.registry.organisation_lists import OrganisationCriteria, OrganisationFilter
from shared.schemas.registry.selections import SelectionCriteria

Query = TypeVar("Query", bound=OrganisationFilter)
INCLUSIVE_TAG = "inclusive"
INCLUSIVE_INDICATOR = "SCH_INCLUSIVE_CONDITIONS"
INCLUSIVE_FROM = 50.0
"""Points of a hundred: ramp or lift, toilets, a support room, an assistant, aids, a passport of accessibility."""


def among(query: OrganisationCriteria, *, known: bool, listed: str | None = None) -> tuple[Among, ...]:
    """Conditions that other capabilities answer; `known` when the list is asked as it was known at a moment."""
    found = []
    if query.network is not None:
        found.append(Among(networks.members(known=known), {"network": query.network}))
    if query.inclusive is not None:
        values = {"indicator": INCLUSIVE_INDICATOR, "least": INCLUSIVE_FROM}
        found.append(Among(observations.reaching(known=known), values, tag=INCLUSIVE_TAG, absent=not query.inclusive))
    if query.voucher is not None:
        found.append(Among(clubs.taking_vouchers(), {}, absent=not query.voucher))
    if listed is not None:
        found.append(Among(selections.listed(), {"selection": listed}))
    return tuple(found)


async def resolved(session: ReadSession, query: Query, *, actor: Actor | None) -> tuple[Query, str | None]:
    """The query with the criteria of the selection it names, where it does not tell its own; and the selection if
    that is a list. Raises `SelectionNotFound`."""
    if query.selection is None:
        return query, None
    selection = await selections.get(session, query.selection, actor=actor, pointer="?selection")
    if selection.criteria is None:
        return query, selection.token
    saved = SelectionCriteria.model_validate(selection.criteria)
    told: dict[str, Any] = {name: getattr(saved, name) for name in saved.model_fields_set - query.model_fields_set}
    return query.model_copy(update=told), None
