"""What can be said of a person without a database: keys of a name, validity and hash of an IIN."""

import hmac

from shared import alphabet
from shared.machines import Machine, Move
from shared.schemas.training.educators import NameParts, PersonName
from shared.schemas.training.privacy import PersonState, PrivacyAction

PERSON = Machine(
    "privacy",
    (
        Move(
            PrivacyAction.BLOCK,
            frozenset({PersonState.ACTIVE}),
            frozenset({PersonState.BLOCKED}),
            is_for_managers=True,
            needs_reason=True,
        ),
        Move(
            PrivacyAction.UNBLOCK,
            frozenset({PersonState.BLOCKED}),
            frozenset({PersonState.ACTIVE}),
            is_for_managers=True,
            needs_reason=True,
        ),
        Move(
            PrivacyAction.ERASE,
            frozenset({PersonState.ACTIVE, PersonState.BLOCKED}),
            frozenset({PersonState.ERASED}),
            is_for_managers=True,
            needs_reason=True,
        ),
    ),
)
"""What may be done with a person's data. Blocked: kept, and neither shown nor used. Erased: only what has no name."""

HIDDEN = {
    PersonState.BLOCKED: PersonName(
        kk=NameParts(family="Бұғатталған", given="—"), ru=NameParts(family="Заблокировано", given="—")
    ),
    PersonState.ERASED: PersonName(
        kk=NameParts(family="Өшірілген", given="—"), ru=NameParts(family="Удалено", given="—")
    ),
}
"""What stands in the place of a name that may not be shown."""

_FIRST = tuple(range(1, 12))
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def sort_key(name: PersonName) -> str:
    """Where the person files in a Kazakh list: family name, given name, patronymic; Kazakh spelling first."""
    parts = name.kk or name.ru
    assert parts is not None
    return alphabet.sort_key(" ".join(filter(None, (parts.family, parts.given, parts.patronymic))))


def search_key(name: PersonName) -> str:
    """What a search for the person is matched against: both spellings, folded."""
    words = [
        word
        for parts in (name.kk, name.ru)
        if parts is not None
        for word in (parts.family, parts.given, parts.patronymic)
        if word
    ]
    return alphabet.search_key(" ".join(words))


def iin_is_valid(iin: str) -> bool:
    """Whether the last digit is the check digit of the first eleven.

    The digits times 1…11, modulo 11; if that is 10, the digits times 3…11, 1, 2 instead; 10 again is never given.
    """
    digits = [int(digit) for digit in iin]
    for weights in (_FIRST, _SECOND):
        check = sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
        if check < 10:
            return check == digits[11]
    return False


def iin_hash(iin: str, key: bytes) -> bytes:
    """What is kept of an IIN: HMAC-SHA-256 under a secret key."""
    return hmac.digest(key, iin.encode(), "sha256")
