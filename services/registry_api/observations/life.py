"""The life of a value as a table: which status may follow which, by whom it is said."""

from collections.abc import Mapping

from services.registry_api.observations import errors
from shared.schemas.registry.observations import ObservationStatus as Status

DELIVERED: Mapping[Status, frozenset[Status]] = {
    Status.PROVISIONAL: frozenset({Status.PROVISIONAL, Status.FINAL, Status.WITHDRAWN}),
    Status.FINAL: frozenset({Status.FINAL, Status.CORRECTED, Status.WITHDRAWN}),
    Status.CORRECTED: frozenset({Status.CORRECTED, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset({Status.PROVISIONAL, Status.FINAL, Status.WITHDRAWN}),
}
"""What a source may say after what it said before. A final number that it says differently is recorded as corrected;
one that was withdrawn may be delivered again."""

STEPS: Mapping[Status, frozenset[Status]] = {
    Status.PROVISIONAL: frozenset({Status.FINAL, Status.WITHDRAWN}),
    Status.FINAL: frozenset({Status.CORRECTED, Status.WITHDRAWN}),
    Status.CORRECTED: frozenset({Status.CORRECTED, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),
}
"""What a person may do to a value that stands."""

SETTLED = frozenset({Status.FINAL, Status.CORRECTED})
"""Statuses that need a second pair of eyes where the first belongs to a caller with bounds."""
APPROVED_BY_ANOTHER = SETTLED
"""Steps that the one who recorded what stands cannot take."""


def check_step(current: Status, wanted: Status) -> None:
    """Raise `StepRefused` unless the table has it."""
    if wanted not in STEPS[current]:
        allowed = ", ".join(sorted(STEPS[current])) or "—"
        raise errors.StepRefused(current=current.value, wanted=wanted.value, allowed=allowed)


def delivered() -> list[tuple[str, str]]:
    """`DELIVERED` as pairs, for a statement."""
    return sorted((before.value, after.value) for before, follow in DELIVERED.items() for after in follow)
