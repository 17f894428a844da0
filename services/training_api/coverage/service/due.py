"""Whose window of the norm ends, who is out of it, and where they work."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.training_api import disclosure
from services.training_api.coverage import repository, rules
from services.training_api.coverage.repository import Due, Named, Selection, Workplace
from services.training_api.coverage.rules import LevelTable
from services.training_api.coverage.service.documents import demand_wide
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.training.due import (
    DueArea,
    DueEducator,
    DueEducatorQuery,
    DueMonth,
    DueQuery,
    DueRead,
    DueSelection,
    DueWorkplace,
    DueWorkplaceQuery,
    NormCounts,
    NormInForce,
)

_FIGURES = ("teachers", "met", "due", "out", "uncounted", "never")
_LAST = date(2200, 12, 31)


def selection(query: DueSelection, reach: Reach, *, now: datetime) -> Selection:
    """What a query asks for, the days spelt out."""
    as_of = query.as_of or day_in_kazakhstan(now)
    return Selection(
        as_of=as_of,
        until=min(as_of + timedelta(days=query.days), _LAST),
        reach=reach,
        area=query.area,
        organisation_id=query.organisation_id,
        organisation_type=query.organisation_type,
        subject=query.subject,
    )


async def report(session: AnySession, actor: Actor, query: DueQuery, *, now: datetime) -> DueRead:
    """Counts by district and by month. Raises `SelectionTooNarrow`."""
    wanted = selection(query, organisations.reach(actor, Scope.TRAINING_READ), now=now)
    found = await repository.due(session, wanted)
    norm = await repository.norm(session, wanted)
    table = rules.level_table(wanted.as_of)
    total = next((one for one in found if one.what == "total"), Due("total", None, 0, 0, 0, 0, 0, 0, 0))
    demand_wide(query.area, outside=total.outside, is_one_workplace=query.organisation_id is not None)
    areas = [one for one in found if one.what == "area"]
    # Those without a month do not meet the norm; the months add up to those who do.
    months = [one for one in found if one.what == "month" and one.key is not None]
    hidden = _hidden(total, areas, months)
    return DueRead(
        as_of=wanted.as_of,
        until=wanted.until or wanted.as_of,
        norm=NormInForce(
            rule=norm.rule if norm else None,
            min_hours=norm.min_hours if norm else None,
            window_months=norm.window_months if norm else None,
            level_rule=table.code if table else None,
        ),
        total=NormCounts.model_validate(_counts(total, table, hidden=("total", None) in hidden)),
        areas=[
            DueArea.model_validate(
                {"area": one.key, **_counts(one, table, hidden=(one.what, one.key) in hidden)},
            )
            for one in areas
        ],
        months=[
            DueMonth(
                month=one.key or "",
                teachers=None if (one.what, one.key) in hidden else one.teachers,
                suppressed=(one.what, one.key) in hidden,
            )
            for one in months
        ],
    )


def _hidden(total: Due, areas: Sequence[Due], months: Sequence[Due]) -> frozenset[tuple[str, str | None]]:
    cells: dict[tuple[str, str | None], tuple[int, ...]] = {
        (one.what, one.key): (one.teachers, one.met, one.due, one.out, one.uncounted, one.never, one.teachers - one.met)
        for one in [total, *areas]
    }
    # Of a month only one figure is told, which is a part of what the total tells as met.
    cells |= {(one.what, one.key): (one.teachers,) for one in months}
    sums: list[tuple[tuple[str, str | None], list[tuple[str, str | None]]]] = [
        (("total", None), [(part.what, part.key) for part in parts]) for parts in (areas, months) if parts
    ]
    known = [(one.what, one.key) for one in [total, *areas, *months] if not one.outside]
    return disclosure.hidden(cells, sums, known=known)


async def workplaces(
    session: AnySession, actor: Actor, query: DueWorkplaceQuery, *, after: UUID | None, now: datetime
) -> list[DueWorkplace]:
    """Workplaces within the caller's reach, in the order of their ids. Raises `PersonalDataOutOfReach`."""
    wanted = selection(query, organisations.sight(actor), now=now)
    table = rules.level_table(wanted.as_of)
    found = await repository.workplaces(session, wanted, after=after, limit=query.limit)
    return [_workplace(one, table) for one in found]


async def workplaces_count(session: AnySession, actor: Actor, query: DueWorkplaceQuery, *, now: datetime) -> int:
    """How many there are."""
    return await repository.workplaces_count(session, selection(query, organisations.sight(actor), now=now))


async def educators(
    session: AnySession, actor: Actor, query: DueEducatorQuery, *, after: Sequence[Any] | None, now: datetime
) -> list[tuple[DueEducator, Sequence[object]]]:
    """Teachers within the caller's reach with the keys of their places, who wait longest first.

    Raises `PersonalDataOutOfReach`.
    """
    wanted = selection(query, organisations.sight(actor), now=now)
    found = await repository.named(session, wanted, state=query.state, after=after, limit=query.limit)
    return [(_educator(one), (one.place, one.educator_id)) for one in found]


async def educators_count(session: AnySession, actor: Actor, query: DueEducatorQuery, *, now: datetime) -> int:
    """How many there are."""
    wanted = selection(query, organisations.sight(actor), now=now)
    return await repository.named_count(session, wanted, state=query.state)


def _counts(one: Due | Workplace, table: LevelTable | None, *, hidden: bool) -> dict[str, Any]:
    if hidden:
        return {**dict.fromkeys((*_FIGURES, "share", "level")), "suppressed": True}
    return {
        **{name: getattr(one, name) for name in _FIGURES},
        "share": 100 * one.met / one.teachers if one.teachers else None,
        "level": rules.level(table, one.met, one.teachers),
        "suppressed": False,
    }


def _workplace(one: Workplace, table: LevelTable | None) -> DueWorkplace:
    return DueWorkplace.model_validate(
        {
            "organisation_id": one.organisation_id,
            "name": {"kk": one.name_kk, "ru": one.name_ru, "en": one.name_en},
            "type": one.type,
            "area": one.area,
            **_counts(one, table, hidden=False),
        }
    )


def _educator(one: Named) -> DueEducator:
    def parts(language: str) -> dict[str, str | None] | None:
        family, given = getattr(one, f"family_{language}"), getattr(one, f"given_{language}")
        if family is None or given is None:
            return None
        return {"family": family, "given": given, "patronymic": getattr(one, f"patronymic_{language}")}

    kk, ru = parts("kk"), parts("ru")
    return DueEducator.model_validate(
        {
            "educator_id": one.educator_id,
            "name": {"kk": kk, "ru": ru} if kk or ru else None,
            "organisation_id": one.organisation_id,
            "subjects": one.subjects,
            "category": one.category,
            "state": one.state,
            "last_on": one.last_on,
            "expires_on": one.out_on,
        }
    )
