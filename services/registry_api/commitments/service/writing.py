"""What is done to a commitment: made, changed, led from step to step."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.belonging import areas_of
from services.registry_api.commitments import errors, repository, rules
from services.registry_api.commitments.models import Commitment, CommitmentTransition
from services.registry_api.commitments.service import reads, views
from services.registry_api.indicators import service as indicators
from services.registry_api.memoranda import service as memoranda
from services.registry_api.patches import patched
from services.registry_api.targets import service as targets
from shared import edtf, outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import FieldError, Problem
from shared.ids import new_id
from shared.schemas.registry.commitment_words import CommitmentAction as Action
from shared.schemas.registry.commitment_words import CommitmentStatus as Status
from shared.schemas.registry.commitments import (
    CommitmentAttributes,
    CommitmentCreate,
    CommitmentStep,
    CommitmentUpdate,
)
from shared.schemas.registry.memorandum_words import MemorandumStatus

_OVER = frozenset(
    {MemorandumStatus.EXPIRED, MemorandumStatus.TERMINATED, MemorandumStatus.CANCELLED, MemorandumStatus.REJECTED}
)
_EVENTS = {
    Action.START: "commitment.started",
    Action.FULFIL: "commitment.fulfilled",
    Action.REOPEN: "commitment.reopened",
    Action.CANCEL: "commitment.cancelled",
}


async def make(
    session: WriteSession, actor: Actor, memorandum_id: UUID, asked: CommitmentCreate, *, now: datetime
) -> UUID:
    """Write down what a party owes; its id.

    Raises `MemorandumNotFound`, `MemorandumOver`, what `rules.faults` finds, `ObligorUnknown`, `OrganisationUnknown`.
    """
    today = day_in_kazakhstan(now)
    await memoranda.lock(session, memorandum_id)
    brief = (await memoranda.briefly(session, [memorandum_id], on=today))[memorandum_id]
    await reads.demand(session, actor, brief, also=asked.owner, on=today)
    if brief.status in _OVER:
        raise errors.MemorandumOver(status=brief.status.value)
    since = asked.since or today
    if since > today:
        raise errors.DayAhead(pointer="/since")
    await _check(session, brief, asked, since=since)
    commitment = Commitment(
        id=new_id(),
        memorandum_id=memorandum_id,
        status=Status.PLANNED.value,
        status_since=since,
        since=since,
        created_by=actor.principal,
        created_at=now,
        updated_at=now,
    )
    await repository.add(session, commitment, columns(asked), since=since, now=now)
    step = _transition(commitment, 1, Action.MAKE, None, Status.PLANNED, actor, CommitmentStep(), on=since, now=now)
    await repository.take_step(session, commitment, step)
    await tell(session, "commitment.made", commitment, now=now)
    return commitment.id


async def _check(session: WriteSession, brief: memoranda.Brief, asked: CommitmentAttributes, *, since: date) -> None:
    found: list[tuple[str, Problem]] = list(rules.faults(asked, since=since))
    parties = views.parties_of(brief)
    if asked.obligor not in parties:
        found.append(("/obligor", errors.ObligorUnknown()))
    found += [
        (f"/beneficiary_parties/{place}", errors.ObligorUnknown())
        for place, party_id in enumerate(asked.beneficiary_parties)
        if party_id not in parties
    ]
    _refuse(found)
    named: dict[str, UUID | None] = {"/owner": asked.owner}
    named |= {f"/beneficiary_organisations/{n}": one for n, one in enumerate(asked.beneficiary_organisations)}
    await areas_of(session, named, on=since)
    if asked.measure is not None and asked.measure.target_id is not None:
        await targets.require(session, [asked.measure.target_id], pointer="/measure/target_id")
    if asked.measure is not None and asked.measure.indicator is not None:
        await indicators.in_force(session, [asked.measure.indicator], since, pointer="/measure/indicator")


def _refuse(found: Sequence[tuple[str, Problem]]) -> None:
    """Raise what was found: the first as it is, with every wrong place in it."""
    if found:
        first = found[0][1]
        first.errors = tuple(FieldError(pointer, problem.code, problem.sentence()) for pointer, problem in found)
        raise first


async def lock(session: WriteSession, commitment_id: UUID) -> Commitment:
    """The commitment, for a change. Raises `CommitmentNotFound`."""
    commitment = await repository.lock(session, commitment_id)
    if commitment is None:
        raise errors.CommitmentNotFound()
    return commitment


async def amend(
    session: WriteSession,
    actor: Actor,
    commitment: Commitment,
    patch: CommitmentUpdate,
    *,
    effective_from: date | None,
    now: datetime,
) -> None:
    """Change attributes from a day on; what was true before stays."""
    first = effective_from or day_in_kazakhstan(now)
    timeline = await repository.timeline(session, commitment.id)
    if first < (timeline[0].valid.lower or date.min):
        raise errors.BeforeFirstDay()
    state = next(one for one in reversed(timeline) if (one.valid.lower or date.min) <= first)
    brief = await standing(session, actor, commitment, also=state.owner, now=now)
    if Status(commitment.status) not in rules.OPEN:
        raise errors.CommitmentClosed(status=commitment.status)
    described = patched(CommitmentAttributes, document(state), patch)
    await _check(session, brief, described, since=commitment.since)
    if await repository.amend(session, commitment.id, columns(described), valid_from=first, now=now):
        await repository.touch(session, commitment, now=now)
        await tell(session, "commitment.changed", commitment, now=now)


async def standing(
    session: WriteSession, actor: Actor, commitment: Commitment, *, also: UUID | None, now: datetime
) -> memoranda.Brief:
    """The memorandum of today, if the caller may write there."""
    today = day_in_kazakhstan(now)
    brief = await reads.brief_of(session, commitment.memorandum_id, on=today)
    if brief is None:
        raise errors.CommitmentNotFound()
    await reads.demand(session, actor, brief, also=also, on=today)
    return brief


async def move(
    session: WriteSession, actor: Actor, commitment: Commitment, action: Action, asked: CommitmentStep, *, now: datetime
) -> None:
    """Take a step. Raises what `rules.refusal` tells: nothing is fulfilled without accepted evidence."""
    timeline = await repository.timeline(session, commitment.id)
    await standing(session, actor, commitment, also=timeline[-1].owner, now=now)
    submitted, accepted = await repository.count_evidence(session, commitment.id)
    refused = rules.refusal(action, Status(commitment.status), submitted=submitted, accepted=accepted)
    if refused is not None:
        raise refused
    today = day_in_kazakhstan(now)
    on: date = asked.on or today
    if on > today:
        raise errors.DayAhead(pointer="/on")
    number, previous = await repository.last_step(session, commitment.id)
    if on < previous:
        raise errors.StepBeforePrevious(pointer="/on", previous=previous.isoformat())
    before, after = Status(commitment.status), rules.BY_ACTION[action].after
    step = _transition(commitment, number + 1, action, before, after, actor, asked, on=on, now=now)
    await repository.take_step(session, commitment, step)
    await repository.touch(session, commitment, now=now)
    await tell(session, _EVENTS[action], commitment, now=now)


def _transition(
    commitment: Commitment,
    number: int,
    action: Action,
    before: Status | None,
    after: Status,
    actor: Actor,
    asked: CommitmentStep,
    *,
    on: date,
    now: datetime,
) -> CommitmentTransition:
    return CommitmentTransition(
        commitment_id=commitment.id,
        number=number,
        action=action.value,
        from_status=before.value if before is not None else None,
        to_status=after.value,
        actor=actor.principal,
        reason_code=asked.reason_code,
        comment=asked.comment,
        effective_on=on,
        recorded_at=now,
    )


def document(state: Any) -> dict[str, Any]:
    """A state as the schema of its attributes has it, ready for a patch."""
    text = {code: getattr(state, f"text_{code}") for code in views.LANGUAGES}
    told = {
        "obligor": str(state.obligor),
        "beneficiary_parties": [str(one) for one in state.beneficiary_parties],
        "beneficiary_organisations": [str(one) for one in state.beneficiary_organisations],
        "owner": str(state.owner) if state.owner else None,
        "text": {code: words for code, words in text.items() if words is not None},
        **{name: getattr(state, name) for name in ("owner_role", "measure", "due", "report_every_days")},
    }
    return {name: value for name, value in told.items() if value is not None}


def columns(told: CommitmentAttributes) -> dict[str, Any]:
    """The columns of a state."""
    due = edtf.parse(told.due) if told.due else None
    return {
        "obligor": told.obligor,
        "beneficiary_parties": list(told.beneficiary_parties),
        "beneficiary_organisations": list(told.beneficiary_organisations),
        "owner": told.owner,
        "owner_role": told.owner_role,
        "text_kk": told.text.kk,
        "text_ru": told.text.ru,
        "text_en": told.text.en,
        "measure": told.measure.model_dump(mode="json") if told.measure else None,
        "due": told.due,
        "due_earliest": due.earliest if due else None,
        "due_latest": due.latest if due else None,
        "report_every_days": told.report_every_days,
    }


async def tell(session: WriteSession, kind: str, commitment: Commitment, *, now: datetime) -> None:
    """Put the commitment as it stands today into the change feed."""
    await session.flush()
    seen = await reads.get(session, commitment.id, actor=None, now=now, hidden_too=True)
    data: Mapping[str, Any] = {
        "id": str(commitment.id),
        "memorandum_id": str(commitment.memorandum_id),
        "obligor": str(seen.document["obligor"]["id"]),
        **{name: seen.document[name] for name in ("text", "due", "status")},
        "delivery": seen.document["delivery"].value,
    }
    await outbox.add(
        session,
        outbox.Event(kind=kind, subject="commitment", subject_id=commitment.id, data=data, occurred_at=now),
    )
