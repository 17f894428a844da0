"""The words every schema is made of: strings, numbers, dates and texts that cannot carry poison.

NUL and control characters, NaN and infinity, integers past int64, booleans where numbers are meant and numbers where
dates are meant are refused here, at the edge, so that nothing behind it has to think of them.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared import edtf

_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_FREE_TEXT = rf"^[^{_CONTROL}]*$"
_FILLED_TEXT = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"


class In(BaseModel):
    """A body or a query string that comes in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class Out(BaseModel):
    """A body that goes out; a client that reads it ignores what it does not know."""

    model_config = ConfigDict(extra="ignore", from_attributes=True, allow_inf_nan=False)


def one_of(*names: str) -> dict[str, Any]:
    """JSON Schema for: exactly one of these fields is there and not null."""
    return {
        "oneOf": [
            {
                "required": [name],
                "properties": {one: {"type": "null"} if one != name else {"not": {"type": "null"}} for one in names},
            }
            for name in names
        ]
    }


def stays(schema: dict[str, Any]) -> None:
    """`json_schema_extra` of a field of a patch that may be left out and not be null; the use case refuses the null."""
    (present,) = (branch for branch in schema.pop("anyOf") if branch.get("type") != "null")
    schema.pop("default", None)
    schema.update(present)


def wrong(code: str, *, kk: str, ru: str, en: str) -> PydanticCustomError:
    """A validation error that speaks three languages; raise it in a validator."""
    return PydanticCustomError(code, "{en}", {"kk": kk, "ru": ru, "en": en})


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _not_a_bool_or_text(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise wrong("number_type", kk="Сан күтіледі", ru="Ожидается число", en="A number is expected")
    return value


_DAY = r"^(19\d\d|2[01]\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_MOMENT = (
    r"^(19\d\d|2[01]\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$"
)


def _written_as(pattern: str) -> BeforeValidator:
    """Text has to look exactly so: left to itself, pydantic takes `0` for the first second of 1970."""
    form = re.compile(pattern, re.ASCII)

    def check(value: Any) -> Any:
        if isinstance(value, bool | int | float) or (isinstance(value, str) and not form.match(value)):
            raise wrong(
                "date_type",
                kk="ISO 8601 пішіміндегі күн күтіледі",
                ru="Ожидается дата в формате ISO 8601",
                en="A date in ISO 8601 is expected",
            )
        return value

    return BeforeValidator(check)


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=_FILLED_TEXT),
    AfterValidator(_composed),
]
"""What something is called: 1 to 300 characters, not only spaces."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_FREE_TEXT), AfterValidator(_composed)
]
"""A short free text of up to 500 characters."""

FilledLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=_FILLED_TEXT),
    AfterValidator(_composed),
]
"""A short text that says something."""

Paragraph = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=10_000, pattern=_FREE_TEXT), AfterValidator(_composed)
]
"""A longer free text of up to 10,000 characters."""

FilledParagraph = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000, pattern=_FILLED_TEXT),
    AfterValidator(_composed),
]
"""A longer text that says something."""

Code = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$")]
"""A machine name: Latin letters, digits, `_`, `.` and `-`."""

Kato = Annotated[str, StringConstraints(min_length=9, max_length=9, pattern=r"^[1-7][0-9]{8}$")]
"""A code of the classifier of administrative-territorial objects: nine digits, kept as text."""

# The validator stands before the bounds: only then do bounds that a field adds (`Field(ge=0)`) replace these.
# pydantic then writes them into the document as `ge` and `le`; `shared.web.openapi` gives them their standard names.
Int64 = Annotated[int, BeforeValidator(_not_a_bool_or_text), Field(ge=-(2**63), le=2**63 - 1)]
"""An integer of a JSON body that PostgreSQL's bigint can hold."""

Whole = Annotated[int, BeforeValidator(_not_a_bool_or_text)]
"""A whole number of a JSON body; give it bounds of its own."""

Flag = StrictBool
"""Yes or no of a JSON body; neither 0 nor "true"."""

Share = Annotated[float, BeforeValidator(_not_a_bool_or_text), Field(ge=0, le=1, allow_inf_nan=False)]
"""A part of a whole, 0 to 1, in a JSON body."""

