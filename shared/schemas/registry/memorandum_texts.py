"""Texts of memoranda: clauses, the amendments that change them, the consolidated text, and documents."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from shared.schemas.base import Date, Edtf, In, Instant, LocalisedText, Out, TextOut, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.registry.memorandum_words import (
    MEMORANDUM_ID,
    TITLE,
    ClauseChange,
    ClauseNumber,
    ClauseText,
    DocumentKind,
    DocumentLanguage,
)

_TEXT = {"kk": "НЗМ мұғалімдердің біліктілігін арттырады", "ru": "НИШ повышает квалификацию учителей"}
_DIGEST = "sha256:" + "0" * 64


class MemorandumClause(In):
    """A clause of the text."""

    number: ClauseNumber = Field(description="Its number", examples=["2.1"])
    text: ClauseText = Field(description="What it says", examples=[_TEXT])


class ClauseAmendment(In):
    """What becomes of one clause."""

    change: ClauseChange = Field(description="Added, replaced or removed", examples=["replace"])
    number: ClauseNumber = Field(description="The number of the clause", examples=["2.1"])
    text: ClauseText | None = Field(
        default=None, description="What it says from then on; nothing for a clause that is removed", examples=[_TEXT]
    )

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"change": {"const": "remove"}}},
            "then": {"properties": {"text": {"type": "null"}}},
            "else": {"required": ["text"], "properties": {"text": {"type": "object"}}},
        }
    )

    @model_validator(mode="after")
    def _text_goes_with_change(self) -> "ClauseAmendment":
        if (self.text is None) != (self.change is ClauseChange.REMOVE):
            raise wrong(
                "clause_text_unfitting",
                kk="Қосылатын не ауыстырылатын тармаққа мәтін керек, алынатынға керек емес",
                ru="Текст нужен добавляемому и заменяемому пункту и не нужен исключаемому",
                en="A clause that is added or replaced needs a text, one that is removed has none",
            )
        return self


class AmendmentCreate(In):
    """A change of the text that the parties agreed upon."""

    title: LocalisedText = Field(description="What it is called", examples=[{"ru": "Дополнительное соглашение № 1"}])
    effective_on: Date = Field(description="First day on which the text is the new one", examples=["2026-09-01"])
    signed_on: Edtf | None = Field(default=None, description="When it was signed (EDTF)", examples=["2026-08"])
    changes: list[ClauseAmendment] = Field(
        min_length=1,
        max_length=300,
        description="What becomes of each clause, in this order",
        examples=[[{"change": "replace", "number": "2.1", "text": _TEXT}]],
    )


class ClauseAmendmentRead(Out):
    """What became of one clause."""

    change: ClauseChange = Field(description="Added, replaced or removed", examples=["replace"])
    number: str = Field(description="The number of the clause", examples=["2.1"])
    text: TextOut | None = Field(description="What it says from then on", examples=[_TEXT])


class AmendmentRead(Out):
    """An amendment of a memorandum."""

    id: UUID = Field(description="Its identifier", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f5021"])
    number: int = Field(description="Its number within the memorandum, from 1", ge=1, examples=[1])
    title: TextOut = Field(description="What it is called", examples=[{"ru": "Дополнительное соглашение № 1"}])
    effective_on: Date = Field(description="First day of the new text", examples=["2026-09-01"])
    signed_on: str | None = Field(description="When it was signed (EDTF)", examples=["2026-08"])
    changes: list[ClauseAmendmentRead] = Field(description="What becomes of each clause", max_length=300)
    recorded_at: Instant = Field(description="When it was written", examples=["2026-09-01T09:00:00+05:00"])


class AmendmentList(Out):
    """The amendments of a memorandum."""

    items: list[AmendmentRead] = Field(description="In the order they take effect", max_length=200)


class ConsolidatedClause(Out):
    """A clause as it stood on the day."""

    number: str = Field(description="Its number", examples=["2.1"])
    text: TextOut = Field(description="What it says", examples=[_TEXT])
    amended_by: int | None = Field(
        description="The number of the amendment that gave it this wording; null: the memorandum itself", examples=[1]
    )


class ConsolidatedText(Out):
    """The text of a memorandum with all amendments up to a day."""

    memorandum_id: UUID = Field(description="The memorandum", examples=[MEMORANDUM_ID])
    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    title: TextOut = Field(description="Its title", examples=[TITLE])
    clauses: list[ConsolidatedClause] = Field(description="The clauses, in the order of their numbers", max_length=1000)
    amendments: list[int] = Field(description="Numbers of the amendments in it", max_length=200, examples=[[1]])
    digest: str = Field(description="Changes exactly when the text does", examples=[_DIGEST])


class MemorandumDocumentRead(Out):
    """A document of a memorandum."""

    id: UUID = Field(description="Its identifier", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f5031"])
    kind: DocumentKind = Field(description="What it is", examples=["signed"])
    language: DocumentLanguage = Field(description="Its language", examples=["kk"])
    version: int = Field(description="Which one of this kind and language, from 1", ge=1, examples=[1])
    file_name: str = Field(description="The name it came with", examples=["memorandum-kk.pdf"])
    media_type: str = Field(description="What the bytes are", examples=["application/pdf"])
    size: int = Field(description="How many bytes", ge=1, examples=[183220])
    digest: str = Field(description="What it is known by", examples=[_DIGEST])
    uploaded_by: str = Field(description="Who handed it in", examples=["bilim-local#officer"])
    uploaded_at: Instant = Field(description="When", examples=["2026-09-01T09:00:00+05:00"])


class MemorandumDocumentQuery(PageQuery):
    """Filters of the documents of a memorandum."""

    kind: Annotated[list[DocumentKind], Field(max_length=6)] = Field(
        default_factory=list, description="Only of these kinds"
    )
    language: DocumentLanguage | None = Field(default=None, description="Only in this language", examples=["kk"])
