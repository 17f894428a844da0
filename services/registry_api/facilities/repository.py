"""Every SQL statement about standards, rooms, assessments and gaps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    Date,
    DateTime,
    Integer,
    Numeric,
    Text,
    TextClause,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy import literal as _literal
from sqlalchemy.dialects.postgresql import Range

from services.registry_api.facilities.models import Facility, FacilityAssessment, FacilityStandard
from services.registry_api.facilities.rules import Requirement
from shared.db import bitemporal, keyset
from shared.db.sessions import AnySession, WriteSession

STANDARD_KEYS = (keyset.Key(FacilityStandard.code.expression), keyset.Key(FacilityStandard.version.expression))
ASSESSMENT_KEYS = (keyset.Key(FacilityAssessment.id.expression),)
_FACILITY_KEYS = (keyset.Key(Facility.id.expression),)
_STANDARDS_LOCK = 0x66616369


@dataclass(frozen=True, slots=True)
class Among:
    """Which organisations, on which day, as known when."""

    on: date
    known_at: datetime | None = None
    types: Sequence[str] | None = ("school",)
    kind: str | None = None
    areas: Sequence[str] | None = None
    setting: str | None = None
    programme: str | None = None
    without_programme: str | None = None
    organisations: Sequence[UUID] | None = None

    def values(self) -> dict[str, Any]:
        """The parameters of a statement."""
        return {
            "on": self.on,
            **({} if self.known_at is None else {"known_at": self.known_at}),
            "types": self.types and list(self.types),
            "org_kind": self.kind,
            "areas": None if self.areas is None else list(self.areas),
            "setting": self.setting,
            "programme": self.programme,
            "without_programme": self.without_programme,
            "organisations": None if self.organisations is None else list(self.organisations),
        }


async def lock_standards(session: WriteSession) -> None:
    """Let one transaction at a time add versions."""
    await session.execute(select(func.pg_advisory_xact_lock(_STANDARDS_LOCK)))


async def standard(session: AnySession, code: str, version: int | None) -> FacilityStandard | None:
    """One version, or the latest."""
    query = select(FacilityStandard).where(FacilityStandard.code == code).order_by(FacilityStandard.version.desc())
    if version is not None:
        query = query.where(FacilityStandard.version == version)
    return (await session.scalars(query.limit(1))).one_or_none()


async def standards(
    session: AnySession, *, code: str | None, after: Sequence[Any] | None, limit: int
) -> Sequence[FacilityStandard]:
    """Versions in the order of codes and versions."""
    query = select(FacilityStandard).order_by(*keyset.order_by(STANDARD_KEYS)).limit(limit)
    if code is not None:
        query = query.where(FacilityStandard.code == code)
    if after is not None:
        query = query.where(keyset.after(STANDARD_KEYS, after))
    return (await session.scalars(query)).all()


async def standards_by_id(session: AnySession, ids: Collection[UUID]) -> dict[UUID, FacilityStandard]:
    """Versions by their ids."""
    query = select(FacilityStandard).where(FacilityStandard.id == func.any(_literal(list(ids))))
    return {row.id: row for row in await session.scalars(query)}


async def add(session: WriteSession, row: FacilityStandard | FacilityAssessment) -> None:
    session.add(row)
    await session.flush()


async def settle(
    session: WriteSession, row: Facility, *, opened_on: date, closed_on: date | None, now: datetime
) -> None:
    """From the first day on there are these rooms, whatever was held before; from the last on there are none."""
    row.valid = Range(opened_on, None)
    await bitemporal.replace(session, row, ("organisation_id", "kind"), now=now)
    if closed_on is not None:
        owner = {"organisation_id": row.organisation_id, "kind": row.kind}
        await bitemporal.end(session, Facility, owner, valid_from=closed_on, now=now)


async def rooms(
    session: AnySession, organisation_id: UUID, *, on: date, known_at: datetime | None = None
) -> Sequence[Facility]:
    """What an organisation has on a day, by kind."""
    query = select(Facility).where(
        Facility.organisation_id == organisation_id, bitemporal.as_of(Facility, on, known_at)
    )
    return (await session.scalars(query.order_by(Facility.kind))).all()


async def reaching(session: AnySession, organisations: Collection[UUID], *, since: date) -> Sequence[Facility]:
    """Rooms of these organisations that are there on a day or later, by kind and organisation and time."""
    query = select(Facility).where(
        Facility.organisation_id == func.any(_literal(list(organisations))), bitemporal.during(Facility, since, None)
    )
    order = (Facility.kind, Facility.organisation_id, func.lower(Facility.valid))
    return (await session.scalars(query.order_by(*order))).all()


async def end(session: WriteSession, organisation_id: UUID, kind: str, *, on: date, now: datetime) -> None:
    """From that day on there are no such rooms."""
    owner = {"organisation_id": organisation_id, "kind": kind}
    await bitemporal.end(session, Facility, owner, valid_from=on, now=now)


async def begin(session: WriteSession, row: Facility, *, first: date, until: date | None, now: datetime) -> None:
    """There are these rooms in a period in which none were told of."""
    row.valid = Range(first, until)
    await bitemporal.record(session, row, now=now)


async def recorded_at(session: AnySession, moment: datetime) -> list[tuple[UUID, str]]:
    """Whose rooms of which kind were told of anew at exactly that moment."""
    query = (
        select(Facility.organisation_id, Facility.kind)
        .where(or_(func.lower(Facility.recorded) == moment, func.upper(Facility.recorded) == moment))
        .distinct()
        .order_by(Facility.organisation_id, Facility.kind)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def take_back(
    session: WriteSession, organisation_id: UUID, kind: str, *, recorded_at: datetime, now: datetime
) -> None:
    """What was told of these rooms at that moment is told no longer. Raises `NewerStandsError`."""
    owner = {"organisation_id": organisation_id, "kind": kind}
    await bitemporal.take_back(session, Facility, owner, recorded_at=recorded_at, now=now)


async def facilities(
    session: AnySession,
    *,
    on: date,
    known_at: datetime | None,
    organisation_id: UUID | None,
    areas: Sequence[str] | None,
    kind: str | None,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Facility]:
    """Rooms on a day, by id."""
    query = select(Facility).where(bitemporal.as_of(Facility, on, known_at))
    if organisation_id is not None:
        query = query.where(Facility.organisation_id == organisation_id)
    if kind is not None:
        query = query.where(Facility.kind == kind)
    if areas is not None:
        inside = text(_IN_AREAS).bindparams(
            bindparam("inside", list(areas), type_=ARRAY(Text)), bindparam("inside_on", on, type_=Date)
        )
        query = query.where(inside)
    if after is not None:
        query = query.where(keyset.after(_FACILITY_KEYS, after))
    return (await session.scalars(query.order_by(*keyset.order_by(_FACILITY_KEYS)).limit(limit))).all()


async def assessments(
    session: AnySession,
    *,
    organisation_id: UUID | None,
    code: str | None,
    assessment_id: UUID | None = None,
    after: Sequence[Any] | None = None,
    limit: int = 1,
) -> list[tuple[FacilityAssessment, FacilityStandard]]:
    """Assessments, each with the version it was made by, by id."""
    query = (
        select(FacilityAssessment, FacilityStandard)
        .join(FacilityStandard, FacilityStandard.id == FacilityAssessment.standard_id)
        .order_by(*keyset.order_by(ASSESSMENT_KEYS))
        .limit(limit)
    )
    if organisation_id is not None:
        query = query.where(FacilityAssessment.organisation_id == organisation_id)
    if code is not None:
        query = query.where(FacilityStandard.code == code)
    if assessment_id is not None:
        query = query.where(FacilityAssessment.id == assessment_id)
    if after is not None:
        query = query.where(keyset.after(ASSESSMENT_KEYS, after))
    return [(row[0], row[1]) for row in await session.execute(query)]


async def capacity(session: AnySession, organisation_id: UUID, *, on: date) -> int | None:
    """The design capacity of an organisation on a day."""
    row = (await session.execute(_CAPACITY, {"id": organisation_id, "on": on})).first()
    return None if row is None else row.design_capacity


# Tables of organisations are named here as text: a gap list joins them to rooms, and asked piece by piece it would be
# one question for each of 8,000 schools.
_IN_AREAS = """
    facilities.organisation_id IN (
        SELECT organisation_id FROM organisation_states
        WHERE upper_inf(recorded) AND valid @> :inside_on AND area_code = ANY (:inside)
    )
