"""Every SQL statement about rules of disclosure."""

from collections.abc import Collection

from sqlalchemy import select

from services.registry_api.disclosure.models import DisclosureRule
from shared.db.sessions import AnySession, WriteSession


async def every(session: AnySession) -> list[DisclosureRule]:
    """All rules, in the order of their indicators."""
    return list(await session.scalars(select(DisclosureRule).order_by(DisclosureRule.indicator)))


async def of(session: AnySession, indicators: Collection[str]) -> list[DisclosureRule]:
    """The rules of these indicators."""
    return list(await session.scalars(select(DisclosureRule).where(DisclosureRule.indicator.in_(indicators))))


async def find(session: AnySession, indicator: str, *, for_update: bool = False) -> DisclosureRule | None:
    """The rule of one indicator."""
    return await session.get(DisclosureRule, indicator, with_for_update=for_update or None)


async def delete(session: WriteSession, row: DisclosureRule) -> None:
    """Take a rule away."""
    await session.delete(row)
    await session.flush()
