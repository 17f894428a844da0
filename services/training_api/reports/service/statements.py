"""What providers sold and gave."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import groupby
from typing import Any

from services.training_api.reports import repository
from services.training_api.reports.repository import Sold
from shared.clock import day_in_kazakhstan
from shared.db.engine import consistent
from shared.db.sessions import ReadSession
from shared.schemas.training.reports import (
    ProviderStatement,
    StatementFigures,
    StatementLine,
    StatementQuery,
    StatementsRead,
)

_TENGE = Decimal("0.01")
_DIGITS = 60
"""More than any sum of sums has: nothing is rounded on the way."""


async def statements(session: ReadSession, query: StatementQuery, *, now: datetime) -> StatementsRead:
    """Places bought, used and completed, by provider and contract, at one moment."""
    as_of = query.as_of or day_in_kazakhstan(now)
    async with consistent(session):
        sold = await repository.sold(session, query, as_of=as_of)
        uncontracted = await repository.uncontracted(session, query, as_of=as_of)
    return StatementsRead(
        as_of=as_of,
        providers=[
            _statement(list(contracts), uncontracted.get(provider_id, 0))
            for (provider_id, _), contracts in groupby(sold, key=lambda one: (one.provider_id, one.provider_code))
        ],
    )


def _statement(contracts: Sequence[Sold], uncontracted: int) -> ProviderStatement:
    return ProviderStatement.model_validate(
        {
            "provider_id": contracts[0].provider_id,
            "code": contracts[0].provider_code,
            "total": StatementFigures.model_validate(_figures(contracts)),
            "lines": [_line(one) for one in contracts],
            "uncontracted": uncontracted,
        }
    )


def _line(one: Sold) -> StatementLine:
    return StatementLine.model_validate(
        {
            "contract_id": one.contract_id,
            "number": one.number,
            "programme_code": one.programme_code,
            "area": one.area,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "price_per_place": f"{one.price_per_place:.2f}",
            **_figures([one]),
        }
    )


def _figures(contracts: Sequence[Sold]) -> dict[str, Any]:
    completed = sum(one.completed for one in contracts)
    with localcontext(prec=_DIGITS):
        price = sum((one.places * one.price_per_place for one in contracts), Decimal(0))
        each = (price / completed).quantize(_TENGE, ROUND_HALF_UP) if completed else None
    return {
        "places": sum(one.places for one in contracts),
        "used": sum(one.used for one in contracts),
        "completed": completed,
        "certificates": sum(one.certificates for one in contracts),
        # Contract by contract: places of one are not used by the educators of another.
        "unused": sum(max(0, one.places - one.used) for one in contracts),
        "beyond": sum(max(0, one.used - one.places) for one in contracts),
        "price": f"{price:.2f}",
        "price_per_completion": None if each is None else f"{each:.2f}",
    }
