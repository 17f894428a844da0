"""What is done with study visits: entered, mended, and asked what they gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.patches import patched
from services.registry_api.projects import errors, rules
from services.registry_api.projects.models import StudyVisit, StudyVisitTeam
from services.registry_api.projects.repository import visits as repository
from services.registry_api.projects.repository.visits import Wanted
from services.registry_api.texts import spread, text
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.study_visits import (
    StudyVisitAttributes,
    StudyVisitCreate,
    StudyVisitRead,
    StudyVisitReportQuery,
    StudyVisitsQuery,
    StudyVisitUpdate,
)

_PLAIN = ("organiser_id", "country", "departs_on", "returns_on")
_TEXTS = ("city", "host", "purpose", "outcomes")


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit as a caller sees it."""

    document: dict[str, Any]
    version: int


async def enter(session: WriteSession, actor: Actor, asked: StudyVisitCreate, *, now: datetime) -> UUID:
    """Enter a visit; its id. Raises `ReturnBeforeDeparture`, `OrganisationUnknown`, `OutOfReach`."""
    known = await _check(session, actor, asked, now=now)
    visit = StudyVisit(
        id=new_id(), **_columns(asked), area_code=known[asked.organiser_id], created_at=now, updated_at=now
    )
    await repository.add(session, visit)
    await repository.replace_team(session, (), _team(visit.id, asked))
    await _tell(session, "study_visit.entered", visit, now=now)
    return visit.id


async def lock(session: WriteSession, visit_id: UUID) -> StudyVisit:
    """The visit, for a change. Raises `StudyVisitNotFound`."""
    visit = await repository.lock(session, visit_id)
    if visit is None:
        raise errors.StudyVisitNotFound()
    return visit


async def change(
    session: WriteSession, actor: Actor, visit: StudyVisit, patch: StudyVisitUpdate, *, now: datetime
) -> None:
    """Change what is told of a visit; what is so already changes nothing."""
    former = await repository.team(session, visit.id)
    asked = patched(StudyVisitAttributes, _document(visit, former), patch)
    await _check(session, actor, asked, now=now)
    after = _columns(asked)
    others = [(row.organisation_id, row.people) for row in former] != [
        (one.organisation_id, one.people) for one in asked.team
    ]
    if others:
        await repository.replace_team(session, former, _team(visit.id, asked))
    if others or any(getattr(visit, name) != value for name, value in after.items()):
        await repository.touch(session, visit, {**after, "updated_at": now})
        await _tell(session, "study_visit.changed", visit, now=now)


async def get(session: AnySession, visit_id: UUID, *, now: datetime) -> Seen:
    """A visit with its team. Raises `StudyVisitNotFound`."""
    visit = await repository.find(session, visit_id)
    if visit is None:
        raise errors.StudyVisitNotFound()
    return Seen(await _whole(session, visit, now=now), visit.version)


async def wanted_by(session: ReadSession, query: StudyVisitsQuery | StudyVisitReportQuery, *, now: datetime) -> Wanted:
    """The filters of a query, its area with all that lies in it."""
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=day_in_kazakhstan(now))
    return Wanted(
        country=query.country,
        areas=inside,
        participant_id=query.participant_id,
        since=query.since,
        until=query.until,
    )


async def page(
    session: ReadSession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Visits as `StudyVisitSummary` reads them, one more than `limit` if there are more."""
    rows = await repository.page(session, wanted, after=after, limit=limit + 1)
    names = await belonging.names(session, {row.organiser_id for row, _ in rows}, on=day_in_kazakhstan(now))
    return [_summary(row, people, names) for row, people in rows]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def report(session: ReadSession, wanted: Wanted) -> dict[str, Any]:
    """How many visits, people and organisations, and how many visits have their outcomes written down."""
    countries = [dict(row) for row in await repository.by_country(session, wanted)]
    return {
        **{name: sum(row[name] for row in countries) for name in ("visits", "people", "with_outcomes")},
        "visits_anywhere": await repository.count(session, replace(wanted, country=None)),
        "organisations": await repository.organisation_count(session, wanted),
        "countries": countries,
    }


async def _check(
    session: WriteSession, actor: Actor, asked: StudyVisitAttributes, *, now: datetime
) -> dict[UUID, str | None]:
    today = day_in_kazakhstan(now)
    named: dict[str, UUID | None] = {"/organiser_id": asked.organiser_id}
    named |= {f"/team/{place}/organisation_id": one.organisation_id for place, one in enumerate(asked.team)}
    known = await belonging.areas_of(session, named, on=today)
    await belonging.demand(session, actor, (known[asked.organiser_id], asked.organiser_id), on=today)
    rules.check_visit(asked.departs_on, asked.returns_on)
    return known


def _columns(asked: StudyVisitAttributes) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(asked, name) for name in _PLAIN}
    for outer in _TEXTS:
        found |= spread(outer, getattr(asked, outer))
    return found


def _team(visit_id: UUID, asked: StudyVisitAttributes) -> list[StudyVisitTeam]:
    return [
        StudyVisitTeam(
            id=new_id(), visit_id=visit_id, position=place, organisation_id=one.organisation_id, people=one.people
        )
        for place, one in enumerate(asked.team)
    ]


def _document(visit: StudyVisit, team: Sequence[StudyVisitTeam]) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(visit, name) for name in _PLAIN}
    found |= {outer: text(visit, outer) for outer in _TEXTS}
    found["team"] = [{"organisation_id": one.organisation_id, "people": one.people} for one in team]
    return {name: value for name, value in found.items() if value is not None}


async def _whole(session: AnySession, visit: StudyVisit, *, now: datetime) -> dict[str, Any]:
    team = await repository.team(session, visit.id)
    ids = {visit.organiser_id, *(one.organisation_id for one in team)}
    names = await belonging.names(session, ids, on=day_in_kazakhstan(now))
    return {
        **_summary(visit, sum(one.people for one in team), names),
        "team": [{"organisation": names[one.organisation_id], "people": one.people} for one in team],
        "purpose": text(visit, "purpose"),
        "version": visit.version,
    }


def _summary(visit: StudyVisit, people: int, names: Mapping[UUID | None, Any]) -> dict[str, Any]:
    return {
        **{name: getattr(visit, name) for name in ("id", "country", "departs_on", "returns_on")},
        "organiser": names[visit.organiser_id],
        "city": text(visit, "city"),
        "host": text(visit, "host"),
        "people": people,
        "outcomes": text(visit, "outcomes"),
    }


async def _tell(session: WriteSession, kind: str, visit: StudyVisit, *, now: datetime) -> None:
    await session.flush()
    told = StudyVisitRead.model_validate(await _whole(session, visit, now=now))
    await outbox.add(
        session,
        outbox.Event(
            kind=kind,
            subject="study_visit",
            subject_id=visit.id,
            data=told.model_dump(mode="json", exclude={"version"}),
            occurred_at=now,
        ),
    )
