"""The jobs of allocations: solve one; apply one, whole or not at all."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training_api.allocations import errors, repository, rules, service
from services.training_api.allocations.assembling import Assembled, assemble
from services.training_api.allocations.explaining import Explained
from services.training_api.allocations.gathering import Facts, gather
from services.training_api.allocations.models import Allocation, AllocationPerson
from services.training_api.allocations.solver import Solution, Stopped, solve
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.service import Applicant
from services.training_api.seats.service import SeatLocking
from shared import clock
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.errors import FieldError, Problem
from shared.jobs import Handler, JobCancelled, JobContext, JobOutcome
from shared.schemas.training.allocations import AllocationAction as Action
from shared.schemas.training.allocations import AllocationStatus as Status
from shared.schemas.training.enrolments import Command, EnrolmentCreate, EnrolmentRead, EnrolmentStatus, TransferCommand


def handlers() -> dict[str, Handler]:
    """The kinds of job this capability carries out."""
    return {service.SOLVE: _solve, service.APPLY: _apply}


async def _solve(context: JobContext) -> JobOutcome:
    """Look everything up, decide outside of any transaction, write the answers down."""
    allocation_id = UUID(context.arguments["allocation_id"])
    now = clock.now()
    try:
        async with context.writing() as session:
            allocation = await _find(session, allocation_id)
            if allocation.status is not Status.QUEUED:
                return _outcome(allocation)
            facts = await gather(session, allocation, now=now)
            session.expunge_all()  # the rows are read later, outside of this transaction
        context.progress(0.2)
        assembled, solution = await _decide(context, facts)
    except Problem:
        async with context.writing() as session:
            allocation = await _find(session, allocation_id)
            allocation.status, allocation.updated_at = Status.FAILED, now
        raise
    context.progress(0.8)
    rows, result = await asyncio.to_thread(_explain, facts, assembled, solution)
    async with context.writing() as session:
        allocation = await _find(session, allocation_id)
        if allocation.status is not Status.QUEUED:
            return _outcome(allocation)
        await repository.answer(session, allocation_id, rows)
        allocation.status, allocation.solved_at, allocation.updated_at = Status.SOLVED, now, now
        allocation.placed, allocation.result, allocation.seats = len(solution.assignment), result, facts.seats()
        await service.tell(session, allocation, kind="allocation.solved")
        outcome = _outcome(allocation)
        await context.finish_in(session, outcome)
    return outcome


async def _decide(context: JobContext, facts: Facts) -> tuple[Assembled, Solution]:
    seconds = float(facts.question.limits.seconds)

    def work() -> tuple[Assembled, Solution]:
        assembled = assemble(facts)
        return assembled, solve(assembled.case, seconds=seconds, stop=context.cancelled)

    try:
        return await asyncio.to_thread(work)
    except Stopped:
        raise JobCancelled from None


def _explain(
    facts: Facts, assembled: Assembled, solution: Solution
) -> tuple[list[dict[str, object]], dict[str, object]]:
    explained = Explained(facts, assembled, solution)
    rows = explained.rows()
    return rows, explained.result(rows)


async def _apply(context: JobContext) -> JobOutcome:
    """Give every person placed the seat, in one transaction. Raises `AllocationStale` if anything has changed."""
    actor = service.actor_of(context.arguments["subject"], context.arguments["reach"])
    now = clock.now()
    async with context.writing() as session:
        allocation = await _find(session, UUID(context.arguments["allocation_id"]))
        if allocation.status is Status.APPLIED:
            return _outcome(allocation)
        if not rules.MACHINE.allows(Action.APPLY, allocation.status):
            raise errors.NotSolved(status=allocation.status)
        facts = await gather(session, allocation, now=now)
        changed = await service.changed_seats(session, allocation)
        changed += [
            errors.changed("person_changed", f"/people/{row.educator_id}")
            for row in facts.rows
            if row.venue_id is not None and row.facts != facts.digest(row.educator_id)
        ]
        if changed:
            raise errors.AllocationStale(changed)
        placed = await _enrol(session, actor, facts, [row for row in facts.rows if row.venue_id is not None], now=now)
        await repository.enrolled(session, allocation.id, placed)
        allocation.status, allocation.applied_at, allocation.updated_at = Status.APPLIED, now, now
        await service.tell(session, allocation, kind="allocation.applied")
        outcome = _outcome(allocation)
        await context.finish_in(session, outcome)
    return outcome


async def _enrol(
    session: WriteSession, actor: Actor, facts: Facts, rows: Sequence[AllocationPerson], *, now: datetime
) -> dict[UUID, UUID]:
    """The enrolment of each person: a new one, an application approved, or a place in line exchanged for a seat."""
    placed: dict[UUID, UUID] = {}
    refused: list[FieldError] = []
    new: list[AllocationPerson] = []
    for row in rows:
        assert row.cohort_id is not None
        applicant = facts.courses[row.cohort_id].applicants.get(row.educator_id)
        if applicant is None:
            new.append(row)
            continue
        try:
            _keep(row, await _accept(session, actor, applicant, row, now=now), placed, refused)
        except Problem as problem:
            refused.append(_refusal(row, problem.code))
    # Who fits few pools comes before those who have a choice.
    new.sort(key=lambda row: ((row.told or {}).get("pool_id") is None, row.number))
    wanted = [
        EnrolmentCreate.model_validate(
            {"cohort_id": row.cohort_id, "educator_id": row.educator_id, "venue_id": row.venue_id}
        )
        for row in new
    ]
    answers = await enrolments.enrol_many(
        session, actor, wanted, dry_run=False, locking=SeatLocking.SKIP_LOCKED, now=now
    )
    for row, answer in zip(new, answers, strict=True):
        if answer.problem is not None:
            refused.append(_refusal(row, answer.problem.code))
        elif answer.enrolment is not None:
            _keep(row, answer.enrolment, placed, refused)
    if refused:
        raise errors.AllocationStale(refused)
    return placed


async def _accept(
    session: WriteSession, actor: Actor, applicant: Applicant, row: AllocationPerson, *, now: datetime
) -> EnrolmentRead:
    if applicant.status is EnrolmentStatus.SUBMITTED:
        return await enrolments.approve(
            session, actor, applicant.enrolment_id, Command(), venue_id=row.venue_id, now=now
        )
    said = TransferCommand.model_validate({"cohort_id": row.cohort_id, "venue_id": row.venue_id})
    return await enrolments.transfer(session, actor, applicant.enrolment_id, said, now=now)


def _keep(
    row: AllocationPerson,
    enrolment: EnrolmentRead,
    placed: dict[UUID, UUID],
    refused: list[FieldError],
) -> None:
    if enrolment.status is EnrolmentStatus.CONFIRMED and enrolment.venue_id == row.venue_id:
        placed[row.educator_id] = enrolment.id
    else:
        refused.append(_refusal(row, enrolment.status.value))


def _refusal(row: AllocationPerson, code: str) -> FieldError:
    return errors.changed("person_refused", f"/people/{row.educator_id}", now=code)


async def _find(session: WriteSession, allocation_id: UUID) -> Allocation:
    allocation = await repository.lock(session, allocation_id)
    if allocation is None:
        raise errors.AllocationNotFound
    return allocation


def _outcome(allocation: Allocation) -> JobOutcome:
    return JobOutcome(
        {"status": allocation.status.value, "people": allocation.people, "placed": allocation.placed},
        f"/v1/allocations/{allocation.id}",
    )
