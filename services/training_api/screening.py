"""Free text is looked over before it is kept: what looks like a person's number or address does not come in."""

import re

_IIN = re.compile(r"(?<!\d)\d(?:[\s.\-]?\d){11}(?!\d)")
"""Twelve digits, however they are spaced."""
_TELEPHONE = re.compile(r"(?<!\d)(?:\+|8)\d?(?:[\s().\-]*\d){9,10}(?!\d)")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def looks_personal(text: str | None) -> bool:
    """Whether the text holds what looks like an IIN, a telephone or an address of mail.

    >>> looks_personal("ЖСН 800101 300 123"), looks_personal("8 (701) 123-45-67"), looks_personal("25 сабақ, 2026")
    (True, True, False)
    """
    return text is not None and any(pattern.search(text) for pattern in (_IIN, _TELEPHONE, _MAIL))
