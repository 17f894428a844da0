"""Objecting to what a preview says, deciding upon it, and what follows from the decision."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.appeals import repository
from services.rating_engine.appeals.errors import (
    AppealExists,
    AppealNotFound,
    AppealsNotForeseen,
    AppealStepRefused,
    AppealWindowClosed,
    IndicatorNotOfMethodology,
    NotAnsweringForOrganisation,
)
from services.rating_engine.appeals.models import Appeal, AppealStep
from services.rating_engine.appeals.rules import ANSWER_DAYS, MACHINE, OPEN
from services.rating_engine.runs import service as runs
from services.rating_engine.runs import stages
from services.rating_engine.runs.rules import sight
from services.rating_engine.runs.service import Run
from services.rating_engine.working_days import service as working_days
from shared import outbox
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.ids import new_id
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.rating.appeals import (
    AppealAction,
    AppealCreate,
    AppealDecision,
    AppealQuery,
    AppealRead,
    AppealState,
    Correction,
)
from shared.schemas.rating.stages import RunStage

_COMPUTED_HERE = frozenset({"text", "overdue", "allowed_actions", "refused_actions"})


def shown(appeal: Appeal, *, now: datetime) -> AppealRead:
    """The appeal as a body, with what may be done to it now and why not the rest."""
    state = AppealState(appeal.state)
    return AppealRead.model_validate(
        {
            **{name: getattr(appeal, name) for name in AppealRead.model_fields if name not in _COMPUTED_HERE},
            "text": appeal.argument,
            "overdue": state in OPEN and appeal.answer_due_at <= now,
            "allowed_actions": MACHINE.commands(state),
            "refused_actions": [
                RefusedAction(action=one.action, code=one.code, message=TextOut(**one.message._asdict()))
                for one in MACHINE.refusals(state)
            ],
        }
    )


async def submit(session: WriteSession, actor: Actor, asked: AppealCreate, *, now: datetime) -> Appeal:
    """Object, within the window, to what the preview says of an organisation one answers for."""
    run = await stages.locked(session, asked.run_id)
    result = await runs.result(session, run.id, asked.organisation_id)
    _demand_reach(actor, result.area_path, result.organisation_id)
    _demand_window(run, now)
    if asked.indicator is not None and asked.indicator not in result.indicators:
        raise IndicatorNotOfMethodology(pointer="/indicator")
    if await repository.is_open(session, run.id, result.organisation_id, asked.indicator):
        raise AppealExists
    appeal = Appeal(
        id=new_id(),
        run_id=run.id,
        organisation_id=result.organisation_id,
        organisation=dict(result.name),
        area_path=list(result.area_path),
        indicator=asked.indicator,
        ground=asked.ground.value,
        argument=asked.text,
        evidence=list(asked.evidence),
        state=AppealState.SUBMITTED.value,
        submitted_at=now,
        answer_due_at=await working_days.due(session, now=now, days=ANSWER_DAYS),
        reason=None,
        corrections=[],
        created_at=now,
        updated_at=now,
    )
    session.add(appeal)
    await session.flush()
    await _remember(session, appeal, AppealAction.SUBMIT, None, None, now)
    await stages.count_appeal(session, run, 1, now=now)
    await _announce(session, appeal, "appeal.submitted")
    return appeal


async def review(session: WriteSession, appeal_id: UUID, *, comment: str | None, now: datetime) -> Appeal:
    """Somebody has taken it up."""
    _, appeal = await _locked(session, appeal_id)
    await _move(session, appeal, AppealAction.REVIEW, AppealState.IN_REVIEW, comment, now)
    await _announce(session, appeal, "appeal.taken_up")
    return appeal


async def decide(session: WriteSession, appeal_id: UUID, decision: AppealDecision, *, now: datetime) -> Appeal:
    """Uphold it, wholly or in part, or reject it. What is upheld is put right in another run: this one is not
    published any more."""
    run, appeal = await _locked(session, appeal_id)
    result = await runs.result(session, run.id, appeal.organisation_id)
    for place, one in enumerate(decision.corrections):
        if one.indicator not in result.indicators:
            raise IndicatorNotOfMethodology(pointer=f"/corrections/{place}/indicator")
    _demand(appeal, AppealAction.DECIDE)
    appeal.reason = decision.reason.model_dump()
    appeal.corrections = [one.model_dump(mode="json") for one in decision.corrections]
    appeal.decided_by, appeal.decided_at = authorship(session).subject, now
    await _move(session, appeal, AppealAction.DECIDE, AppealState(decision.outcome.value), None, now)
    await stages.count_appeal(session, run, -1, now=now)
    if decision.corrections:
        await stages.owe(
            session,
            run,
            appeal_id=appeal.id,
            organisation_id=appeal.organisation_id,
            corrections=decision.corrections,
            now=now,
        )
    await _announce(session, appeal, "appeal.decided", corrections=appeal.corrections)
    return appeal


async def withdraw(
    session: WriteSession, actor: Actor, appeal_id: UUID, *, comment: str | None, now: datetime
) -> Appeal:
    """The organisation objects no longer."""
    run, appeal = await _locked(session, appeal_id)
    _demand_sight(actor, appeal)
    _demand_reach(actor, appeal.area_path, appeal.organisation_id)
    _demand(appeal, AppealAction.WITHDRAW)
    appeal.decided_at = now
    await _move(session, appeal, AppealAction.WITHDRAW, AppealState.WITHDRAWN, comment, now)
    await stages.count_appeal(session, run, -1, now=now)
    await _announce(session, appeal, "appeal.withdrawn")
    return appeal


async def get(session: AnySession, actor: Actor, appeal_id: UUID) -> Appeal:
    """One appeal; `AppealNotFound` also for one out of the caller's reach."""
    appeal = await repository.get(session, appeal_id)
    if appeal is None:
        raise AppealNotFound
    _demand_sight(actor, appeal)
    return appeal


