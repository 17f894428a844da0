"""Persons and documents: how many were taught, in which groups, and where they work."""

from datetime import date, datetime

from services.training_api import disclosure
from services.training_api.coverage import errors, repository
from services.training_api.coverage.repository import Group, Selection, Taught
from services.training_api.organisations import service as organisations
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.training.coverage import (
    AreaCertified,
    CertifiedQuery,
    CertifiedRead,
    CoverageGroup,
    CoverageQuery,
    CoverageRead,
    TypeCoverage,
)

_REGION = "0000000"
"""How the codes of regions end."""
_TOTAL = "total"


def demand_wide(area: str | None, *, outside: int, is_one_workplace: bool = False) -> None:
    """Raise `SelectionTooNarrow` if persons for whom the caller is not responsible are asked for by less than a
    region: parts of a region are shown only beside its other parts, where what has to be hidden is hidden."""
    if outside and (is_one_workplace or (area is not None and not area.endswith(_REGION))):
        raise errors.SelectionTooNarrow(pointer="?organisation_id" if is_one_workplace else "?area")


async def coverage(session: AnySession, actor: Actor, query: CoverageQuery, *, now: datetime) -> CoverageRead:
    """Persons and documents: who has two certificates counts once. Raises `SelectionTooNarrow`."""
    as_of = query.as_of or day_in_kazakhstan(now)
    reach = organisations.reach(actor, Scope.TRAINING_READ)
    rows = await repository.taught(
        session,
        as_of=as_of,
        since=query.since,
        area=query.area,
        cohort_id=query.cohort_id,
        programme_code=query.programme_code,
        reach=reach,
    )
    total = next(row for row in rows if row.is_total)
    demand_wide(query.area, outside=total.outside)
    if total.outside and disclosure.is_small(total.teachers):
        raise errors.SelectionTooNarrow
    employed, groups = await _groups(session, query, as_of=as_of, reach=reach) if query.by else (None, None)
    return CoverageRead(
        teachers=total.teachers,
        certificates=total.certificates,
        organisations=total.organisations,
        mean_per_organisation=total.teachers / total.organisations if total.organisations else None,
        by_type=_by_type(total, [row for row in rows if not row.is_total]),
        employed=employed,
        groups=groups,
        as_of=as_of,
    )


def _by_type(total: Taught, rows: list[Taught]) -> list[TypeCoverage]:
    """Types whose figures are not for the caller are left out."""
    cells = {row.organisation_type or "": (row.teachers,) for row in rows}
    known = [row.organisation_type or "" for row in rows if not row.outside] + ([] if total.outside else [_TOTAL])
    hidden = disclosure.hidden({**cells, _TOTAL: (total.teachers,)}, [(_TOTAL, list(cells))], known=known)
    return [
        TypeCoverage(
            organisation_type=row.organisation_type,
            teachers=row.teachers,
            certificates=row.certificates,
            organisations=row.organisations,
        )
        for row in rows
        if (row.organisation_type or "") not in hidden
    ]


async def _groups(
    session: AnySession, query: CoverageQuery, *, as_of: date, reach: organisations.Reach
) -> tuple[CoverageGroup, list[CoverageGroup]]:
    assert query.by is not None
    wanted = Selection(
        as_of=as_of,
        reach=reach,
        area=query.area,
        since=query.since,
        cohort_id=query.cohort_id,
        programme_code=query.programme_code,
    )
    found = await repository.groups(session, wanted, by=query.by)
    total = next((one for one in found if one.is_total), Group(True, None, 0, 0, 0, 0, 0, 0))
    demand_wide(query.area, outside=total.outside)
    parts = [one for one in found if not one.is_total]
    cells = {_cell(one): _persons(one) for one in [total, *parts]}
    hidden = disclosure.hidden(
        cells,
        [(_cell(total), [_cell(one) for one in parts])],
        known=[_cell(one) for one in [total, *parts] if not one.outside],
    )
    return _group(total, hidden=_cell(total) in hidden), [_group(one, hidden=_cell(one) in hidden) for one in parts]


def _cell(one: Group) -> tuple[bool, str]:
    return one.is_total, one.key or ""


def _persons(one: Group) -> tuple[int, ...]:
    return one.teachers, one.upskilled, one.teachers - one.upskilled, one.taught, one.never


def _group(one: Group, *, hidden: bool) -> CoverageGroup:
    if hidden:
        figures = dict.fromkeys(("teachers", "upskilled", "share", "taught", "certificates", "never"))
        return CoverageGroup.model_validate({"key": one.key, "suppressed": True, **figures})
    return CoverageGroup(
        key=one.key,
        teachers=one.teachers,
        upskilled=one.upskilled,
        share=100 * one.upskilled / one.teachers if one.teachers else None,
        taught=one.taught,
        certificates=one.certificates,
        never=one.never,
        suppressed=False,
    )


async def certified(session: AnySession, actor: Actor, query: CertifiedQuery, *, now: datetime) -> CertifiedRead:
    """How many certified teachers work where: each person once, at the main workplace.

    Two such counts with different filters tell of single persons, so the areas must be within the caller's reach:
    raises `OutOfReach`.
    """
    as_of = query.as_of or day_in_kazakhstan(now)
    rows = await repository.certified(
        session,
        as_of=as_of,
        area=query.area,
        subject=query.subject,
        programme_code=query.programme_code,
        source=query.source,
    )
    for row in rows:
        actor.demand(Scope.TRAINING_READ, row.area_path)
    return CertifiedRead(
        teachers=sum(row.teachers for row in rows),
        areas=[AreaCertified(area=row.area, area_path=row.area_path, teachers=row.teachers) for row in rows],
        as_of=as_of,
    )
