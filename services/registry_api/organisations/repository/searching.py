"""Words of a search as conditions on names and places, and how well a name fits them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    SQLColumnExpression,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
)

from services.registry_api import words as known_words
from services.registry_api.areas import service as areas
from services.registry_api.organisations.models import OrganisationState
from services.registry_api.organisations.queries import Word

_WORST = 6000
_BEGINNING = 3000
_OTHER_NUMBER = 2000
_LITTLE_MISSING = 1500
_NOT_AT_WORK = 2500
_LONGEST_COUNTED = 999
"""What is added to the rank of a name, smallest first, for what it lacks; a letter counts one."""


@dataclass(frozen=True, slots=True)
class WordShape:
    """What a statement depends on: everything of a word but its letters."""

    sizes: tuple[int, ...]
    """How many patterns each alternative has."""
    guessed: bool
    number: bool
    decides: bool


def shape(words: Sequence[Word]) -> tuple[WordShape, ...]:
    """What a statement that looks for these words depends on."""
    return tuple(
        WordShape(tuple(map(len, word.alternatives)), word.guess is not None, word.is_number, word.decides)
        for word in words
    )


def values(words: Sequence[Word]) -> dict[str, Any]:
    """What such a statement is filled with."""
    found: dict[str, Any] = {}
    for place, word in enumerate(words):
        found[f"whole_{place}"] = word.whole
        for choice, patterns in enumerate(word.alternatives):
            found |= {f"word_{place}_{choice}_{part}": pattern for part, pattern in enumerate(patterns)}
        if word.guess is not None:
            found |= {f"guess_{place}": word.guess, f"mistakes_{place}": word.mistakes}
        if word.is_number:
            found[f"number_{place}"] = int(word.whole.strip("% ")[:9])
    return found


def conditions(words: Sequence[WordShape], *, known: bool) -> list[ColumnElement[bool]]:
    """Each word that decides is in a name, or names a place the organisation lies in."""
    found = []
    for place, word in enumerate(words):
        if not word.decides:
            continue
        said = _said(place, word)
        ways = [said(OrganisationState.search_key)]
        if not word.number:
            named = areas.under_names(f"named_{place}", said, known=known)
            ways.append(OrganisationState.area_code == func.any(func.array(named.scalar_subquery())))
        found.append(or_(*ways))
    return found


def relevance(words: Sequence[WordShape]) -> ColumnElement[int]:
    """How far a name is from what was typed: 0 would be the very words and nothing else."""
    key = OrganisationState.search_key
    lacks: ColumnElement[int] = func.least(func.char_length(key), _LONGEST_COUNTED)
    for place, word in enumerate(words):
        whole = key.like(bindparam(f"whole_{place}", type_=Text))
        if word.number:
            number = OrganisationState.school_number.is_distinct_from(bindparam(f"number_{place}", type_=Integer))
            lacks += case((number, _OTHER_NUMBER), else_=0)
        elif word.decides:
            lacks += case((whole, 0), (_alternatives(key, place, word), _BEGINNING), else_=_WORST)
        else:
            lacks += case((_alternatives(key, place, word), 0), else_=_LITTLE_MISSING)
    lacks += case((OrganisationState.status.in_(("open", "closing")), 0), else_=_NOT_AT_WORK)
    return cast(lacks, Integer)


def _said(place: int, word: WordShape) -> Any:
    guesses = known_words.nearest(f"guess_{place}", f"mistakes_{place}") if word.guessed else None

    def said(key: SQLColumnExpression[str]) -> ColumnElement[bool]:
        ways = [_alternatives(key, place, word)]
        if guesses is not None:
            ways.append(key.like(func.any(guesses)))
        return or_(*ways)

    return said


def _alternatives(key: SQLColumnExpression[str], place: int, word: WordShape) -> ColumnElement[bool]:
    return or_(
        *(
            and_(*(key.like(bindparam(f"word_{place}_{choice}_{part}", type_=Text)) for part in range(size)))
            for choice, size in enumerate(word.sizes)
        )
    )
