"""What is done with reasons: checking that a code is one of its list on a day, and keeping the lists."""

from datetime import date

from services.training_api.reasons import errors, repository
from services.training_api.reasons.models import Reason
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.reasons import ReasonCreate, ReasonEnd, ReasonList, ReasonQuery, ReasonRead

_POINTER = "/reason_code"


async def check(
    session: AnySession,
    list_: ReasonList,
    code: str | None,
    *,
    on: date,
    needed: bool,
    pointer: str = _POINTER,
) -> None:
    """Whether the reason may be given on that day. Raises `ReasonNeeded`, `ReasonUnknown`."""
    if code is None and not needed:
        return
    if code is not None and await repository.is_known(session, list_, code, on=on):
        return
    known = ", ".join(await repository.codes(session, list_, on=on)) or "—"
    problem = errors.ReasonNeeded if code is None else errors.ReasonUnknown
    raise problem(pointer=pointer, list=list_.value, known=known)


async def find_many(session: AnySession, query: ReasonQuery, *, today: date) -> list[ReasonRead]:
    """Reasons by list and code, as they are on a day or in all versions."""
    on = None if query.all_versions else query.on or today
    return [_read(reason) for reason in await repository.find_many(session, query.list, on=on)]


async def write(session: WriteSession, actor: Actor, body: ReasonCreate) -> ReasonRead:
    """Write a reason or the next version of one, which ends the last. For the whole country.

    Raises `OutOfReach`, `ReasonNotLater`.
    """
    actor.demand(Scope.TRAINING_MANAGE, None)
    versions = await repository.versions(session, body.list, body.code)
    if versions:
        _end(versions[-1], body.valid_from, pointer="/valid_from")
        await session.flush()
    reason = Reason(
        list=body.list,
        code=body.code,
        number=len(versions) + 1,
        text_kk=body.text.kk,
        text_ru=body.text.ru,
        text_en=body.text.en,
        period=repository.period(body.valid_from, None),
    )
    session.add(reason)
    await session.flush()
    return _read(reason)


async def end(session: WriteSession, actor: Actor, list_: ReasonList, code: str, body: ReasonEnd) -> ReasonRead:
    """Let the reason no longer be given from a day on. Raises `OutOfReach`, `ReasonNotFound`, `ReasonEnded`."""
    actor.demand(Scope.TRAINING_MANAGE, None)
    versions = await repository.versions(session, list_, code)
    if not versions:
        raise errors.ReasonNotFound
    last = versions[-1]
    if last.period.upper is not None:
        raise errors.ReasonEnded
    _end(last, body.valid_until, pointer="/valid_until")
    await session.flush()
    return _read(last)


def _end(last: Reason, day: date, *, pointer: str) -> None:
    """The version before ends on the day, unless it has ended earlier."""
    first, end_ = last.period.lower, last.period.upper
    assert first is not None
    if day <= first or (end_ is not None and day < end_):
        raise errors.ReasonNotLater(pointer=pointer)
    if end_ is None:
        last.period = repository.period(first, day)


def _read(reason: Reason) -> ReasonRead:
    return ReasonRead.model_validate(
        {
            "list": reason.list,
            "code": reason.code,
            "number": reason.number,
            "text": TextOut(kk=reason.text_kk, ru=reason.text_ru, en=reason.text_en),
            "valid_from": reason.period.lower,
            "valid_until": reason.period.upper,
        }
    )
