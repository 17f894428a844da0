"""What may happen to a cohort, and which days are days off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


def after(status: Status, action: CohortAction) -> Status | None:
    """The state that `action` leads to; None if it is not allowed."""
    before, target = TABLE[action]
    return target if status in before else None


def allowed_actions(status: Status) -> list[CohortAction]:
    """What may be done in this state."""
    return [action for action in TABLE if after(status, action) is not None]


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
