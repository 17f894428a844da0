"""What is done with rules: set for the days from one on, ended, listed, and given to whoever checks values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from services.registry_api.indicators import service as indicators
from services.registry_api.validation import errors, repository
from services.registry_api.validation.models import ValidationRule
from shared.auth import Actor, Scope
from shared.db import bitemporal
from shared.db.sessions import AnySession, WriteSession
from shared.errors import Text
from shared.schemas.registry.quality_rules import Expression, RuleSet, RulesQuery, Severity

_EXPRESSION: TypeAdapter[Expression] = TypeAdapter(Expression)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as values are checked by it."""

    code: str
    severity: Severity
    indicators: tuple[str, ...]
    """Empty: all."""
    expression: Expression
    text: Text
    first: date | None
    """Periods that end before are not checked."""
    end: date | None
    """Nor those that end on this day or later."""


async def put(session: WriteSession, actor: Actor, code: str, asked: RuleSet, *, now: datetime) -> ValidationRule:
    """Let a rule say so for periods that end in those days, whatever it said of them before.

    Rules are the country's. Raises `IndicatorsUnknown`.
    """
    actor.demand(Scope.REGISTRY_APPROVE, None)
    named = [*asked.indicators, *([asked.expression.to] if hasattr(asked.expression, "to") else [])]
    if named:
        await indicators.in_force(session, named, asked.valid_from, pointer="/indicators")
    row = repository.row(code, asked)
    return await bitemporal.replace(session, row, ("code",), now=now)


async def end(session: WriteSession, actor: Actor, code: str, *, on: date, now: datetime) -> None:
    """Apply a rule no longer to periods that end on that day or later. Raises `RuleHasEnded`, `RuleNotFound`."""
    actor.demand(Scope.REGISTRY_APPROVE, None)
    known = await bitemporal.history(session, ValidationRule, {"code": code})
    if not known:
        raise errors.RuleNotFound()
    if all(row.valid.upper is not None and row.valid.upper <= on for row in known):
        raise errors.RuleHasEnded()
    await bitemporal.end(session, ValidationRule, {"code": code}, valid_from=on, now=now)


async def find(session: AnySession, code: str, *, on: date, known_at: datetime | None = None) -> ValidationRule | None:
    """What a rule says on a day, if anything."""
    return await repository.find(session, code, on=on, known_at=known_at)


async def get(session: AnySession, code: str, *, on: date, known_at: datetime | None = None) -> ValidationRule:
    """What a rule says on a day. Raises `RuleNotFound`."""
    row = await repository.find(session, code, on=on, known_at=known_at)
    if row is None:
        raise errors.RuleNotFound()
    return row


async def page(
    session: AnySession, query: RulesQuery, *, on: date, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 rules behind a position, in the order of their codes."""
    return [document(row) for row in await repository.page(session, query, on=on, after=after, limit=limit + 1)]


async def count(session: AnySession, query: RulesQuery, *, on: date) -> int:
    """How many the list has."""
    return await repository.count(session, query, on=on)


async def every(session: AnySession) -> list[Rule]:
    """All rules for all days, worst first, then in the order of their codes."""
    worst = list(Severity)
    rules = [_rule(row) for row in await repository.all_current(session)]
    return sorted(rules, key=lambda rule: (worst.index(rule.severity), rule.code, rule.first or date.min))


def document(row: ValidationRule) -> dict[str, Any]:
    """A rule as `RuleRead` reads it."""
    return {
        **{name: getattr(row, name) for name in ("id", "code", "severity", "indicators", "expression", "basis")},
        "text": {"kk": row.text_kk, "ru": row.text_ru, "en": row.text_en},
        "valid_from": row.valid.lower,
        "valid_to": row.valid.upper,
        "recorded_from": row.recorded.lower,
    }


def _rule(row: ValidationRule) -> Rule:
    return Rule(
        code=row.code,
        severity=Severity(row.severity),
        indicators=tuple(row.indicators),
        expression=_EXPRESSION.validate_python(row.expression),
        text=Text(row.text_kk, row.text_ru, row.text_en or row.text_ru),
        first=row.valid.lower,
        end=row.valid.upper,
    )
