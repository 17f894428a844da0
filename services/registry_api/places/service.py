"""What is told of places: who learns in three shifts, where places are and will be missing, who is to teach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.construction import service as construction
from services.registry_api.derived import service as derived
from services.registry_api.indicators import service as indicators
from services.registry_api.places import repository, rules
from services.registry_api.places.repository import Reported
from shared.clock import day_in_kazakhstan
from shared.db.sessions import ReadSession
from shared.schemas.registry.places import DeficitQuery, StaffingQuery, ThreeShiftQuery, TrainingAnswer
from shared.schemas.training.coverage import CertifiedRead

ENROLMENT, LOAD, PRIMARY = "SCH_ENROLMENT", "SCH_LOAD_FACTOR", "SCH_PRIMARY_CLASS_COUNT"
"""Pupils as reported; else the load of the building times its capacity; class sets of grades 1 to 4."""
_MOST_AREAS = 1000
_MOST = 100_000
"""Neither pupils nor class sets of a school are more: a figure beyond is a mistake, and would drown a district."""
_METHOD = {
    "kk": "Оқушылар: SCH_ENROLMENT, ол болмаса SCH_LOAD_FACTOR · қуат / 100. Тапшылық: мектептер бойынша "
    "max(0, оқушылар − 2 · қуат) қосындысы. Болжам: барлық жылы есеп берген мектептердің сызықтық тренді (ең кіші "
    "квадраттар, 95 % аралық), өсім әр мектепке қолданылады; ашылатын мектептердің екі еселенген қуаты шегеріледі.",
    "ru": "Учащиеся: SCH_ENROLMENT, а где его нет — SCH_LOAD_FACTOR · мощность / 100. Дефицит: сумма по школам "
    "max(0, учащиеся − 2 · мощность). Прогноз: линейный тренд школ, отчитавшихся за все годы (наименьшие квадраты, "
    "интервал 95 %), рост применяется к каждой школе; вычитается удвоенная мощность открывающихся школ.",
    "en": "Pupils: SCH_ENROLMENT, or else SCH_LOAD_FACTOR · capacity / 100. Deficit: the sum over schools of "
    "max(0, pupils − 2 · capacity). Forecast: linear trend of the schools that reported every year (least squares, "
    "95 % interval), its growth laid on every school; twice the capacity of the schools that open is taken off.",
}
_RULE = {
    "kk": "Бірінші ашылатын мектеп бірінші алады: алдымен өз аумағынан, содан кейін өңірі ішінде кеңейте отырып; ешкім "
    "екі рет есептелмейді.",
    "ru": "Первой получает та, что откроется первой: сначала из своей территории, затем шире в пределах региона; никто "
    "не засчитан дважды.",
    "en": "The first to open is served first: from its own area, then wider within its region; nobody is given twice.",
}


@dataclass(slots=True)
class _School:
    """A school and its figures by year."""

    row: Reported
    pupils: dict[int, float] = field(default_factory=dict)
    loads: dict[int, float] = field(default_factory=dict)
    primary: dict[int, float] = field(default_factory=dict)

    def series(self) -> dict[int, float]:
        """Pupils by year: as reported, else by the load of the building."""
        capacity = self.row.design_capacity
        estimated = {} if capacity is None else {year: load * capacity / 100 for year, load in self.loads.items()}
        return {year: pupils for year, pupils in (estimated | self.pupils).items() if 0 <= pupils <= _MOST}


async def three_shift(session: ReadSession, query: ThreeShiftQuery, *, now: datetime) -> dict[str, Any]:
    """Schools of three shifts on a day, and those that have more pupils than two shifts hold."""
    on = query.as_of or day_in_kazakhstan(now)
    schools = await _schools(session, query.area, on=on, known_at=query.known_at)
    shifts = await derived.shifts_of(
        session, [school.row.organisation_id for school in schools], on=on, known_at=query.known_at
    )
    listed = [_shift_school(school, shifts[school.row.organisation_id]) for school in schools]
    in_three = [one for one in listed if (one["shift_count"] or 0) >= 3]
    slipping = [
        one
        for one in listed
        if (one["shift_count"] or 0) < 3
        and one["pupils"] is not None
        and one["design_capacity"] is not None
        and rules.deficit(one["pupils"], one["design_capacity"]) > 0
    ]
    return {
        "as_of": on,
        "area": query.area,
        "count": len(in_three),
        "target": 0,
        "met": not in_three,
        "schools": in_three,
        "slipping": slipping,
    }


async def deficit(session: ReadSession, query: DeficitQuery, *, now: datetime) -> dict[str, Any]:
    """Places that are missing now and in the school year of a day, by the areas right under the one asked for."""
    on = query.as_of or day_in_kazakhstan(now)
    until = max(query.until or on, on)
    schools = await _schools(session, query.area, on=on, known_at=query.known_at)
    due = await construction.due_by(session, until=until, on=on, area=query.area)
    codes = {school.row.area_code for school in schools if school.row.area_code}
    paths = await areas.paths(session, codes, on=on)
    groups: dict[str, list[rules.School]] = {}
    for school in schools:
        path = paths[school.row.area_code] if school.row.area_code else ()
        told = rules.School(school.row.design_capacity, school.series())
        groups.setdefault(_group(path, query.area), []).append(told)
    opening: dict[str, int] = {}
    for one in due:
        group = _group(one.area_path, query.area)
        opening[group] = opening.get(group, 0) + one.design_capacity
    names = await _names(session, query.area, {*groups, *opening}, on=on, known_at=query.known_at)
    year = rules.school_year(until)
    found = {
        code: rules.places(groups.get(code, []), year=year, opening_places=opening.get(code, 0))
        for code in sorted(names)
    }
    return {
        "as_of": on,
        "until": until,
        "method": _METHOD,
        "total": _places(None, None, rules.total(list(found.values()))),
        "areas": [_places(code, names[code], places) for code, places in found.items()],
    }


async def staffing(
    session: ReadSession, query: StaffingQuery, certified: CertifiedRead | None, *, now: datetime
) -> dict[str, Any]:
    """Trained teachers for the schools that open until a day.

    `certified` is what training said, asked before this transaction began; None when it could not be asked: then the
    report tells what is required and says that the rest is not known.
    """
    on = query.as_of or day_in_kazakhstan(now)
    due = await construction.due_by(session, until=query.until, on=on, area=query.area)
    needs = [
        rules.Need(
            one.area_path,
            rules.required_teachers(
                one.design_capacity,
                per_project=query.teachers_per_project,
                places_per_teacher=query.places_per_teacher,
            ),
        )
        for one in due
    ]
    required = sum(need.required for need in needs)
    drawn: Sequence[Mapping[str | None, int] | None] = [None] * len(due)
    if certified is not None:
        pools = [rules.Pool(area.area, tuple(area.area_path), area.teachers) for area in certified.areas]
        drawn = rules.allot(needs, pools)
    available = None if certified is None else sum(sum(one.values()) for one in drawn if one is not None)
    return {
        "as_of": on,
        "until": query.until,
        "training": TrainingAnswer.UNREACHABLE if certified is None else TrainingAnswer.ANSWERED,
        "certified": None if certified is None else certified.teachers,
        "required": required,
        "available": available,
        "gap": None if available is None else required - available,
        "rule": _RULE,
        "projects": [_staffed(one, need.required, given) for one, need, given in zip(due, needs, drawn, strict=True)],
    }


def _staffed(due: construction.Due, required: int, drawn: Mapping[str | None, int] | None) -> dict[str, Any]:
    available = None if drawn is None else sum(drawn.values())
    told = ("project_id", "reference", "name", "area", "opens_on", "design_capacity")
    return {
        **{name: getattr(due, name) for name in told},
        "required": required,
        "available": available,
        "gap": None if available is None else required - available,
        "drawn": [{"area": area, "teachers": teachers} for area, teachers in (drawn or {}).items()],
    }


async def _schools(session: ReadSession, area: str | None, *, on: date, known_at: datetime | None) -> list[_School]:
    inside = None if area is None else await areas.codes_under(session, area, on=on, known_at=known_at)
    kinds: dict[UUID, str] = {
        definition.id: code
        for (code, _), definition in (await indicators.versions(session, {ENROLMENT, LOAD, PRIMARY})).items()
    }
    schools: dict[UUID, _School] = {}
    for row in await repository.reported(session, on=on, known_at=known_at, areas=inside, indicators=sorted(kinds)):
        school = schools.setdefault(row.organisation_id, _School(row))
        if row.indicator_id is not None and row.year is not None and row.value is not None and 0 <= row.value <= _MOST:
            figures = {ENROLMENT: school.pupils, LOAD: school.loads, PRIMARY: school.primary}[kinds[row.indicator_id]]
            figures[row.year] = row.value
    return list(schools.values())


async def _names(
    session: ReadSession, area: str | None, needed: set[str], *, on: date, known_at: datetime | None
) -> dict[str, Any]:
    """The areas right under one (or the regions) by code, and those beside them in which there is something."""
    wanted = areas.Wanted(level=1) if area is None else areas.Wanted(parent=area)
    found = await areas.page(session, wanted, on=on, known_at=known_at, limit=_MOST_AREAS)
    names = {one["code"]: one["name"] for one in found[:_MOST_AREAS]}
    for code in sorted(needed - names.keys()):
        path = await areas.find_path(session, code, on=on, known_at=known_at) if code else []
        names[code] = path[-1]["name"] if path else None
    return names


def _group(path: Sequence[str], area: str | None) -> str:
    """The area of a path that lies right under `area`; `area` itself where nothing does."""
    if area is None:
        return path[0] if path else ""
    if area not in path:
        return area
    return path[min(list(path).index(area) + 1, len(path) - 1)]


def _shift_school(school: _School, shifts: float | None) -> dict[str, Any]:
    row, series = school.row, school.series()
    told = ("organisation_id", "setting", "design_capacity", "since")
    return {
        **{name: getattr(row, name) for name in told},
        "shift_count": None if shifts is None else round(shifts),
        "name": {"kk": row.name_kk, "ru": row.name_ru, "en": row.name_en},
        "area": row.area_code,
        "pupils": round(series[max(series)]) if series else None,
        "primary_classes": round(school.primary[max(school.primary)]) if school.primary else None,
    }


def _places(code: str | None, name: Any, found: rules.Places) -> dict[str, Any]:
    return {
        "area": code or None,
        "name": name,
        "schools": found.schools,
        "unknown": found.unknown,
        "pupils": round(found.pupils),
        "design_capacity": found.design_capacity,
        "places": rules.SHIFTS * found.design_capacity,
        "deficit": round(found.deficit),
        "years": list(found.years),
        "pupils_foreseen": _interval(found.pupils_foreseen),
        "opening_places": found.opening_places,
        "deficit_foreseen": _interval(found.deficit_foreseen),
    }


def _interval(found: rules.Interval) -> dict[str, float | None]:
    bounds = {"value": found.value, "low": found.low, "high": found.high}
    return {name: None if bound is None else round(bound, 1) for name, bound in bounds.items()}
