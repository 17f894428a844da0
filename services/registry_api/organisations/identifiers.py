"""Identifiers: what each scheme allows, how the check digit of BIN and IIN is computed, and what is compared."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from services.registry_api.organisations import errors
from shared.schemas.registry.organisation_words import IdentifierScheme

_WEIGHTS = tuple(range(1, 12))
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_TWELVE_DIGITS = re.compile(r"^[0-9]{12}$")
_BIN = re.compile(r"^[0-9]{2}(0[1-9]|1[0-2])[456][0-4][0-9]{6}$")
_DEMO_DIGIT = "9"
"""In the fifth place, where a BIN has 4, 5 or 6."""

PUBLIC = frozenset({IdentifierScheme.KZ_BIN, IdentifierScheme.URN, IdentifierScheme.FOREIGN, IdentifierScheme.DEMO})
"""Schemes whose values everybody may see; the others belong to people or to other systems."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An identifier that fits its scheme."""

    scheme: IdentifierScheme
    value: str | None
    """None for a person's number."""
    key: str
    """What it is compared by."""


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of a BIN or IIN; None if such a number is never issued.

    >>> check_digit("23099000046")
    8
    """
    for weights in (_WEIGHTS, _SECOND_WEIGHTS):
        remainder = sum(weight * int(digit) for weight, digit in zip(weights, first_eleven, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def check(scheme: IdentifierScheme, value: str, *, secret: bytes | None) -> Checked:
    """The identifier as it is kept. Raises `IdentifierMalformed`, `DemoIsNoBin`, `IinNotAccepted`."""
    match scheme:
        case IdentifierScheme.KZ_BIN:
            _check_digits(scheme, value)
            if value[4] == _DEMO_DIGIT:
                raise errors.DemoIsNoBin()
            if not _BIN.match(value):
                raise errors.IdentifierMalformed(scheme=scheme.value)
        case IdentifierScheme.DEMO:
            _check_digits(scheme, value)
            if value[4] != _DEMO_DIGIT:
                raise errors.IdentifierMalformed(scheme=scheme.value)
        case IdentifierScheme.KZ_IIN:
            _check_digits(scheme, value)
            if secret is None:
                raise errors.IinNotAccepted()
            return Checked(scheme, None, hmac.digest(secret, value.encode(), hashlib.sha256).hex())
        case IdentifierScheme.URN | IdentifierScheme.FOREIGN | IdentifierScheme.NOBD | IdentifierScheme.INTERNAL:
            pass
    return Checked(scheme, value, value)


def _check_digits(scheme: IdentifierScheme, value: str) -> None:
    if not _TWELVE_DIGITS.match(value) or check_digit(value[:11]) != int(value[11]):
        raise errors.IdentifierMalformed(scheme=scheme.value)
