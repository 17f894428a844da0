"""Indicators the registry computes from what it knows itself, each with the organisations it comes from."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.construction import service as construction
from services.registry_api.derived import errors, rules
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.memoranda import service as memoranda
from services.registry_api.networks import service as networks
from services.registry_api.observations.latest import standing
from services.registry_api.organisations.service import scope as organisations
from shared.db.sessions import AnySession
from shared.schemas.registry.derived import DerivedQuery, ShareQuery
from shared.schemas.registry.memorandum_words import MemorandumStatus
from shared.schemas.registry.organisation_words import OrganisationType

_COLLEGES = (OrganisationType.COLLEGE,)
_TELL_STUDENTS = ("COL_DUAL_COVERAGE", "COL_DROPOUT")
"""Indicators that are shares of all students of a college, so that their `n` tells how many it has."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a number came about."""

    formula: str
    """In words of the indicators and attributes it is made of."""
    considered: int
    """How many organisations were looked at."""
    unreported: int = 0
    """Of how many of them the deciding fact is not known; they do not count as holding."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed value and what it was computed from."""

    value: float | None
    n: int | None
    """How many organisations it rests on: the whole of a share, the counted of a count."""
    organisations: list[UUID]
    """Those that count."""
    explanation: Explanation
    laggards: list[UUID] = field(default_factory=list)
    """Of a share, those that do not count yet."""


