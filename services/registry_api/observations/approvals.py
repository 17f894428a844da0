"""Steps in the life of a value: approved by another than who reported it, corrected, withdrawn; one or many."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.indicators import service as indicators
from services.registry_api.locks.errors import PeriodLocked
from services.registry_api.observations import life, revisions, rules, staging
from services.registry_api.observations import service as observations
from services.registry_api.observations.errors import (
    ObservationNotFound,
    ObservationsRefused,
    ObservationSuperseded,
    OwnReport,
    PeriodUnknown,
)
from services.registry_api.observations.models import Observation
from services.registry_api.organisations.service import scope as organisations
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError
from shared.schemas.registry.observation_life import (
    ObservationsApprove,
    ObservationsApproved,
    ObservationTransition,
)
from shared.schemas.registry.observations import ObservationStatus


async def get(session: AnySession, observation_id: UUID) -> dict[str, Any]:
    """One revision. Raises `ObservationNotFound`."""
    row = await _need(session, observation_id)
    return await _document(session, row)


async def history(session: AnySession, observation_id: UUID) -> list[dict[str, Any]]:
    """All revisions of what this one speaks of, oldest first. Raises `ObservationNotFound`."""
    rows = await revisions.all_of(session, await _need(session, observation_id))
    by_id = await indicators.by_id(session, {row.indicator_id for row in rows})
    return [observations.document(row, by_id[row.indicator_id]) for row in rows]


async def step(
    session: WriteSession, actor: Actor, observation_id: UUID, asked: ObservationTransition, now: datetime
) -> dict[str, Any]:
    """Approve, correct or withdraw a value that stands: a new revision; gives it.

    Raises `ObservationNotFound`, `ObservationSuperseded`, `StepRefused`, `OwnReport`, `PeriodLocked`,
    `ObservationsRefused`, `OutOfReach`.
    """
    seen = await _need(session, observation_id)
    wanted = ObservationStatus(asked.to)
    await _demand(session, actor, seen, wanted, now=now)
    await revisions.hold(session, [seen.indicator_id])
    row = await _need(session, observation_id)
    if row.recorded.upper is not None:
        raise ObservationSuperseded()
    life.check_step(ObservationStatus(row.status), wanted)
    if wanted in life.APPROVED_BY_ANOTHER and row.recorded_by == actor.subject:
        raise OwnReport()
    changes: dict[str, Any] = {"status": wanted.value}
    if asked.reason:
        changes["note"] = asked.reason
    if wanted is ObservationStatus.CORRECTED:
        changes |= {"value": asked.value, "missing_reason": None, "missing_code": None, "variance": None}
        changes["n"] = row.n if asked.n is None else asked.n
    definitions = await indicators.by_id(session, {row.indicator_id})
    await staging.begin(session)
    await staging.add_standing(session, [observation_id], changes)
    try:
        await observations.settle(session, now, definitions=definitions.values(), recorded_by=actor.subject)
    except (PeriodLocked, ObservationsRefused) as problem:
        problem.errors = tuple(FieldError("", error.code, error.message) for error in problem.errors)
        raise
    (outcome,) = await staging.outcomes(session)
    return await get(session, outcome.id)


async def approve(
    session: WriteSession, actor: Actor, asked: ObservationsApprove, now: datetime
) -> ObservationsApproved:
    """Make final what others reported: all of it, or nothing where one of the periods is locked or a rule is broken.

    Raises `IndicatorsUnknown`, `PeriodUnknown`, `AreaUnknown`, `PeriodLocked`, `ObservationsRefused`, `OutOfReach`.
    """
    today = day_in_kazakhstan(now)
    period = rules.period(asked.period)
    if period is None:
        raise PeriodUnknown(pointer="/period")
    await indicators.in_force(session, [asked.indicator], period.last, pointer="/indicator")
    versions = await indicators.versions(session, [asked.indicator])
    definitions = {definition.id: definition for definition in versions.values()}
    area = asked.area
    if area is None and not actor.reaches(None, None, scope=Scope.REGISTRY_APPROVE):
        area = actor.area
    if area is not None:
        await areas.require(session, area, since=period.first)
    path = None if area is None else await areas.codes_above(session, area, on=today)
    actor.demand(Scope.REGISTRY_APPROVE, path)
    inside = None if area is None else await areas.codes_under(session, area, on=today)
    await revisions.hold(session, definitions)
    ids, own = await revisions.waiting(
        session,
        indicators=list(definitions),
        period=period.text,
        areas=inside,
        organisation=asked.organisation_id,
        source=asked.source_system,
        subject=actor.subject,
        on=today,
    )
    if ids:
        await staging.begin(session)
        await staging.add_standing(session, ids, {"status": ObservationStatus.FINAL.value})
        try:
            await observations.settle(session, now, definitions=definitions.values(), recorded_by=actor.subject)
        except (PeriodLocked, ObservationsRefused) as problem:
            problem.errors = tuple(FieldError("", error.code, error.message) for error in problem.errors[:1])
            raise
    return ObservationsApproved(approved=len(ids), reported_by_caller=own)


async def _need(session: AnySession, observation_id: UUID) -> Observation:
    row = await revisions.find(session, observation_id)
    if row is None:
        raise ObservationNotFound()
    return row


async def _demand(
    session: AnySession, actor: Actor, row: Observation, wanted: ObservationStatus, *, now: datetime
) -> None:
    today = day_in_kazakhstan(now)
    area = row.area_code
    if row.organisation_id is not None:
        brief = (await organisations.briefly(session, [row.organisation_id], on=today)).get(row.organisation_id)
        area = brief.area if brief else None
    path = None if area is None else await areas.codes_above(session, area, on=today)
    needed = Scope.REGISTRY_APPROVE if wanted in life.SETTLED else Scope.REGISTRY_WRITE
    actor.demand(needed, path, row.organisation_id)


async def _document(session: AnySession, row: Observation) -> dict[str, Any]:
    by_id = await indicators.by_id(session, {row.indicator_id})
    return observations.document(row, by_id[row.indicator_id])