Count = Annotated[int, BeforeValidator(_not_a_bool_or_text), Field(ge=0, le=2**31 - 1)]
"""How many, in a JSON body: 0 to 2,147,483,647."""

Finite = Annotated[float, BeforeValidator(_not_a_bool_or_text), Field(ge=-1e308, le=1e308, allow_inf_nan=False)]
"""A number of a JSON body that is neither NaN nor infinite."""

Date = Annotated[
    date,
    Field(ge=date(1900, 1, 1), le=date(2200, 12, 31)),
    _written_as(_DAY),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "pattern": _DAY,
            "examples": ["2026-09-01"],
        }
    ),
]
"""A calendar day from 1900 to 2200, as `YYYY-MM-DD`."""

Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("1900-01-01T00:00:00+00:00"), le=datetime.fromisoformat("2200-12-31T23:59:59+00:00")
    ),
    _written_as(_MOMENT),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": _MOMENT,
            "examples": ["2026-09-01T09:00:00+05:00"],
        }
    ),
]
"""A moment with its offset from UTC."""


def _known_to_calendars(text: str) -> str:
    try:
        edtf.parse(text)
    except ValueError:
        raise wrong(
            "edtf_type",
            kk="EDTF пішіміндегі күн күтіледі: 2025, 2025-03, 2022-W51, 2021-12-31~",
            ru="Ожидается дата в формате EDTF: 2025, 2025-03, 2022-W51, 2021-12-31~",
            en="A date in EDTF is expected: 2025, 2025-03, 2022-W51, 2021-12-31~",
        ) from None
    return text


Edtf = Annotated[
    str,
    StringConstraints(
        max_length=11,
        pattern=r"^(19\d\d|2[01]\d\d|2200)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?[~?%]?$",
    ),
    AfterValidator(_known_to_calendars),
]
"""A date as exact as it is known (EDTF, ISO 8601-2): `2025`, `2025-03`, `2022-W51`, `2021-12-31~`."""


class LocalisedText(In):
    """A text in Kazakh, Russian and English, as far as it has been written; at least one of them."""

    kk: Name | None = Field(default=None, description="Kazakh", examples=["№46 мектеп"])
    ru: Name | None = Field(default=None, description="Russian", examples=["Школа № 46"])
    en: Name | None = Field(default=None, description="English", examples=["School No. 46"])

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [language], "properties": {language: {"type": "string"}}}
                for language in ("kk", "ru", "en")
            ]
        }
    )

    @model_validator(mode="after")
    def _one_language_at_least(self) -> "LocalisedText":
        if self.kk is None and self.ru is None and self.en is None:
            raise wrong(
                "text_empty",
                kk="kk, ru, en тілдерінің кемінде бірінде мәтін керек",
                ru="Нужен текст хотя бы на одном из языков kk, ru, en",
                en="A text is needed in at least one of kk, ru and en",
            )
        return self

    def best(self) -> str:
        """The text in the first language it has: Kazakh, Russian, English."""
        return self.kk or self.ru or self.en or ""


class FullText(In):
    """A text that may be published: Kazakh and Russian always, English where given."""

    kk: Name = Field(description="Kazakh", examples=["Мектептердің қоғамдық рейтингі"])
    ru: Name = Field(description="Russian", examples=["Общественный рейтинг школ"])
    en: Name | None = Field(default=None, description="English", examples=["Public rating of schools"])


class FullParagraph(In):
    """A longer text that may be published: Kazakh and Russian always, English where given."""

    kk: FilledParagraph = Field(description="Kazakh", examples=["Екі мектептің деректері түзетілді."])
    ru: FilledParagraph = Field(description="Russian", examples=["Исправлены данные двух школ."])
    en: FilledParagraph | None = Field(
        default=None, description="English", examples=["The data of two schools were corrected."]
    )


class TextOut(Out):
    """A text as it stands, in the languages it has."""

    kk: str | None = Field(default=None, description="Kazakh", examples=["№46 мектеп"])
    ru: str | None = Field(default=None, description="Russian", examples=["Школа № 46"])
    en: str | None = Field(default=None, description="English", examples=["School No. 46"])
