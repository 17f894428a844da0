"""The text of a memorandum: its clauses, and what amendments made of them by a day."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registry_api.memoranda import errors
from shared.schemas.registry.memorandum_words import ClauseChange

MOST_CLAUSES = 1000
MOST_AMENDMENTS = 200


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment as far as the text depends on it."""

    number: int
    effective_on: date
    changes: Sequence[Mapping[str, Any]]
    """`change`, `number`, `text`, in their order."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause and the amendment that gave it its wording."""

    number: str
    text: Mapping[str, str | None]
    amended_by: int | None


def consolidated(base: Sequence[Mapping[str, Any]], amendments: Iterable[Amended], *, on: date) -> list[Wording]:
    """The clauses of a day in the order of their numbers. Raises `ClauseUnfitting`, `TextTooLong`."""
    clauses = {clause["number"]: Wording(clause["number"], clause["text"], None) for clause in base}
    for amendment in in_force(amendments, on=on):
        for change in amendment.changes:
            _apply(clauses, change, amendment.number)
    if len(clauses) > MOST_CLAUSES:
        raise errors.TextTooLong()
    return sorted(clauses.values(), key=lambda clause: _order(clause.number))


def in_force(amendments: Iterable[Amended], *, on: date) -> list[Amended]:
    """Those that have taken effect, in the order in which they did."""
    there = (amendment for amendment in amendments if amendment.effective_on <= on)
    return sorted(there, key=lambda amendment: (amendment.effective_on, amendment.number))


def digest(clauses: Sequence[Wording]) -> str:
    """Changes exactly when the text does."""
    text = [[clause.number, dict(sorted(clause.text.items()))] for clause in clauses]
    return "sha256:" + hashlib.sha256(json.dumps(text, ensure_ascii=False).encode()).hexdigest()


def _apply(clauses: dict[str, Wording], change: Mapping[str, Any], amendment: int) -> None:
    number, kind = change["number"], ClauseChange(change["change"])
    if (number in clauses) is (kind is ClauseChange.ADD):
        raise errors.ClauseUnfitting(number=number, change=kind.value)
    if kind is ClauseChange.REMOVE:
        del clauses[number]
    else:
        clauses[number] = Wording(number, change["text"], amendment)


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))
