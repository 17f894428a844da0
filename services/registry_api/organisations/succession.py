"""What other capabilities are told when organisations end and another carries on, so that what is theirs follows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Succession:
    """From one day on, what bound the predecessors binds the successor."""

    reorganisation_id: UUID
    predecessors: tuple[UUID, ...]
    """Organisations that end on that day."""
    successor: UUID
    """Who carries on; where several do, the one the event names for obligations."""
    on: date
    """The first day of the new order."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of one thing that belonged to a predecessor."""

    subject: str
    """`membership`, `party`, `commitment`, `target`, `observation`, `facility`."""
    subject_id: UUID
    predecessor: UUID
    outcome: str
    """`moved` to the successor, `ended` because the successor has the same already, `kept` where it was by its rule."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """A reorganisation that is taken back: what `recorded_at` wrote is undone, what it closed is true again."""

    reorganisation_id: UUID
    recorded_at: datetime
    """The moment all its rows were recorded at."""
    now: datetime
    organisations: tuple[UUID, ...] = ()
    """All organisations it touched: those that ended, those that carry on, those that were a part of one."""
