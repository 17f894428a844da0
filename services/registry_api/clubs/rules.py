"""Pure decisions about clubs: what tells one child from another, and which numbers are too small to be shown."""

import re
from collections.abc import Iterator
from typing import Any

from services.registry_api.disclosure.rules import FEWEST, is_small
from services.registry_api.organisations.identifiers import check_digit

_TWELVE_DIGITS = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_LETTER = re.compile(r"[\W_]+")
_MOST_FINDINGS = 100

_OF_A_CHILD = (
    *("iin", "иин", "жсн", "pupil", "child", "student", "learner", "person", "parent", "guardian"),
    *("surname", "first name", "last name", "full name", "patronymic", "fio", "birth", "passport"),
    *("оқушы", "окушы", "бала", "аты жөні", "тегі", "туған", "ата ана"),
    *("ученик", "учащ", "ребен", "воспитан", "фио", "фамил", "отчеств", "рожден", "родител", "свидетельств"),
)
"""Parts of names of fields under which systems keep children. Such a field is none of ours, so it is refused anyway:
a part too many here only changes what the caller is told."""

_NUMBERS = ("children", "vouchers", "visits")
_OWN = frozenset(_NUMBERS)
_IDENTIFIERS_OF_OURS = frozenset({"id", "school_id", "provider_id", "organisation_id", "area", "phone"})
"""Their digits are not a person's, whatever they look like."""


def of_children(document: Any) -> list[str]:
    """Pointers to all that tells one child from another: by the name of the field, or by an IIN in it.

    >>> of_children({"counts": [{"children": 24}, {"children": 1, "childIIN": "…"}]})
    ['/counts/1/childIIN']
    """
    found: list[str] = []
    for pointer in _suspects(document):
        found.append(pointer)
        if len(found) == _MOST_FINDINGS:
            break
    return found


def holds_person(text: str) -> bool:
    """Whether twelve digits in a row carry the check digit of a person's number.

    >>> holds_person("ИП 850101300124"), holds_person("850101300123"), holds_person("000000000000")
    (True, False, False)
    """
    return any(
        len(set(digits)) > 1 and check_digit(digits[:11]) == int(digits[11]) for digits in _TWELVE_DIGITS.findall(text)
    )


def names_a_child(field: str) -> bool:
    """Whether a field is called as something about a single child.

    >>> names_a_child("ЖСН"), names_a_child("pupilName"), names_a_child("vouchers")
    (True, True, False)
    """
    folded = _NO_LETTER.sub(" ", _CAMEL.sub(" ", field)).casefold().replace("ё", "е")
    return any(part in folded for part in _OF_A_CHILD)


def shown(counts: dict[str, int]) -> tuple[dict[str, int | None], list[str]]:
    """The numbers as the public sees them, and the names of those that are hidden.

    Fewer than `FEWEST` children hide all three; few vouchers hide themselves, and so do vouchers that leave only few
    children without one.

    >>> shown({"children": 24, "vouchers": 21, "visits": 180})
    ({'children': 24, 'vouchers': None, 'visits': 180}, ['vouchers'])
    """
    children, vouchers = counts["children"], counts["vouchers"]
    hidden: list[str] = []
    if is_small(children, None, fewest=FEWEST):
        hidden = list(_NUMBERS)
    elif is_small(None, vouchers, fewest=FEWEST) or is_small(None, children - vouchers, fewest=FEWEST):
        hidden = ["vouchers"]
    return {name: None if name in hidden else counts[name] for name in _NUMBERS}, hidden


def _suspects(document: Any) -> Iterator[str]:
    stack: list[tuple[str, Any]] = [("", document)]
    while stack:
        pointer, value = stack.pop()
        if isinstance(value, list):
            stack.extend((f"{pointer}/{place}", one) for place, one in reversed([*enumerate(value)]))
        elif isinstance(value, dict):
            fields = [(f"{pointer}/{_escaped(name)}", name, one) for name, one in value.items()]
            yield from (place for place, name, _ in fields if name not in _OWN and names_a_child(name))
            stack.extend(
                (place, one)
                for place, name, one in reversed(fields)
                if name not in _IDENTIFIERS_OF_OURS and (name in _OWN or not names_a_child(name))
            )
        elif isinstance(value, str | int) and not isinstance(value, bool) and _may_hold(value):
            yield pointer


def _may_hold(value: str | int) -> bool:
    if isinstance(value, str):
        return len(value) >= 12 and holds_person(value)
    # As a number it has lost the noughts it began with: those born in 2000 have two.
    return 10**9 <= value < 10**12 and holds_person(f"{value:012d}")


def _escaped(name: str) -> str:
    """As the pointer of a problem names it: nothing that was sent is repeated beyond what a field may be called."""
    return _TWELVE_DIGITS.sub("…", re.sub(r"[^\w.\-\[\]$ ]", "?", name[:100]))