async def page(
    session: AnySession,
    actor: Actor,
    query: AppealQuery,
    *,
    now: datetime,
    after: Sequence[Any] | None,
) -> Sequence[Appeal]:
    """One appeal more than the page holds, if there are so many; the oldest first."""
    return await repository.page(session, query, sight=sight(actor), now=now, after=after, limit=query.limit + 1)


async def count(session: AnySession, actor: Actor, query: AppealQuery, *, now: datetime) -> int:
    """How many there are within the caller's reach."""
    return await repository.count(session, query, sight=sight(actor), now=now)


async def steps(session: AnySession, actor: Actor, appeal_id: UUID) -> Sequence[AppealStep]:
    """The history of an appeal within the caller's reach."""
    return await repository.steps(session, (await get(session, actor, appeal_id)).id)


async def disputed(session: AnySession, run_id: UUID) -> Mapping[UUID, Collection[str]]:
    """By organisation, the indicators against whose values an appeal is open."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for organisation_id, indicator in await repository.disputed(session, run_id):
        found[organisation_id].append(indicator)
    return found


async def of_organisation(session: AnySession, run_id: UUID, organisation_id: UUID) -> Sequence[Appeal]:
    """What was objected to in the name of one organisation, the oldest first."""
    return await repository.of_organisation(session, run_id, organisation_id)


def may_be_made(run: Run, *, now: datetime) -> bool:
    """Whether the window is open."""
    return run.stage == RunStage.PREVIEW and run.appeals_until is not None and now < run.appeals_until


async def _locked(session: WriteSession, appeal_id: UUID) -> tuple[Run, Appeal]:
    """The run first, then the appeal: always in this order, so that no two transactions wait for one another."""
    named = await repository.get(session, appeal_id)
    if named is None:
        raise AppealNotFound
    run = await stages.locked(session, named.run_id)
    appeal = await repository.get_for_change(session, appeal_id)
    assert appeal is not None, "appeals are not deleted"
    return run, appeal


def _demand_window(run: Run, now: datetime) -> None:
    if run.appeal_days is None:
        raise AppealsNotForeseen
    if not may_be_made(run, now=now):
        raise AppealWindowClosed(stage=run.stage, until=run.appeals_until.isoformat() if run.appeals_until else None)


def _demand_reach(actor: Actor, area_path: Sequence[str], organisation_id: UUID) -> None:
    """Whoever may write the organisation's data may object in its name; readers and raters may not."""
    if not actor.reaches(area_path, organisation_id, scope=Scope.REGISTRY_WRITE):
        raise NotAnsweringForOrganisation


def _demand_sight(actor: Actor, appeal: Appeal) -> None:
    if not actor.reaches(appeal.area_path, appeal.organisation_id, scope=Scope.RATING_READ):
        raise AppealNotFound


def _demand(appeal: Appeal, action: AppealAction) -> None:
    if not MACHINE.allows(action, AppealState(appeal.state)):
        states = ", ".join(sorted(state for state in MACHINE.before(action) if state))
        raise AppealStepRefused(state=appeal.state, states=states)


async def _move(
    session: WriteSession, appeal: Appeal, action: AppealAction, to: AppealState, comment: str | None, now: datetime
) -> None:
    _demand(appeal, action)
    before, appeal.state, appeal.updated_at = appeal.state, to.value, now
    await session.flush()
    await _remember(session, appeal, action, before, comment, now)


async def _remember(
    session: WriteSession, appeal: Appeal, action: AppealAction, before: str | None, comment: str | None, now: datetime
) -> None:
    session.add(
        AppealStep(
            appeal_id=appeal.id,
            number=await repository.next_step(session, appeal.id),
            action=action.value,
            from_state=before,
            to_state=appeal.state,
            actor=authorship(session).subject,
            comment=comment,
            recorded_at=now,
        )
    )
    await session.flush()


async def _announce(
    session: WriteSession, appeal: Appeal, kind: str, *, corrections: Sequence[Any] | None = None
) -> None:
    """Who objects to what and how it stands; words, evidence and persons stay where they are."""
    data: dict[str, Any] = {
        "run_id": str(appeal.run_id),
        "organisation_id": str(appeal.organisation_id),
        "indicator": appeal.indicator,
        "ground": appeal.ground,
        "state": appeal.state,
    }
    if corrections is not None:
        data["corrections"] = [Correction.model_validate(one).model_dump(mode="json") for one in corrections]
    await outbox.add(session, outbox.Event(kind=kind, subject="appeal", subject_id=appeal.id, data=data))
