"""The one metadata of the training service, and the column types its tables share."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import CheckConstraint, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from shared.db.base import ServiceBase, service_metadata

E = TypeVar("E", bound=StrEnum)


class Base(ServiceBase):
    """The declarative base of every table of the training service."""

    __abstract__ = True
    metadata = service_metadata()


class Word(TypeDecorator[StrEnum]):
    """A word of a closed list, kept as text; `one_of` is the constraint that goes with it."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The column holds one of the words."""
    return CheckConstraint(f"{column} IN ({quoted(*words)})", name=f"{column}_known")


def quoted(*words: StrEnum) -> str:
    """Words as a list of SQL literals, for constraints and partial indexes."""
    return ", ".join(f"'{word.value}'" for word in words)


class Step:
    """The columns of a table of transitions beside its owner's: one row a move, and rows are only added.

    The owner's id and `number` are the key. `shared.machines.steps_follow` is the trigger that goes
    with such a table.
    """

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Its place among the steps of the owner, from 1."""
    action: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    actor: Mapped[str]
    reason_code: Mapped[str | None]
    comment: Mapped[str | None]
    evidence: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What it rests on: titles and links or hashes, as `EvidenceItem` says."""
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
