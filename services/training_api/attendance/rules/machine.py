"""What may happen to the attendance of a person at a session, as a table."""

from shared.machines import Machine, Move
from shared.schemas.training.attendance import AttendanceAction as Action
from shared.schemas.training.attendance import AttendanceStatus as Status

WRITTEN = frozenset(Status) - {Status.EXPECTED}
"""Something is said of the person."""
THERE = frozenset({Status.PRESENT, Status.LATE, Status.LEFT_EARLY})
"""The person was there, all the time or some of it."""
AWAY = frozenset({Status.ABSENT, Status.EXCUSED})

MACHINE: Machine[Status, Action] = Machine(
    "attendance",
    (
        Move(Action.CHECK_IN, frozenset(Status), THERE),
        Move(Action.CHECK_OUT, frozenset(Status), THERE),
        Move(Action.MARK, frozenset({Status.EXPECTED}), WRITTEN, is_for_managers=True),
        Move(Action.CLOSE, frozenset({Status.EXPECTED}), frozenset({Status.ABSENT}), is_command=False),
        Move(Action.CORRECT, WRITTEN, WRITTEN, is_for_managers=True, needs_reason=True),
    ),
)
"""Scans are weighed together, whenever they arrive, so a scan leads wherever all of them lead."""
