"""Checks of everything against all rules: asked for, carried out as a job, told as a trend."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.indicators import service as indicators
from services.registry_api.observations import breaches, guards
from services.registry_api.observations.breaches import Breach
from services.registry_api.quality import rules
from services.registry_api.quality.models import QualityRun
from services.registry_api.quality.repository import checks as repository
from services.registry_api.quality.repository import duplicates
from services.registry_api.quality.repository.checks import Seen
from services.registry_api.validation import service as validation
from services.registry_api.validation.service import Rule
from shared import jobs, outbox
from shared.auth import Actor
from shared.clock import KAZAKHSTAN, day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.quality import RunFigures, RunsQuery

CHECK = "quality.check"
"""The kind of job."""
_NIGHT_ENDS_HOUR = 2


async def ask(session: WriteSession, actor: Actor, indicator: str | None, *, now: datetime) -> QualityRun:
    """Ask for a check, which a job carries out. Raises `IndicatorsUnknown`."""
    if indicator is not None:
        await indicators.in_force(session, [indicator], day_in_kazakhstan(now), pointer="/indicator")
    run = await _enqueue(session, occasion="asked", indicator=indicator, now=now, actor=actor)
    assert run is not None, "only nights are counted"
    return run


async def ask_nightly(session: WriteSession, *, now: datetime) -> UUID | None:
    """Ask for the check of this night, once; None while the night is young, when it has been, or without any data."""
    local = now.astimezone(KAZAKHSTAN)
    if local.hour < _NIGHT_ENDS_HOUR or await repository.had_nightly(session, local.date()):
        return None
    if not await repository.there_is_anything(session):
        return None
    run = await _enqueue(session, occasion="nightly", indicator=None, now=now, actor=None)
    return run.job_id if run is not None else None


async def carry_out(session: WriteSession, run_id: UUID, *, now: datetime) -> QualityRun | None:
    """Check everything, or one indicator, and write down what was found; None if that has been done."""
    await repository.begin(session)
    run = await repository.run(session, run_id, for_update=True)
    if run is None or run.finished_at is not None:
        return None
    asked = [rule for rule in await validation.every(session) if _is_about(rule, run.indicator)]
    ids = await guards.ids_of(session, asked)
    seen: list[Seen] = []
    for rule in asked:
        found = await breaches.find(session, rule, ids, staged=False)
        by_id = await indicators.by_id(session, {breach.indicator_id for breach in found})
        codes = {one: definition.code for one, definition in by_id.items()}
        seen += await asyncio.to_thread(_all_seen, rule, found, codes, run.indicator)
    day = day_in_kazakhstan(now)
    opened, resolved = await repository.merge(session, seen, indicator=run.indicator, day=day, now=now)
    if run.indicator is None:
        await duplicates.look(session, day=day, now=now)
    figures = RunFigures(opened=opened, resolved=resolved, **await repository.figures(session))
    run.finished_at, run.figures = now, figures.model_dump()
    await outbox.add(
        session,
        outbox.Event(
            kind="quality.checked", subject="quality_run", subject_id=run.id, data={"day": str(run.day), **run.figures}
        ),
    )
    return run


async def page(
    session: AnySession, query: RunsQuery, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 checks, newest first."""
    return [document(row) for row in await repository.runs(session, query, after=after, limit=limit + 1)]


async def count(session: AnySession, query: RunsQuery) -> int:
    """How many there were."""
    return await repository.count_runs(session, query)


def document(run: QualityRun) -> dict[str, Any]:
    """A check as `RunRead` reads it."""
    names = ("id", "day", "occasion", "indicator", "started_at", "finished_at", "job_id", "figures")
    return {name: getattr(run, name) for name in names}


async def _enqueue(
    session: WriteSession, *, occasion: str, indicator: str | None, now: datetime, actor: Actor | None
) -> QualityRun | None:
    run_id = await repository.add_run(
        session, day=day_in_kazakhstan(now), occasion=occasion, indicator=indicator, now=now
    )
    if run_id is None:
        return None
    job_id = await jobs.enqueue(session, kind=CHECK, arguments={"run_id": str(run_id)}, now=now, actor=actor)
    run = await repository.run(session, run_id)
    assert run is not None
    run.job_id = job_id
    await session.flush()
    return run


def _is_about(rule: Rule, indicator: str | None) -> bool:
    return indicator is None or not rule.indicators or indicator in rule.indicators


def _all_seen(rule: Rule, found: Sequence[Breach], codes: Mapping[UUID, str], indicator: str | None) -> list[Seen]:
    return [
        _seen(rule, breach, codes[breach.indicator_id])
        for breach in found
        if indicator in (None, codes[breach.indicator_id])
    ]


def _seen(rule: Rule, breach: Breach, code: str) -> Seen:
    return Seen(
        fingerprint=rules.fingerprint(
            rule.code, breach.organisation_id, breach.area_code, code, breach.period, breach.source_system
        ),
        rule=rule.code,
        severity=rule.severity.value,
        organisation_id=breach.organisation_id,
        area_code=breach.area_code,
        indicator=code,
        period=breach.period,
        source_system=breach.source_system,
        observation_id=breach.id,
        value=breach.value,
        low=breach.low,
        high=breach.high,
    )
