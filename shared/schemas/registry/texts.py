"""Longer texts in three languages, organisations by name, and the small words that several rooms use."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import FilledParagraph, In, Out, TextOut, wrong

Word = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A word of an open list, in small Latin letters: `forum`, `methodical_marathon`, `reading`."""

Country = Annotated[str, StringConstraints(min_length=2, max_length=2, pattern=r"^[A-Z]{2}$")]
"""A country by its ISO 3166-1 code of two letters."""


def distinct(values: list[Any]) -> list[Any]:
    """A list whose values do not repeat."""
    if len(set(values)) != len(values):
        raise wrong("not_distinct", kk="Мәндер қайталанбауы керек", ru="Значения повторяются", en="Values repeat")
    return values


UNIQUE = Field(json_schema_extra={"uniqueItems": True})


class LongText(In):
    """A text of up to 10,000 characters in Kazakh, Russian and English, as far as it has been written."""

    kk: FilledParagraph | None = Field(default=None, description="Kazakh", examples=["Оқуға құштар мектеп"])
    ru: FilledParagraph | None = Field(default=None, description="Russian", examples=["Школа, увлечённая чтением"])
    en: FilledParagraph | None = Field(default=None, description="English", examples=["A school eager to read"])


class Named(Out):
    """An organisation and what it is called."""

    id: UUID = Field(description="The organisation", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])
    name: TextOut = Field(description="Its name", examples=[{"kk": "№46 мектеп", "ru": "Школа № 46"}])
