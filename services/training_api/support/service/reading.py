"""Reading support plans, what is due, and how many have one."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.training_api.organisations import service as organisations
from services.training_api.support import errors, repository, rules
from services.training_api.support.models import SupportPlan
from services.training_api.support.repository import Counted, Due
from services.training_api.support.rules import Done
from shared.auth import Actor
from shared.db.sessions import AnySession
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.training.support import (
    EvidenceRead,
    RubricCriterion,
    SupportPlanDetail,
    SupportPlanQuery,
    SupportPlanRead,
    SupportStepRead,
    SupportVisitRead,
)
from shared.schemas.training.support_reports import (
    CriterionProgress,
    SupportProgress,
    SupportReport,
    SupportReportQuery,
    SupportRow,
    VisitDue,
    VisitsDueQuery,
)

_LISTED = frozenset(SupportPlanRead.model_fields) - frozenset(Done.__slots__) - {"allowed_actions", "refused_actions"}


async def get(session: AnySession, actor: Actor, plan_id: UUID) -> SupportPlanDetail:
    """One plan with visits and evidence; `SupportPlanNotFound` also for those out of reach."""
    return await detail(session, await seen(session, actor, plan_id))


async def page(
    session: AnySession, actor: Actor, query: SupportPlanQuery, *, after: Sequence[Any] | None
) -> list[SupportPlanRead]:
    """Plans within the caller's reach, the oldest first."""
    plans = await repository.page(session, query, organisations.sight(actor), after=after)
    done = await repository.done(session, [plan.id for plan in plans]) if plans else {}
    return [SupportPlanRead.model_validate(_fields(plan, done[plan.id])) for plan in plans]


async def count(session: AnySession, actor: Actor, query: SupportPlanQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor))


async def steps(session: AnySession, actor: Actor, plan_id: UUID) -> list[SupportStepRead]:
    """All steps of a plan, from the first."""
    await seen(session, actor, plan_id)
    return [SupportStepRead.model_validate(step) for step in await repository.steps(session, plan_id)]


async def progress(session: AnySession, actor: Actor, plan_id: UUID) -> SupportProgress:
    """What changed between the first visit and the last, criterion by criterion."""
    plan = await seen(session, actor, plan_id)
    rubric = await repository.rubric(session, plan.rubric_id)
    assert rubric is not None
    names = {one.code: one.name for one in (RubricCriterion.model_validate(raw) for raw in rubric.criteria)}
    held = await repository.held(session, plan_id)
    if len(held) < 2:
        return SupportProgress(first_on=None, last_on=None, criteria=[], mean_change=None)
    changes = rules.progress(list(names), held[0].scores or {}, held[-1].scores or {})
    return SupportProgress(
        first_on=held[0].held_on,
        last_on=held[-1].held_on,
        criteria=[
            CriterionProgress(
                code=one.code,
                name=TextOut.model_validate(names[one.code]),
                first=one.first,
                last=one.last,
                change=one.change,
            )
            for one in changes
        ],
        mean_change=sum(one.change for one in changes) / len(changes),
    )


async def due(
    session: AnySession, actor: Actor, query: VisitsDueQuery, *, today: date, after: Sequence[Any] | None
) -> list[VisitDue]:
    """Visits that should have been held by the day, the oldest first."""
    on = query.as_of or today
    found = await repository.due(session, query, organisations.sight(actor), on=on, after=after)
    return [_due(one, on) for one in found]


async def count_due(session: AnySession, actor: Actor, query: VisitsDueQuery, *, today: date) -> int:
    """How many there are."""
    return await repository.count_due(session, query, organisations.sight(actor), on=query.as_of or today)


async def report(session: AnySession, query: SupportReportQuery, *, today: date) -> SupportReport:
    """Of those owed support, how many have a plan. Figures without names, so for every reader."""
    as_of = query.as_of or today
    rows = await repository.report(
        session, by=query.by, programme_code=query.programme_code, cohort_id=query.cohort_id, as_of=as_of
    )
    *items, total = rows
    return SupportReport(
        by=query.by, items=[_row(one, one.key or "—") for one in items], total=_row(total, "total"), as_of=as_of
    )


async def seen(session: AnySession, actor: Actor, plan_id: UUID) -> SupportPlan:
    """The plan, if the caller may see who it is about. Raises `SupportPlanNotFound`."""
    reach = organisations.sight(actor)
    plan = await repository.find(session, plan_id)
    if plan is None:
        raise errors.SupportPlanNotFound
    workplace = (await organisations.find_many(session, [plan.organisation_id])).get(plan.organisation_id)
    if not reach.covers(workplace.area_path if workplace else [], plan.organisation_id):
        raise errors.SupportPlanNotFound
    return plan


async def detail(session: AnySession, plan: SupportPlan) -> SupportPlanDetail:
    """The plan as a body, with visits and evidence."""
    done = (await repository.done(session, [plan.id]))[plan.id]
    visits = [SupportVisitRead.model_validate(one) for one in await repository.visits(session, plan.id)]
    evidence = [
        EvidenceRead.model_validate(
            {
                **{name: getattr(one, name) for name in EvidenceRead.model_fields if name != "added_at"},
                "added_at": one.created_at,
            }
        )
        for one in await repository.evidence(session, plan.id)
    ]
    return SupportPlanDetail.model_validate({**_fields(plan, done), "visits": visits, "evidence": evidence})


def _fields(plan: SupportPlan, done: Done) -> dict[str, Any]:
    return {
        **{name: getattr(plan, name) for name in _LISTED},
        **{name: getattr(done, name) for name in Done.__slots__},
        "allowed_actions": rules.allowed(plan.status, done),
        "refused_actions": [
            RefusedAction(action=one.action, code=one.code, message=TextOut(**one.message._asdict()))
            for one in rules.refused(plan.status, done)
        ],
    }


def _due(found: Due, on: date) -> VisitDue:
    return VisitDue.model_validate(
        {
            **{name: getattr(found, name) for name in Due.__slots__},
            "days_late": (on - found.planned_on).days,
        }
    )


def _row(counted: Counted, key: str) -> SupportRow:
    return SupportRow(
        key=key,
        owed=counted.owed,
        planned=counted.planned,
        running=counted.running,
        completed=counted.completed,
        share=counted.planned / counted.owed if counted.owed else None,
    )