"""
_CAPACITY = text(
    """
    SELECT design_capacity FROM organisation_states
    WHERE organisation_id = :id AND upper_inf(recorded) AND valid @> CAST(:on AS date)
    """
).bindparams(bindparam("id", type_=Uuid), bindparam("on", type_=Date))


def _known(alias: str, *, as_known: bool) -> str:
    # Two statements instead of one condition, because only `upper_inf(recorded)` in so many words finds the indexes
    # that are made for what is believed now.
    return f"{alias}.recorded @> CAST(:known_at AS timestamptz)" if as_known else f"upper_inf({alias}.recorded)"


def _gaps(*, as_known: bool) -> str:
    return f"""
    WITH required AS MATERIALIZED (
        SELECT * FROM unnest(
            CAST(:steps AS integer[]), CAST(:kinds AS text[]), CAST(:groups AS text[]), CAST(:counts AS integer[]),
            CAST(:costs AS numeric[])
        ) AS listed (step, kind, grp, needed, unit_cost)
    ), schools AS (
        SELECT state.organisation_id, state.name_kk, state.name_ru, state.name_en, state.area_code,
            state.design_capacity,
            (CAST(:bounds AS integer[]))[least(
                cardinality(CAST(:bounds AS integer[])),
                1 + width_bucket(coalesce(state.design_capacity, 1) - 1, CAST(:bounds AS integer[]))
            )] AS step,
            EXISTS (
                SELECT FROM facilities AS room WHERE room.organisation_id = state.organisation_id
                    AND room.valid @> CAST(:on AS date) AND {_known("room", as_known=as_known)}
            ) AS surveyed
        FROM organisation_states AS state
        WHERE state.valid @> CAST(:on AS date) AND {_known("state", as_known=as_known)}
            AND state.status IN ('open', 'closing')
            AND (CAST(:types AS text[]) IS NULL OR state.type = ANY (:types))
            AND (CAST(:org_kind AS text) IS NULL OR state.kind = :org_kind)
            AND (CAST(:areas AS text[]) IS NULL OR state.area_code = ANY (:areas))
            AND (CAST(:setting AS text) IS NULL OR state.setting = :setting)
            AND (CAST(:programme AS text) IS NULL OR :programme = ANY (state.programme_tags))
            AND (CAST(:without_programme AS text) IS NULL OR NOT :without_programme = ANY (state.programme_tags))
            AND (CAST(:organisations AS uuid[]) IS NULL OR state.organisation_id = ANY (:organisations))
    ), gaps AS (
        SELECT schools.organisation_id, schools.name_kk, schools.name_ru, schools.name_en, schools.area_code,
            schools.design_capacity, schools.surveyed, required.kind, required.grp, required.needed,
            coalesce(room.count, 0) AS present, required.needed - coalesce(room.count, 0) AS missing,
            required.unit_cost
        FROM schools
        JOIN required ON required.step = schools.step
        LEFT JOIN facilities AS room ON room.organisation_id = schools.organisation_id AND room.kind = required.kind
            AND room.valid @> CAST(:on AS date) AND {_known("room", as_known=as_known)}
        WHERE coalesce(room.count, 0) < required.needed
    )
    """  # noqa: S608 # no word of a caller is in it


def _statements(sql: str, *more: BindParameter[Any]) -> dict[bool, TextClause]:
    """The statement for what is believed now, and the one for what was believed at a moment."""
    given: tuple[BindParameter[Any], ...] = (
        bindparam("on", type_=Date),
        bindparam("types", type_=ARRAY(Text)),
        bindparam("org_kind", type_=Text),
        bindparam("areas", type_=ARRAY(Text)),
        bindparam("setting", type_=Text),
        bindparam("programme", type_=Text),
        bindparam("without_programme", type_=Text),
        bindparam("organisations", type_=ARRAY(Uuid)),
        bindparam("bounds", type_=ARRAY(Integer)),
        bindparam("steps", type_=ARRAY(Integer)),
        bindparam("kinds", type_=ARRAY(Text)),
        bindparam("groups", type_=ARRAY(Text)),
        bindparam("counts", type_=ARRAY(Integer)),
        bindparam("costs", type_=ARRAY(Numeric)),
        *more,
    )
    moment = bindparam("known_at", type_=DateTime(timezone=True))
    return {
        False: text(f"{_gaps(as_known=False)} {sql}").bindparams(*given),
        True: text(f"{_gaps(as_known=True)} {sql}").bindparams(*given, moment),
    }


_FILTER = """
    WHERE (CAST(:only_kind AS text) IS NULL OR :only_kind IN (kind, grp))
        AND (CAST(:only_surveyed AS boolean) IS NULL OR surveyed = :only_surveyed)
