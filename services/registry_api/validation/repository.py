"""Every SQL statement about the rules themselves."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import Range

from services.registry_api.validation.models import ValidationRule
from shared.db import keyset
from shared.db.bitemporal import as_of, current
from shared.db.sessions import AnySession
from shared.schemas.registry.quality_rules import RuleSet, RulesQuery

KEYS = (keyset.Key(ValidationRule.code.expression),)


def row(code: str, asked: RuleSet) -> ValidationRule:
    """What is asked, as a row that is not recorded yet."""
    return ValidationRule(
        code=code,
        severity=asked.severity.value,
        indicators=sorted(set(asked.indicators)),
        expression=asked.expression.model_dump(mode="json"),
        text_kk=asked.text.kk,
        text_ru=asked.text.ru,
        text_en=asked.text.en,
        basis=asked.basis,
        valid=Range(asked.valid_from, asked.valid_to),
    )


async def all_current(session: AnySession) -> list[ValidationRule]:
    """Every wording of every rule that is held true, of all days."""
    return list(await session.scalars(select(ValidationRule).where(current(ValidationRule))))


async def find(session: AnySession, code: str, *, on: date, known_at: datetime | None = None) -> ValidationRule | None:
    """What a rule says on a day."""
    statement = select(ValidationRule).where(ValidationRule.code == code, as_of(ValidationRule, on, known_at))
    found: ValidationRule | None = await session.scalar(statement)
    return found


async def page(
    session: AnySession, query: RulesQuery, *, on: date, after: Sequence[Any] | None, limit: int
) -> list[ValidationRule]:
    """A page of the rules that hold on a day, in the order of their codes."""
    statement = _wanted(select(ValidationRule), query, on=on).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return list(await session.scalars(statement))


async def count(session: AnySession, query: RulesQuery, *, on: date) -> int:
    """How many hold."""
    return await session.scalar(_wanted(select(func.count()).select_from(ValidationRule), query, on=on)) or 0


def _wanted(statement: Select[Any], query: RulesQuery, *, on: date) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [as_of(ValidationRule, on, query.known_at)]
    if query.severity is not None:
        conditions.append(ValidationRule.severity == query.severity.value)
    if query.indicator is not None:
        named = literal(query.indicator) == any_(ValidationRule.indicators)
        conditions.append(or_(named, func.cardinality(ValidationRule.indicators) == 0))
    return statement.where(*conditions)
