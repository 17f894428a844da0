"""Every SQL statement about reasons."""

from datetime import date

from sqlalchemy import Date, bindparam, select
from sqlalchemy.dialects.postgresql import Range

from services.training_api.reasons.models import Reason
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.reasons import ReasonList

_IS_KNOWN = select(Reason.id).where(
    Reason.list == bindparam("list"),
    Reason.code == bindparam("code"),
    Reason.period.contains(bindparam("day", type_=Date)),
)


def period(first: date, end: date | None) -> Range[date]:
    """The days on which a reason may be given, the end not among them."""
    return Range(first, end)


async def is_known(session: AnySession, list_: ReasonList, code: str, *, on: date) -> bool:
    found = await session.execute(_IS_KNOWN, {"list": list_, "code": code, "day": on})
    return found.first() is not None


async def codes(session: AnySession, list_: ReasonList, *, on: date) -> list[str]:
    """The codes of a list that may be given on a day."""
    query = select(Reason.code).where(Reason.list == list_, Reason.period.contains(on)).order_by(Reason.code)
    return list(await session.scalars(query))


async def versions(session: WriteSession, list_: ReasonList, code: str) -> list[Reason]:
    """All versions of a reason, held, from the first."""
    query = select(Reason).where(Reason.list == list_, Reason.code == code).order_by(Reason.number)
    return list(await session.scalars(query.with_for_update()))


async def find_many(session: AnySession, list_: ReasonList | None, *, on: date | None) -> list[Reason]:
    """Reasons by list, code and version; of one list, of one day."""
    query = select(Reason)
    if list_ is not None:
        query = query.where(Reason.list == list_)
    if on is not None:
        query = query.where(Reason.period.contains(on))
    return list(await session.scalars(query.order_by(Reason.list, Reason.code, Reason.number)))
