"""Finds identifiers of persons where they have no business: in files of organisations and of aggregates."""

import re

from services.registry_api.imports.headings import folded

SHORTEST = 12
"""Characters; in fewer there is no person's number."""
_TWELVE_DIGITS = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_NAMES_OF_IIN = frozenset(
    folded(name)
    for name in (
        *("Жеке сәйкестендіру нөмірі", "Индивидуальный идентификационный номер", "Individual identification number"),
    )
)
_NAMES_OF_BIN = frozenset(
    folded(name)
    for name in (
        *("БИН", "БСН", "BIN", "kz-bin", "БИН/ИИН", "Бизнес-идентификационный номер", "БИН организации"),
        *("Бизнес сәйкестендіру нөмірі", "Business identification number", "ұйымның БСН"),
    )
)

_IIN_WORDS = frozenset({"иин", "жсн", "iin"})


def is_iin(text: str) -> bool:
    """Whether twelve digits carry the right check digit of an IIN.

    The rules of 2013 dropped the date of birth from the structure, so the check digit is all there is to look at; a
    BIN carries the same one.

    >>> is_iin("850101300123"), is_iin("000000000000")
    (False, False)
    """
    if len(text) != 12 or not text.isascii() or not text.isdigit() or len(set(text)) == 1:
        return False
    digits = [int(digit) for digit in text]
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        check = sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
        if check < 10:
            return check == digits[11]
    return False


def names_a_person(heading: str) -> bool:
    """Whether a column's heading says that it holds persons' numbers."""
    words = folded(heading)
    if words in _NAMES_OF_BIN:
        return False
    return words in _NAMES_OF_IIN or not _IIN_WORDS.isdisjoint(words.split())


def may_hold_bin(heading: str) -> bool:
    """Whether a column's heading says that it holds numbers of organisations."""
    return folded(heading) in _NAMES_OF_BIN


def holds_person(text: str) -> bool:
    """Whether a text has a person's number in it."""
    return any(is_iin(found) for found in _TWELVE_DIGITS.findall(text))
