"""What may happen to an allocation, and what is taken for a distance, a district, a need."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

from shared.errors import Text
from shared.machines import Machine, Move
from shared.schemas.training.allocation_questions import AllocationDistances
from shared.schemas.training.allocations import AllocationAction as Action
from shared.schemas.training.allocations import AllocationStatus as Status
from shared.schemas.training.allocations import UnplacedReason

MACHINE: Machine[Status, Action] = Machine(
    "allocation",
    (
        Move(Action.SOLVE, frozenset({Status.QUEUED}), frozenset({Status.SOLVED}), is_command=False),
        Move(Action.FAIL, frozenset({Status.QUEUED}), frozenset({Status.FAILED}), is_command=False),
        Move(Action.APPLY, frozenset({Status.SOLVED}), frozenset({Status.APPLIED}), is_for_managers=True),
    ),
)
MOST_PEOPLE = 5000
MOST_WAYS = 200_000
_EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
_DAYS_A_YEAR = 365.25
URBAN = "urban"
RURAL = "rural"

MESSAGES: Mapping[UnplacedReason, Text] = {
    UnplacedReason.NOT_ELIGIBLE: Text(
        kk="Бағдарламаның ережелеріне сай емес",
        ru="Не отвечает правилам программы",
        en="Not eligible for the programme",
    ),
    UnplacedReason.ALREADY_ENROLLED: Text(
        kk="Бұл ағымға жазылған", ru="Уже записан в этот поток", en="Enrolled in the cohort already"
    ),
    UnplacedReason.APPROVAL_PENDING: Text(
        kk="Өтінім әлі мақұлданбаған", ru="Заявка ещё не одобрена", en="The application is yet to be approved"
    ),
    UnplacedReason.DOUBLE_BOOKED: Text(
        kk="Бұл уақытта бос емес", ru="В это время занят", en="Busy elsewhere at that time"
    ),
    UnplacedReason.DATA_BLOCKED: Text(
        kk="Деректері бұғатталған", ru="Данные заблокированы", en="The person's data are blocked"
    ),
    UnplacedReason.LANGUAGE: Text(
        kk="Адамның тілінде оқытатын орын жоқ",
        ru="Нет площадки на языке педагога",
        en="No venue teaches in the person's language",
    ),
    UnplacedReason.SUBJECT: Text(
        kk="Адамның пәні өтетін орын жоқ",
        ru="Нет площадки по предмету педагога",
        en="No venue teaches the person's subject",
    ),
    UnplacedReason.TOO_FAR: Text(
        kk="Рұқсат етілген қашықтықта орын жоқ",
        ru="Нет площадки в пределах допустимого расстояния",
        en="No venue within the distance allowed",
    ),
    UnplacedReason.NOT_WISHED: Text(
        kk="Қалаған орындардың ешқайсысы мүмкін емес",
        ru="Ни одна из желаемых площадок невозможна",
        en="None of the venues wished for is possible",
    ),
    UnplacedReason.POOL_CLOSED: Text(
        kk="Бос орындар басқаларға сақталған",
        ru="Свободные места сохранены за другими",
        en="The free seats are kept for others",
    ),
    UnplacedReason.SCHOOL_LIMIT: Text(
        kk="Бір мектептен мұнша адам бола алмайды",
        ru="Ограничение на число людей от одной школы",
        en="A limit on people of one school stands against it",
    ),
    UnplacedReason.SEATS_TAKEN: Text(
        kk="Лайық орындардың бәрі басқаларға берілді",
        ru="Все подходящие места достались другим",
        en="All seats that fit went to others",
    ),
    UnplacedReason.OUTWEIGHED: Text(
        kk="Орын бергеннен көп шығын болар еді",
        ru="Место стоило бы больше, чем принесло",
        en="A seat would have cost more than it brought",
    ),
}


def great_circle_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres along the great circle between two points (latitude, longitude in degrees), by the haversine.

    hav(d/R) = hav(φ2 − φ1) + cos φ1 · cos φ2 · hav(λ2 − λ1), hav(x) = sin²(x/2).

    >>> round(great_circle_km((43.238, 76.945), (51.128, 71.430)))
    973
    """
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (one, other))
    hav = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(hav)))


def area_km(home: Sequence[str], host: Sequence[str], assumed: AllocationDistances) -> float:
    """Kilometres taken between two areas by their paths from the region down."""
    if home and list(home) == list(host):
        return assumed.same_area
    if home[:1] != host[:1] or not home:
        return assumed.elsewhere
    if len(home) > 1 and home[1:2] == host[1:2]:
        return assumed.same_district
    return assumed.same_region


def district(area_path: Sequence[str]) -> str:
    """The district, or the city of a region, of an area; the region where it has none."""
    return (area_path[1] if len(area_path) > 1 else area_path[0]) if area_path else ""


def setting(word: str | None) -> str:
    """Rural or urban; what is not known counts as urban, so that nobody is favoured by a gap."""
    return RURAL if word == "village" else URBAN


def years_since(day: date | None, *, on: date) -> float | None:
    """Years without training; None: never trained."""
    return None if day is None else round(max(0, (on - day).days) / _DAYS_A_YEAR, 2)


def need(years: float | None, *, long_years: float) -> float:
    """n = min(Y, Y*) / Y*, 1 for who was never trained."""
    return 1.0 if years is None else min(years, long_years) / long_years
