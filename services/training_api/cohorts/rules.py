"""What may happen to a cohort, when it takes place, and which days are days off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from shared.clock import KAZAKHSTAN
from shared.errors import Text
from shared.schemas.training.cohorts import CohortStatus as Status


class CohortAction(StrEnum):
    """What can be done to a cohort."""

    OPEN = "open"
    CLOSE = "close"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"


TABLE: Mapping[CohortAction, tuple[frozenset[Status], Status]] = {
    CohortAction.OPEN: (frozenset({Status.DRAFT, Status.CLOSED}), Status.OPEN),
    CohortAction.CLOSE: (frozenset({Status.OPEN}), Status.CLOSED),
    CohortAction.START: (frozenset({Status.OPEN, Status.CLOSED}), Status.RUNNING),
    CohortAction.FINISH: (frozenset({Status.RUNNING}), Status.COMPLETED),
    CohortAction.CANCEL: (frozenset({Status.DRAFT, Status.OPEN, Status.CLOSED, Status.RUNNING}), Status.CANCELLED),
}
"""From which states an action leads to which."""

OVER = frozenset({Status.COMPLETED, Status.CANCELLED})
CHANGEABLE = frozenset({Status.DRAFT, Status.OPEN})
"""While it is so, what was planned may be changed."""
UNDECIDED = frozenset({Status.OPEN, Status.CLOSED})
"""While it is so, a course that too few come to may still be called off."""

COHORT_CANCELLED = "cohort_cancelled"
"""Why the sessions of a cancelled cohort are cancelled."""
BELOW_MINIMUM = Text(
    "Шешім қабылданатын күні адам аз жиналды",
    "Ко дню решения набралось слишком мало людей",
    "On the day of decision too few people had seats",
)

Period = tuple[datetime, datetime]
"""From a moment to another, which is no part of it."""


def after(status: Status, action: CohortAction) -> Status | None:
    """The state that `action` leads to; None if it is not allowed."""
    before, target = TABLE[action]
    return target if status in before else None


def allowed_actions(status: Status) -> list[CohortAction]:
    """What may be done in this state."""
    return [action for action in TABLE if after(status, action) is not None]


def hours(held_on: date, starts_at: time, ends_at: time) -> Period:
    """The times of a session as moments."""
    return datetime.combine(held_on, starts_at, KAZAKHSTAN), datetime.combine(held_on, ends_at, KAZAKHSTAN)


def whole_days(first: date, last: date) -> Period:
    """From the first morning to the midnight after the last day."""
    after_last = last + timedelta(days=1)
    return datetime.combine(first, time(), KAZAKHSTAN), datetime.combine(after_last, time(), KAZAKHSTAN)


def overlap(one: Iterable[Period], other: Iterable[Period]) -> bool:
    """Whether some moment belongs to both."""
    theirs = list(other)
    return any(start < their_end and their_start < end for start, end in one for their_start, their_end in theirs)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off that comes every year, in the years for which the law names it."""

    month: int
    day: int
    name: Text
    first_year: int
    last_year: int = 9999


HOLIDAYS = (
    Holiday(1, 1, Text("Жаңа жыл", "Новый год", "New Year"), 1992),
    Holiday(1, 2, Text("Жаңа жыл", "Новый год", "New Year"), 1992),
    Holiday(1, 7, Text("Православиелік Рождество", "Православное Рождество", "Orthodox Christmas"), 2006),
    Holiday(3, 8, Text("Халықаралық әйелдер күні", "Международный женский день", "Women's Day"), 1992),
    Holiday(3, 21, Text("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"), 2009),
    Holiday(3, 22, Text("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"), 1992),
    Holiday(3, 23, Text("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"), 2009),
    Holiday(5, 1, Text("Қазақстан халқының бірлігі күні", "Праздник единства народа", "Unity Day"), 1996),
    Holiday(5, 7, Text("Отан қорғаушы күні", "День защитника Отечества", "Defender's Day"), 2013),
    Holiday(5, 9, Text("Жеңіс күні", "День Победы", "Victory Day"), 1992),
    Holiday(7, 6, Text("Астана күні", "День столицы", "Capital Day"), 2009),
    Holiday(8, 30, Text("Конституция күні", "День Конституции", "Constitution Day"), 1996),
    Holiday(10, 25, Text("Республика күні", "День Республики", "Republic Day"), 2022),
    Holiday(12, 1, Text("Тұңғыш Президент күні", "День Первого Президента", "First President's Day"), 2012, 2021),
    Holiday(12, 16, Text("Тәуелсіздік күні", "День Независимости", "Independence Day"), 1992),
)
"""Public holidays and, by the law on holidays, days off. The day of Qurban Ait follows the moon: `MOVABLE`."""

MOVABLE: Mapping[date, Text] = {
    day: Text("Құрбан айттың бірінші күні", "Первый день Курбан-айта", "First day of Qurban Ait")
    for day in (date(2023, 6, 28), date(2024, 6, 16), date(2025, 6, 6), date(2026, 5, 27))
}


def holiday(day: date) -> Text | None:
    """The name of the public holiday on that day, if it is one."""
    if day in MOVABLE:
        return MOVABLE[day]
    for one in HOLIDAYS:
        if (one.month, one.day) == (day.month, day.day) and one.first_year <= day.year <= one.last_year:
            return one.name
    return None
