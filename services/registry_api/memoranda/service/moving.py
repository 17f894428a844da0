"""How a memorandum is led through its life, one step of the table at a time."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from services.registry_api.memoranda import errors, repository, rules
from services.registry_api.memoranda.models import Memorandum, MemorandumTransition
from services.registry_api.memoranda.service import reads, views
from services.registry_api.memoranda.service.writing import tell
from shared import edtf
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.schemas.registry.memoranda import MemorandumRenew, MemorandumSign, MemorandumStep
from shared.schemas.registry.memorandum_words import MemorandumAction as Action
from shared.schemas.registry.memorandum_words import MemorandumStatus as Status

_EVENTS = {
    Action.SUBMIT: "memorandum.submitted",
    Action.RETURN: "memorandum.returned",
    Action.SEND: "memorandum.sent",
    Action.SIGN: "memorandum.signed",
    Action.REJECT: "memorandum.rejected",
    Action.CANCEL: "memorandum.cancelled",
    Action.SUSPEND: "memorandum.suspended",
    Action.RESUME: "memorandum.resumed",
    Action.RENEW: "memorandum.renewed",
    Action.EXPIRE: "memorandum.expired",
    Action.TERMINATE: "memorandum.terminated",
}


async def move(
    session: WriteSession, actor: Actor, memorandum: Memorandum, action: Action, asked: MemorandumStep, *, now: datetime
) -> None:
    """Take a step that leads to one status only. Raises what `rules.refusal` tells."""
    await _may(session, actor, memorandum, action, now=now)
    (to,) = rules.BY_ACTION[action].after
    await _step(session, actor, memorandum, action, to, asked, now=now)


async def sign(
    session: WriteSession, actor: Actor, memorandum: Memorandum, asked: MemorandumSign, *, now: datetime
) -> None:
    """These parties, or all that have not, sign; when the last one has, the memorandum is in force."""
    standing = await _may(session, actor, memorandum, Action.SIGN, now=now)
    _, on = await _day(session, memorandum, asked, now=now)
    signed = await repository.signed(session, memorandum.id)
    signing = _signing(asked.parties, standing=standing, signed=signed)
    if asked.signed_on is not None and edtf.parse(asked.signed_on).earliest > day_in_kazakhstan(now):
        raise errors.DayAhead(pointer="/signed_on")
    is_last = set(standing) <= signed | set(signing)
    await repository.sign(session, memorandum.id, signing, signed_on=asked.signed_on, effective_on=on, now=now)
    if is_last and asked.signed_on is not None:
        known = edtf.parse(asked.signed_on)
        changes = {"signed_on": known.text, "signed_earliest": known.earliest, "signed_latest": known.latest}
        await repository.amend(session, memorandum.id, changes, valid_from=on, now=now)
    to = Status.IN_FORCE if is_last else Status.PARTLY_SIGNED
    await _step(session, actor, memorandum, Action.SIGN, to, asked, now=now)


def _signing(asked: list[UUID] | None, *, standing: Collection[UUID], signed: Collection[UUID]) -> list[UUID]:
    if asked is None:
        return [party_id for party_id in standing if party_id not in signed]
    for place, party_id in enumerate(asked):
        if party_id not in standing:
            raise errors.PartyUnknown(pointer=f"/parties/{place}")
        if party_id in signed:
            raise errors.PartySigned(pointer=f"/parties/{place}")
    return asked


async def renew(
    session: WriteSession, actor: Actor, memorandum: Memorandum, asked: MemorandumRenew, *, now: datetime
) -> None:
    """It goes on until a new last day: the one named, or the former one and the term it is renewed for."""
    await _may(session, actor, memorandum, Action.RENEW, now=now)
    state = (await repository.timeline(session, memorandum.id))[-1]
    until = asked.until
    if until is None:
        if state.ends_on is None or state.renewal_months is None:
            raise errors.UntilNeeded(pointer="/until")
        until = rules.months_after(state.ends_on, state.renewal_months)
    _, on = await _day(session, memorandum, asked, now=now)
    if until < on or (state.ends_on is not None and until <= state.ends_on):
        raise errors.EndBeforeStart(pointer="/until")
    await repository.amend(session, memorandum.id, {"ends_on": until}, valid_from=on, now=now)
    await _step(session, actor, memorandum, Action.RENEW, Status.RENEWED, asked, now=now)


async def _may(
    session: WriteSession, actor: Actor, memorandum: Memorandum, action: Action, *, now: datetime
) -> list[UUID]:
    """The parties of today, if the caller may take the step and the table has it."""
    today = day_in_kazakhstan(now)
    row = await reads.row_of(session, memorandum.id, on=today)
    await reads.demand(session, actor, row["area_code"], views.organisations(row), on=today)
    found: Problem | None = rules.refusal(action, views.standing(row, day=today))
    if found is not None:
        raise found
    return [UUID(one["id"]) for one in row["parties"]]


async def _day(
    session: WriteSession, memorandum: Memorandum, asked: MemorandumStep, *, now: datetime
) -> tuple[int, date]:
    """The number of the next step, and the day it is of: not ahead, and not before the step it follows."""
    today = day_in_kazakhstan(now)
    on: date = asked.on or today
    if on > today:
        raise errors.DayAhead(pointer="/on")
    number, previous = await repository.last_step(session, memorandum.id)
    if on < previous:
        raise errors.StepBeforePrevious(pointer="/on", previous=previous.isoformat())
    return number + 1, on


async def _step(
    session: WriteSession,
    actor: Actor,
    memorandum: Memorandum,
    action: Action,
    to: Status,
    asked: MemorandumStep,
    *,
    now: datetime,
) -> None:
    number, on = await _day(session, memorandum, asked, now=now)
    step = MemorandumTransition(
        memorandum_id=memorandum.id,
        number=number,
        action=action.value,
        from_status=memorandum.status,
        to_status=to.value,
        actor=actor.principal,
        reason_code=asked.reason_code,
        comment=asked.comment,
        effective_on=on,
        recorded_at=now,
    )
    await repository.take_step(session, memorandum, step)
    await repository.touch(session, memorandum, now=now)
    await tell(session, _EVENTS[action], memorandum.id, now=now)
