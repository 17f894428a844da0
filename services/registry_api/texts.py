"""Texts in three languages as three columns of a row, and back."""

from typing import Any

LANGUAGES = ("kk", "ru", "en")


def spread(outer: str, value: Any) -> dict[str, str | None]:
    """The columns of a text, none of which is filled for no text: `title_kk`, `title_ru`, `title_en`."""
    return {f"{outer}_{language}": getattr(value, language) if value is not None else None for language in LANGUAGES}


def text(row: Any, outer: str) -> dict[str, str] | None:
    """A text of a row in the languages it has; None for one that has none."""
    found = {language: getattr(row, f"{outer}_{language}") for language in LANGUAGES}
    told = {language: value for language, value in found.items() if value is not None}
    return told or None
