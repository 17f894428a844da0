"""What an import can be, where it can stand, and how its file can be written."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

MOST_FINDINGS = 1000
"""Bad rows a report names one by one; all of them are counted."""

Header = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
"""A column's heading as it stands in the file."""
Cell = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
"""What stands in a cell."""


class ImportKind(StrEnum):
    """What the rows of a file are."""

    ORGANISATIONS = "organisations"
    OBSERVATIONS = "observations"
    AREAS = "areas"
    INDICATORS = "indicators"
    MEMBERSHIPS = "memberships"
    TARGETS = "targets"
    EVENTS = "events"
    CONSTRUCTION_PROJECTS = "construction-projects"


class ImportState(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    """It waits or is being read; its job tells. It stays so when the job is cancelled."""
    CHECKED = "checked"
    """A dry run: the report tells what would happen; nothing was changed."""
    APPLIED = "applied"
    REFUSED = "refused"
    """Nothing was changed; the report tells why."""
    UNDONE = "undone"
