"""The one metadata of the training service, and the column types its tables share."""

from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.engine import Dialect
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
