"""Moving runs towards the public, one stage at a time, each move by the table and into the history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.runs import repository, rules
from services.rating_engine.runs.errors import (
    CorrectionOutstanding,
    CorrectionTooEarly,
    NothingToCorrect,
    NotInPreview,
    RunNotFinished,
    RunNotFound,
    RunStepRefused,
)
from services.rating_engine.runs.models import Run, RunCorrection, RunStep
from services.rating_engine.runs.rules import MACHINE, PUBLIC, Sight, Situation
from services.rating_engine.working_days import service as working_days
from shared import outbox
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.rating.appeals import Correction, Remedy
from shared.schemas.rating.runs import RunRead
from shared.schemas.rating.stages import RunAction, RunStage

_COMPUTED_HERE = frozenset({"allowed_actions", "refused_actions"})
Cell = tuple[UUID, str]
"""An organisation and an indicator."""


def shown(run: Run, *, now: datetime) -> RunRead:
    """The run as a body, with what may be done to it now and why not the rest."""
    situation = _situation(run)
    return RunRead.model_validate(
        {
            **{name: getattr(run, name) for name in RunRead.model_fields if name not in _COMPUTED_HERE},
            "allowed_actions": rules.allowed(situation, now=now),
            "refused_actions": [
                RefusedAction(action=one.action, code=one.code, message=TextOut(**one.message._asdict()))
                for one in rules.refused(situation, now=now)
            ],
        }
    )


async def locked(session: WriteSession, run_id: UUID) -> Run:
    """A run that has a result, locked until the transaction ends; raises `RunNotFound` and `RunNotFinished`."""
    run = await repository.get_for_change(session, run_id)
    if run is None:
        raise RunNotFound
    if run.status != "succeeded":
        raise RunNotFinished(status=run.status)
    return run


def demand_computable(run: Run) -> None:
    """Raises `RunStepRefused` when it has a result, or will never have one."""
    _demand(run, RunAction.COMPUTE)


async def computed(session: WriteSession, run: Run, *, now: datetime) -> None:
    """The run has a result."""
    await _move(session, run, RunAction.COMPUTE, RunStage.COMPUTED, None, now)


async def check(session: WriteSession, run_id: UUID, *, comment: str | None, now: datetime) -> Run:
    """Somebody has looked at the run; whether it is somebody other than who asked for it is kept with it."""
    run = await locked(session, run_id)
    run.checked_by_another = authorship(session).subject != run.requested_by
    await _move(session, run, RunAction.CHECK, RunStage.CHECKED, comment, now)
    return run


async def preview(session: WriteSession, run_id: UUID, *, comment: str | None, now: datetime) -> Run:
    """From now on each organisation sees itself, and may object where the methodology foresees it."""
    run = await locked(session, run_id)
    _demand(run, RunAction.PREVIEW)
    run.preview_opened_at = now
    if run.appeal_days is not None:
        run.appeals_until = await working_days.due(session, now=now, days=run.appeal_days)
    await _move(session, run, RunAction.PREVIEW, RunStage.PREVIEW, comment, now)
    until = run.appeals_until.isoformat() if run.appeals_until else None
    await _announce(session, run, "run.preview_opened", {"appeals_until": until})
    return run


async def withdraw(session: WriteSession, run_id: UUID, *, reason: str, now: datetime) -> Run:
    """The run will not be published."""
    run = await locked(session, run_id)
    await _move(session, run, RunAction.WITHDRAW, RunStage.WITHDRAWN, reason, now)
    await _announce(session, run, "run.withdrawn", {})
    return run


async def demand_publishable(session: WriteSession, run: Run, *, code: str, waived: bool, now: datetime) -> None:
    """Raise what stands between the run and the public: its stage, its window, its appeals, a correction owed."""
    _demand(run, RunAction.PUBLISH)
    for problem in rules.obstacles(_situation(run), now=now, waived=waived):
        raise problem
    owing = await repository.awaiting_correction(session, code=code, period=run.period)
    if owing and not set(owing) & set(await _forebears(session, run)):
        raise CorrectionOutstanding(run_id=str(owing[0]))
    last = await repository.last_correction(session, code=code, period=run.period)
    if last is not None and run.created_at < last:
        raise CorrectionTooEarly


async def publish(session: WriteSession, run: Run, *, code: str, now: datetime) -> None:
    """The run is before the public; what it corrects is corrected, and what else of the rating and period was owed: it
    was asked for after the last decision, and heeds them all."""
    await _move(session, run, RunAction.PUBLISH, RunStage.PUBLISHED, None, now)
    owing = await repository.awaiting_correction(session, code=code, period=run.period)
    for corrected in {*await _forebears(session, run), *owing}:
        before = await repository.get_for_change(session, corrected)
        if before is not None and before.corrected_by is None:
            before.corrected_by, before.updated_at = run.id, now
    await session.flush()


async def supersede(session: WriteSession, run_id: UUID, *, now: datetime) -> None:
    """Another run has taken its place."""
    await _move(session, await locked(session, run_id), RunAction.SUPERSEDE, RunStage.SUPERSEDED, None, now)


async def steps(session: AnySession, run_id: UUID) -> Sequence[RunStep]:
    """The history of a run, from its first step."""
    return await repository.steps(session, run_id)


async def count_appeal(session: WriteSession, run: Run, change: int, *, now: datetime) -> None:
    """One more appeal against the run is open, or one fewer."""
    run.open_appeals += change
    run.updated_at = now
    await session.flush()


async def owe(
    session: WriteSession,
    run: Run,
    *,
    appeal_id: UUID,
    organisation_id: UUID,
    corrections: Sequence[Correction],
    now: datetime,
) -> None:
    """A decision asks for another run; this one is not published any more."""
    run.needs_correction, run.updated_at = True, now
    session.add_all(
        RunCorrection(
            appeal_id=appeal_id,
            indicator=one.indicator,
            run_id=run.id,
            organisation_id=organisation_id,
            remedy=one.remedy.value,
            decided_at=now,
        )
        for one in corrections
    )
    await session.flush()


async def correctable(session: AnySession, run_id: UUID, *, code: str, period: str) -> UUID:
    """The run to be corrected, if decisions ask for it; raises `NothingToCorrect`."""
    if not await repository.may_be_corrected(session, run_id, code=code, period=period):
        raise NothingToCorrect
    return run_id


async def invalidated(session: AnySession, *, code: str, period: str) -> Collection[Cell]:
    """The values of a rating and period that decisions upon appeals have taken out."""
    return await repository.corrected_cells(session, code=code, period=period, remedy=Remedy.INVALIDATE)


def seen_of(run: Run, actor: Actor) -> Sight:
    """Of which organisations the caller sees what the run says; raises `NotInPreview` before anybody outside does."""
    sight = Sight(is_whole=True) if run.stage in PUBLIC else rules.sight(actor)
    if not sight.is_whole and run.stage != RunStage.PREVIEW:
        raise NotInPreview(stage=run.stage)
    return sight


async def _forebears(session: AnySession, run: Run) -> list[UUID]:
    """The runs it corrects: the one it names, the one that one names, and so on."""
    found: list[UUID] = []
    named = run.corrects
    while named is not None and named not in found:
        found.append(named)
        before = await repository.get(session, named)
        named = before.corrects if before else None
    return found


def _situation(run: Run) -> Situation:
    return Situation(RunStage(run.stage), run.appeal_days, run.appeals_until, run.open_appeals, run.needs_correction)


def _demand(run: Run, action: RunAction) -> None:
    if not MACHINE.allows(action, RunStage(run.stage)):
        states = ", ".join(sorted(state for state in MACHINE.before(action) if state))
        raise RunStepRefused(stage=run.stage, states=states)


async def _move(
    session: WriteSession, run: Run, action: RunAction, to: RunStage, comment: str | None, now: datetime
) -> None:
    _demand(run, action)
    before, run.stage, run.updated_at = run.stage, to.value, now
    session.add(
        RunStep(
            run_id=run.id,
            number=await repository.next_step(session, run.id),
            action=action.value,
            from_stage=before,
            to_stage=to.value,
            actor=authorship(session).subject,
            comment=comment,
            recorded_at=now,
        )
    )
    await session.flush()


async def _announce(session: WriteSession, run: Run, kind: str, data: Mapping[str, Any]) -> None:
    told = {"methodology_id": str(run.methodology_id), "period": run.period, "stage": run.stage, **data}
    await outbox.add(session, outbox.Event(kind=kind, subject="run", subject_id=run.id, data=told))
