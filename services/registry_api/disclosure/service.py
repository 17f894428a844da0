"""What is done with rules of disclosure: set for an indicator, lifted, asked for by whoever shows values."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from services.registry_api.disclosure import errors, repository
from services.registry_api.disclosure.models import DisclosureRule
from services.registry_api.indicators import service as indicators
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.quality_rules import DisclosureRuleSet


async def fewest(session: AnySession, codes: Collection[str]) -> dict[str, int]:
    """For those of these indicators whose small figures are hidden, the fewest persons that are shown."""
    return {row.indicator: row.fewest for row in await repository.of(session, codes)} if codes else {}


async def every(session: AnySession) -> list[dict[str, Any]]:
    """All rules, in the order of their indicators."""
    return [document(row) for row in await repository.every(session)]


async def get(session: AnySession, indicator: str, *, for_update: bool = False) -> DisclosureRule:
    """The rule of one indicator. Raises `DisclosureRuleNotFound`."""
    row = await repository.find(session, indicator, for_update=for_update)
    if row is None:
        raise errors.DisclosureRuleNotFound()
    return row


async def find(session: AnySession, indicator: str) -> DisclosureRule | None:
    """The rule of one indicator, if it has one; nobody else changes it meanwhile."""
    return await repository.find(session, indicator, for_update=True)


async def put(
    session: WriteSession,
    actor: Actor,
    indicator: str,
    known: DisclosureRule | None,
    asked: DisclosureRuleSet,
    *,
    now: datetime,
) -> DisclosureRule:
    """Say how few persons the indicator may show; for the whole country. Raises `IndicatorsUnknown`."""
    actor.demand(Scope.REGISTRY_APPROVE, None)
    await indicators.in_force(session, [indicator], day_in_kazakhstan(now), pointer="/indicator")
    if known is None:
        known = DisclosureRule(indicator=indicator, fewest=asked.fewest, basis=asked.basis, created_at=now, version=1)
        session.add(known)
    known.fewest, known.basis, known.updated_at = asked.fewest, asked.basis, now
    await session.flush()
    return known


async def lift(session: WriteSession, actor: Actor, known: DisclosureRule) -> None:
    """Show the indicator's small figures again."""
    actor.demand(Scope.REGISTRY_APPROVE, None)
    await repository.delete(session, known)


def document(row: DisclosureRule) -> dict[str, Any]:
    """A rule as `DisclosureRuleRead` reads it."""
    return {"indicator": row.indicator, "fewest": row.fewest, "basis": row.basis, "updated_at": row.updated_at}
