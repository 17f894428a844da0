"""Where an item may go from where it is, and which items a new year takes over."""

from collections.abc import Mapping
from types import MappingProxyType

from services.registry_api.directives.errors import ItemStepRefused
from shared.schemas.registry.directives import ItemStatus

STEPS: Mapping[ItemStatus, frozenset[ItemStatus]] = MappingProxyType(
    {
        ItemStatus.OPEN: frozenset({ItemStatus.IN_PROGRESS, ItemStatus.DONE, ItemStatus.DROPPED}),
        ItemStatus.IN_PROGRESS: frozenset({ItemStatus.OPEN, ItemStatus.DONE, ItemStatus.DROPPED}),
        ItemStatus.DONE: frozenset({ItemStatus.OPEN}),
        ItemStatus.DROPPED: frozenset({ItemStatus.OPEN}),
    }
)
"""What may follow what."""
STANDING = frozenset({ItemStatus.OPEN, ItemStatus.IN_PROGRESS})
"""What is still to be done: a new year takes it over; what is closed stays where it is."""


def check_step(current: ItemStatus, wanted: ItemStatus) -> None:
    """Raise `ItemStepRefused` unless the one may follow the other."""
    if wanted is not current and wanted not in STEPS[current]:
        allowed = ", ".join(sorted(STEPS[current]))
        raise ItemStepRefused(pointer="/status", current=current.value, wanted=wanted.value, allowed=allowed)
