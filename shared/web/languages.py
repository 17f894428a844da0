"""The reader's language, from `Accept-Language`."""

from collections.abc import Iterable
from typing import Literal

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
DEFAULT: Language = "en"
"""For a caller that names no language: programs do not, browsers do."""


def preferred(header: str | None) -> Language:
    """The language of ours that the header likes best (RFC 9110 §12.5.4).

    >>> preferred("kk-KZ, ru;q=0.8"), preferred("de, ru;q=0.3, en;q=0.2"), preferred(None)
    ('kk', 'ru', 'en')
    """
    best: Language = DEFAULT
    best_weight = 0.0
    for part in (header or "")[:500].split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.split("-")[0].strip().lower()
        if primary == "kz":  # the country code, which people write for the language
            primary = "kk"
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        for language in LANGUAGES:
            if primary == language and best_weight < weight <= 1.0:
                best, best_weight = language, weight
    return best


def of_scope_headers(headers: Iterable[tuple[bytes, bytes]]) -> Language:
    """The same, from the raw headers of an ASGI scope."""
    for name, value in headers:
        if name == b"accept-language":
            return preferred(value.decode("latin-1"))
    return DEFAULT
