"""Scores of persons, participants and those who waited alike; nobody gets them back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.batches import BatchRefused, fault
from services.training_api.educators import service as educators
from services.training_api.impact import errors, repository
from services.training_api.impact.models import OutcomeMeasure
from services.training_api.impact.repository import Key
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Known
from shared import audit
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import FieldError, Problem
from shared.ids import new_id
from shared.schemas.training.ids import OutcomeMeasureId
from shared.schemas.training.impact import (
    OutcomeBatchCreate,
    OutcomeBatchTaken,
    OutcomeMeasureCreate,
    OutcomeMeasureTaken,
)


async def record(
    session: WriteSession, actor: Actor, body: OutcomeMeasureCreate, *, now: datetime
) -> OutcomeMeasureTaken:
    """Keep one score. Raises `MeasuredUnknown`, `OutOfReach`, `MeasureToCome`, `MeasureExists`."""
    workplace = (await educators.workplaces(session, [body.educator_id])).get(body.educator_id)
    if workplace is None:
        raise errors.MeasuredUnknown(pointer="/educator_id")
    await organisations.demand(session, actor, Scope.TRAINING_ENROL, workplace)
    if body.taken_on > day_in_kazakhstan(now):
        raise errors.MeasureToCome(pointer="/taken_on")
    if await repository.there(session, [_key(body)]):
        raise errors.MeasureExists(pointer="/taken_on")
    measure = OutcomeMeasure(**_row(body, workplace, now))
    session.add(measure)
    await session.flush()
    return OutcomeMeasureTaken(id=OutcomeMeasureId(measure.id))


async def record_many(
    session: WriteSession, actor: Actor, body: OutcomeBatchCreate, *, now: datetime
) -> OutcomeBatchTaken:
    """Keep many scores: all of them or, if one is wrong, none. Raises `BatchRefused` with every fault."""
    workplaces = await educators.workplaces(session, {row.educator_id for row in body.measures})
    known = await organisations.find_many(session, set(workplaces.values()))
    there = await repository.there(session, [_key(row) for row in body.measures])
    faults: list[FieldError] = []
    for number, row in enumerate(body.measures):
        problem = _wrong(row, actor, workplaces, known, there, today=day_in_kazakhstan(now))
        if problem is not None:
            faults.append(fault("measures", number, *problem))
        there.add(_key(row))
    if faults:
        raise BatchRefused(faults)
    await repository.add_many(session, [_row(row, workplaces[row.educator_id], now) for row in body.measures])
    await audit.note(
        session, action="create", resource_type="outcome_measure", resource_id="batch", rows=len(body.measures)
    )
    return OutcomeBatchTaken(added=len(body.measures))


def _wrong(
    row: OutcomeMeasureCreate,
    actor: Actor,
    workplaces: Mapping[UUID, UUID],
    known: Mapping[UUID, Known],
    there: set[Key],
    *,
    today: date,
) -> tuple[str, Problem] | None:
    workplace = workplaces.get(row.educator_id)
    if workplace is None:
        return "educator_id", errors.MeasuredUnknown()
    organisation = known.get(workplace)
    if organisation is None or not actor.reaches(organisation.area_path, workplace, scope=Scope.TRAINING_ENROL):
        return "educator_id", OutOfReach()
    if row.taken_on > today:
        return "taken_on", errors.MeasureToCome()
    if _key(row) in there:
        return "taken_on", errors.MeasureExists()
    return None


def _key(row: OutcomeMeasureCreate) -> Key:
    return row.educator_id, row.instrument, row.taken_on


def _row(row: OutcomeMeasureCreate, workplace: UUID, now: datetime) -> dict[str, Any]:
    return {"id": new_id(), "organisation_id": workplace, "recorded_at": now, **row.model_dump()}
