"""What a cell says: numbers, dates and yes or no, as people in Kazakhstan write them."""

import re
import unicodedata
from datetime import date

from shared.schemas.sheets import Decimal

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_WITH_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MINUS = str.maketrans("−–—", "---")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?(?:\.0+)?)?")
_LOCAL_DATE = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})(?: г\.| ж\.)?")
_YES = frozenset({"true", "yes", "y", "1", "иә", "ия", "да", "бар", "есть", "+"})
_NO = frozenset({"false", "no", "n", "0", "жоқ", "жок", "нет", "-"})

LONGEST_CELL = 10_000
"""Characters; a longer cell is a fault of the file, not a text of ours."""


def cleaned(text: str) -> str:
    """A cell's text composed (NFC) and without the space around it."""
    stripped = text.strip()
    return stripped if stripped.isascii() else unicodedata.normalize("NFC", stripped)


def number(text: str, decimal: Decimal = Decimal.AUTO) -> float | None:
    """The number a cell holds; None if it holds none.

    >>> number("1 234,5"), number("−0.11"), number("1,234.5"), number("1,234", Decimal.POINT), number("nan")
    (1234.5, -0.11, 1234.5, 1234.0, None)
    """
    if _NUMBER.fullmatch(text) is not None and decimal is not Decimal.COMMA:
        return _finite(text)
    if _WITH_COMMA.fullmatch(text) is not None and decimal is not Decimal.POINT:
        return _finite(text.replace(",", "."))
    plain = _SPACES.sub("", text.translate(_MINUS))
    point, comma = plain.rfind("."), plain.rfind(",")
    match decimal:
        case Decimal.COMMA:
            plain = plain.replace(".", "").replace(",", ".") if comma >= 0 else plain
        case Decimal.POINT:
            if comma >= 0 and _THOUSANDS.fullmatch(plain) is None:
                return None
            plain = plain.replace(",", "")
        case Decimal.AUTO:
            if comma > point >= 0:
                plain = plain.replace(".", "").replace(",", ".")
            elif point > comma >= 0:
                plain = plain.replace(",", "")
            elif plain.count(",") > 1:
                plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
            else:
                plain = plain.replace(",", ".")
    return _finite(plain) if _NUMBER.fullmatch(plain) is not None else None


def _finite(text: str) -> float | None:
    found = float(text)
    return found if abs(found) <= 1e308 else None


def integer(text: str) -> int | None:
    """The whole number a cell holds, also where a spreadsheet made it `300.0`; None if it holds none."""
    found = number(text)
    if found is None or not found.is_integer() or abs(found) > 2**63:
        return None
    return int(found)


def day(text: str) -> date | None:
    """The date a cell holds: `2025-09-01` or `01.09.2025`; None if it holds none.

    >>> day("01.09.2025"), day("2025-09-01 00:00:00"), day("31.02.2025")
    (datetime.date(2025, 9, 1), datetime.date(2025, 9, 1), None)
    """
    if found := _ISO_DATE.fullmatch(text):
        year, month, of_month = (int(part) for part in found.groups())
    elif found := _LOCAL_DATE.fullmatch(text):
        of_month, month, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def yes_or_no(text: str) -> bool | None:
    """Yes or no in kk, ru or en; None if the cell says neither."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def words(text: str) -> list[str]:
    """The items of a cell that holds several, between `;`, `,`, `|` or `/`."""
    return [item.strip() for item in re.split(r"[;,|/]", text) if item.strip()]