@dataclass(frozen=True, slots=True)
class Part:
    """A share among the organisations of one type."""

    holding: int
    of: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many organisations something holds, together and by type; `None` percent where there are none."""

    n: int
    """Of how many it holds."""
    N: int
    """Of how many it could."""
    percent: float | None
    laggards: list[UUID]
    by_type: dict[str, Part]
    holding: list[UUID]
    unreported: int


async def value(
    session: AnySession, code: str, *, area: str | None, on: date, known_at: datetime | None = None
) -> Derived | None:
    """A derived indicator of an area (None: the country) on a day; None for a code that is not derived."""
    derive = _OF_AREAS.get(code)
    return None if derive is None else await derive(session, area, on, known_at)


async def share(
    session: AnySession,
    indicator_code: str,
    *,
    organisation_types: Collection[str],
    area: str | None,
    on: date,
    known_at: datetime | None = None,
    holds: str = ">=1",
) -> Share:
    """Of how many organisations that work on a day the latest value of an indicator holds, and which lag behind.

    All of them are asked, of every form of ownership: one that has not reported lags behind. Raises ValueError for a
    `holds` that is no condition.
    """
    holds_of = rules.condition(holds)
    by_type: dict[str, Part] = {}
    holding: list[UUID] = []
    laggards: list[UUID] = []
    unreported = 0
    for type_ in sorted(set(organisation_types)):
        present = await organisations.present(
            session, type_=OrganisationType(type_), area=area, on=on, known_at=known_at
        )
        found = await standing(session, indicator_code, present.ids, on=on, known_at=known_at)
        values = found.values if found and found.values else [None] * len(present.ids)
        held = [one for one, value in zip(present.ids, values, strict=True) if holds_of(value)]
        by_type[type_] = Part(len(held), len(present.ids), rules.percent(len(held), len(present.ids)))
        holding += held
        laggards += sorted(set(present.ids).difference(held))
        unreported += sum(value is None for value in values)
    whole = len(holding) + len(laggards)
    return Share(
        n=len(holding),
        N=whole,
        percent=rules.percent(len(holding), whole),
        laggards=laggards,
        by_type=by_type,
        holding=holding,
        unreported=unreported,
    )


async def catalogue(session: AnySession) -> list[dict[str, Any]]:
    """What is computed, in the order of the codes, as `DerivedSummary` reads it."""
    codes = CODES | CODES_OF_ORGANISATIONS
    named = await indicators.latest(session, codes)
    return [_summary(code, named.get(code)) for code in sorted(codes)]


async def read(session: AnySession, code: str, query: DerivedQuery, *, on: date, now: datetime) -> dict[str, Any]:
    """The value with names, as `DerivedRead` reads it.

    Raises `DerivedIndicatorNotFound`, `OrganisationNeeded`, `OrganisationNotExpected`, `OrganisationUnknown`.
    """
    known_at, organisation_id = query.known_at, query.organisation_id
    if code in CODES_OF_ORGANISATIONS:
        if organisation_id is None:
            raise errors.OrganisationNeeded(pointer="?organisation_id")
        await belonging.areas_of(session, {"?organisation_id": organisation_id}, on=on)
        found = await of_organisation(session, code, organisation_id, on=on, known_at=known_at)
    else:
        found = await value(session, code, area=query.area, on=on, known_at=known_at)
        if found is not None and organisation_id is not None:
            raise errors.OrganisationNotExpected(pointer="?organisation_id")
    if found is None:
        raise errors.DerivedIndicatorNotFound()
    named = await organisations.names(session, {*found.organisations, *found.laggards}, on=on)
    return {
        **_summary(code, (await indicators.latest(session, [code])).get(code)),
        "area": query.area,
        "organisation_id": organisation_id,
        "as_of": on,
        "known_at": known_at or now,
        "value": found.value,
        "n": found.n,
        "organisations": _named(found.organisations, named),
        "laggards": _named(found.laggards, named),
        "explanation": asdict(found.explanation),
    }


async def read_share(session: AnySession, query: ShareQuery, *, on: date) -> dict[str, Any]:
    """The share with names, as `ShareRead` reads it. Raises `ShareIndicatorUnknown`."""
    if query.indicator not in await indicators.latest(session, [query.indicator]):
        raise errors.ShareIndicatorUnknown(pointer="?indicator")
    found = await share(
        session,
        query.indicator,
        organisation_types=query.organisation_type,
        area=query.area,
        on=on,
        known_at=query.known_at,
        holds=query.holds,
    )
    named = await organisations.names(session, found.laggards, on=on)
    return {
        "indicator": query.indicator,
        "holds": query.holds,
        "area": query.area,
        "as_of": on,
        "holding": found.n,
        "of": found.N,
        "percent": found.percent,
        "met": found.n == found.N > 0,
        "unreported": found.unreported,
        "by_type": [{"organisation_type": type_, **asdict(part)} for type_, part in found.by_type.items()],
        "laggards": _named(found.laggards, named),
    }


def _summary(code: str, definition: Definition | None) -> dict[str, Any]:
    level = "organisation" if code in CODES_OF_ORGANISATIONS else "area"
    return {"code": code, "level": level, "unit": definition.unit if definition else None}


def _named(ids: Sequence[UUID], named: Mapping[UUID, Mapping[str, str | None]]) -> list[dict[str, Any]]:
    return [{"id": one, "name": named[one]} for one in ids if one in named]


async def shifts_of(
    session: AnySession, schools: Sequence[UUID], *, on: date, known_at: datetime | None = None
) -> dict[UUID, float | None]:
    """In how many shifts each school works on a day; None where it is not known.

    What the timetable of a school tells for that day goes before what was last reported (SCH_SHIFT_COUNT).
    """
    told = await organisations.shifts(session, schools, on=on, known_at=known_at)
    found = await standing(session, "SCH_SHIFT_COUNT", schools, on=on, known_at=known_at)
    observed = found.values if found and found.values else [None] * len(schools)
    return {one: rules.shifts_that_hold(told.get(one), seen) for one, seen in zip(schools, observed, strict=True)}


async def three_shift_schools(
    session: AnySession, *, area: str | None, on: date, known_at: datetime | None = None
) -> tuple[list[UUID], int, int]:
    """Schools that work in three shifts or more on a day; how many work at all, and of how many it is not known."""
    present = await organisations.present(session, type_=OrganisationType.SCHOOL, area=area, on=on, known_at=known_at)
    shifts = await shifts_of(session, present.ids, on=on, known_at=known_at)
    crowded = [one for one, number in shifts.items() if number is not None and number >= 3]
    return crowded, len(shifts), sum(number is None for number in shifts.values())


async def _three_shift_schools(session: AnySession, area: str | None, on: date, known_at: datetime | None) -> Derived:
    crowded, considered, unreported = await three_shift_schools(session, area=area, on=on, known_at=known_at)
    formula = "count(open schools with shift_count >= 3; the school's own timetable, else SCH_SHIFT_COUNT)"
    return _counted(crowded, Explanation(formula, considered, unreported))


async def _leading_schools(session: AnySession, area: str | None, on: date, known_at: datetime | None) -> Derived:
    code = "REG_NIS_LEADING_SCHOOLS"
    found = await networks.counted_by(session, code, role="leading", area=area, on=on, known_at=known_at)
    formula = f"count(distinct organisations with an active membership, role = leading, of networks counted by {code})"
    return _counted(found, Explanation(formula, len(found)))


async def _demonstration_exams(session: AnySession, area: str | None, on: date, known_at: datetime | None) -> Derived:
    indicator = "COL_DEMO_EXAM_SHARE"
    found = await share(
        session, indicator, organisation_types=_COLLEGES, area=area, on=on, known_at=known_at, holds=">0"
    )
    formula = f"colleges with {indicator} > 0 / colleges that work, of every form of ownership * 100"
    return Derived(
        found.percent, found.N, found.holding, Explanation(formula, found.N, found.unreported), found.laggards
    )


async def _sponsor_built_schools(session: AnySession, area: str | None, on: date, known_at: datetime | None) -> Derived:
    count = await construction.delivered(session, funding="sponsor", area=area, on=on, known_at=known_at)
    formula = "count(construction projects with funding = sponsor that are commissioned)"
    return Derived(float(count), count, [], Explanation(formula, count))


async def of_organisation(
    session: AnySession, code: str, organisation_id: UUID, *, on: date, known_at: datetime | None = None
) -> Derived | None:
    """A derived indicator of one organisation on a day; None for a code that is not derived of organisations."""
    if code not in CODES_OF_ORGANISATIONS:
        return None
    in_force = await memoranda.briefly(
        session,
        None,
        on=on,
        is_past=True,
        known_at=known_at,
        statuses=(MemorandumStatus.IN_FORCE, MemorandumStatus.RENEWED),
    )
    agreements = [
        one.parties
        for one in in_force.values()
        if any(organisation_id in (party["organisation_id"], party["part_of"]) for party in one.parties)
    ]
    employers = rules.employers(agreements)
    students = await _students(session, organisation_id, on, known_at)
    formula = (
        "employers (parties of kind business) of memoranda in force with the college or a part of it / students * 100; "
        f"students are the n of the latest {' or '.join(_TELL_STUDENTS)}"
    )
    return Derived(
        rules.percent(len(employers), students) if students else None,
        students,
        sorted(employer for employer in employers if isinstance(employer, UUID)),
        Explanation(formula, len(employers), unreported=int(students is None)),
    )


async def _students(session: AnySession, college: UUID, on: date, known_at: datetime | None) -> int | None:
    for code in _TELL_STUDENTS:
        found = await standing(session, code, [college], on=on, known_at=known_at)
        if found and found.n and found.n[0]:
            return found.n[0]
    return None


def _counted(found: Sequence[UUID], explanation: Explanation) -> Derived:
    return Derived(float(len(found)), len(found), list(found), explanation)


_Derivation = Callable[[AnySession, str | None, date, datetime | None], Awaitable[Derived]]
_OF_AREAS: Mapping[str, _Derivation] = {
    "REG_THREE_SHIFT_SCHOOLS": _three_shift_schools,
    "REG_NIS_LEADING_SCHOOLS": _leading_schools,
    "REG_SPONSOR_BUILT_SCHOOLS": _sponsor_built_schools,
    "REG_COL_DEMO_EXAM": _demonstration_exams,
}
CODES = frozenset(_OF_AREAS)
"""Indicators of areas that are computed, never reported."""
CODES_OF_ORGANISATIONS = frozenset({"COL_EMPLOYER_PARTNERS"})
"""The same of single organisations."""
