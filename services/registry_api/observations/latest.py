"""The value of an indicator that stands for each of some organisations on a day, for those who reckon with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.registry_api.indicators import service as indicators
from services.registry_api.observations import repository, rules
from shared.db.sessions import AnySession

_BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Values in the order of the organisations asked for; None where none is reported."""

    indicator: str
    version: int
    values: list[float | None]
    n: list[int | None]


async def standing(
    session: AnySession, code: str, organisations: Sequence[UUID], *, on: date, known_at: datetime | None = None
) -> Standing | None:
    """For each organisation the value of the latest period that has begun by that day; None without such an indicator.

    An indicator of school years says on 1 September already what its new year says, and until a value of the new year
    comes, the old one stands. Where several sources spoke, the one that spoke last counts; withdrawn values do not.
    """
    if code not in await indicators.latest(session, [code]):
        return None
    (definition,) = await indicators.in_force(session, [code], on, pointer="")
    found = await repository.columns(
        session,
        indicators=[definition.id],
        organisations=list(organisations),
        period="",
        first=_BEGINNING,
        last=rules.last_day_of_period(definition.period_kind, on),
        known_at=known_at,
    )
    column = found.get(definition.id, repository.Column())
    return Standing(code, definition.version, list(column.value), list(column.n))