"""
_FILTERS = (bindparam("only_kind", type_=Text), bindparam("only_surveyed", type_=Boolean))
_AFTER = """
        AND organisation_id >= CAST(:after_id AS uuid)
        AND (organisation_id, kind COLLATE "C") > (:after_id, :after_kind)
"""
_PAGE = _statements(
    f"""
    SELECT * FROM gaps {_FILTER} {_AFTER} ORDER BY organisation_id, kind COLLATE "C" LIMIT :most
    """,  # noqa: S608 # no word of a caller is in it
    *_FILTERS,
    bindparam("after_id", type_=Uuid),
    bindparam("after_kind", type_=Text),
    bindparam("most", type_=Integer),
)
_COUNT = _statements(f"SELECT count(*) FROM gaps {_FILTER}", *_FILTERS)  # noqa: S608 # no word of a caller is in it
_BY_KIND = _statements(
    """
    SELECT kind, count(*) AS organisations, count(DISTINCT organisation_id) AS lacking,
        count(*) FILTER (WHERE NOT surveyed) AS of_them_not_surveyed,
        sum(missing) AS missing, sum(missing) FILTER (WHERE unit_cost IS NOT NULL) AS priced,
        CASE WHEN min(unit_cost) = max(unit_cost) AND count(unit_cost) = count(*) THEN min(unit_cost) END AS unit_cost,
        CASE WHEN count(unit_cost) = count(*) THEN sum(missing * unit_cost) END AS cost
    FROM gaps GROUP BY GROUPING SETS ((kind), ()) ORDER BY kind
    """
)
_SCHOOLS = _statements("SELECT count(*) AS organisations, count(*) FILTER (WHERE surveyed) AS surveyed FROM schools")
_BEFORE_ALL = (UUID(int=0), "")
"""A position before every gap."""


async def gaps(
    session: AnySession,
    among: Among,
    required: Sequence[Requirement],
    *,
    kind: str | None,
    surveyed: bool | None,
    after: tuple[UUID, str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """What is missing, by organisation and kind."""
    after_id, after_kind = after or _BEFORE_ALL
    values = {"only_kind": kind, "only_surveyed": surveyed, "after_id": after_id, "after_kind": after_kind}
    rows = await session.execute(
        _PAGE[among.known_at is not None], {**among.values(), **_columns(required), **values, "most": limit}
    )
    return [dict(row) for row in rows.mappings()]


async def count_gaps(
    session: AnySession, among: Among, required: Sequence[Requirement], *, kind: str | None, surveyed: bool | None
) -> int:
    """How many there are."""
    values = {**among.values(), **_columns(required), "only_kind": kind, "only_surveyed": surveyed}
    return int((await session.execute(_COUNT[among.known_at is not None], values)).scalar_one())


async def gaps_by_kind(
    session: AnySession, among: Among, required: Sequence[Requirement]
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """How many organisations were looked at, and what they lack of each kind."""
    values = {**among.values(), **_columns(required)}
    as_known = among.known_at is not None
    schools = (await session.execute(_SCHOOLS[as_known], values)).mappings().one()
    rows = [dict(row) for row in (await session.execute(_BY_KIND[as_known], values)).mappings()]
    lacking = next(row["lacking"] for row in rows if row["kind"] is None)
    return {**schools, "conforming": schools["organisations"] - lacking}, [
        row for row in rows if row["kind"] is not None
    ]


def _columns(required: Sequence[Requirement]) -> dict[str, list[Any]]:
    return {
        "bounds": sorted({one.step for one in required}),
        "steps": [one.step for one in required],
        "kinds": [one.kind for one in required],
        "groups": [one.group for one in required],
        "counts": [one.count for one in required],
        "costs": [one.unit_cost for one in required],
    }
