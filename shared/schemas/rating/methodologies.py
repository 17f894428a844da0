"""Methodologies on the wire: versions of a document, agreed once and never changed after."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Code, In, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.rating.methodology import MethodologyDocument


class MethodologyStatus(StrEnum):
    """The life of a version."""

    DRAFT = "draft"
    AGREED = "agreed"
    RETIRED = "retired"


class MethodologyOrigin(StrEnum):
    """Who wrote a version down."""

    WRITTEN = "written"
    """Somebody here."""
    BUILT_IN = "built_in"
    """It came with the service, agreed, with the reasons of every choice."""


class MethodologyQuery(PageQuery):
    """Which versions to list."""

    code: Code | None = Field(
        default=None, description="Only versions of this methodology", examples=["schools-public"]
    )
    status: MethodologyStatus | None = Field(default=None, description="Only versions in this state")
    origin: MethodologyOrigin | None = Field(
        default=None, description="Only versions that came with the service, or only the others", examples=["built_in"]
    )


class MethodologySummary(Out):
    """One version, without its document."""

    id: UUID = Field(description="Identifier of this version")
    code: str = Field(description="The methodology", max_length=64, examples=["schools-public"])
    edition: int = Field(description="Number of the version, from 1", ge=1, le=10_000, examples=[1])
    status: MethodologyStatus = Field(description="Draft, agreed or retired")
    origin: MethodologyOrigin = Field(description="Whether it came with the service", examples=["built_in"])
    title: TextOut = Field(description="What it is called")
    organisation_types: list[str] = Field(description="Whom it rates", max_length=20, examples=[["school"]])
    digest: str = Field(
        description="SHA-256 of the document in canonical JSON", max_length=71, examples=["sha256:" + "0" * 64]
    )
    created_at: datetime = Field(description="When the version was written down")
    agreed_at: datetime | None = Field(description="When it was agreed; since then it is immutable")
    retired_at: datetime | None = Field(description="Since when no new run uses it")


class MethodologyNote(Out):
    """Why something of a methodology is as it is."""

    subject: str = Field(description="What it is about", max_length=64, examples=["rounding"])
    text: TextOut = Field(description="The reason, in three languages")
    source: str = Field(
        description="The law, decision or publication it rests on; `ours` where it is our choice",
        max_length=300,
        examples=["Order No. 114-NK of 30 April 2026, criteria 5, 6, 7, 36 and 38"],
    )


class MethodologyRead(MethodologySummary):
    """One version with its document."""

    basis: str = Field(description="The order or decision it was agreed by", max_length=500)
    notes: list[MethodologyNote] = Field(description="Legal and other sources of its choices", max_length=100)
    audit_digest: str | None = Field(
        description="The audit it was agreed with: `/v1/methodologies/{id}/audit?digest=`", max_length=71
    )
    accepted_findings: dict[str, str] = Field(
        description="Findings of that audit with which it was agreed all the same, and why, by their code",
        examples=[{"indicator_constant": "All schools have met the norm; it stays as a gate for new ones"}],
    )
    document: MethodologyDocument = Field(description="The methodology itself")


class Change(Out):
    """One place in which two documents differ."""

    pointer: str = Field(
        description="JSON pointer into the document", max_length=1000, examples=["/tree/children/0/weight"]
    )
    before: Any = Field(description="What stands there in the first document; null if nothing does")
    after: Any = Field(description="What stands there in the second document; null if nothing does")


class TreeChangeKind(StrEnum):
    """What happened to an indicator or a node between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """It stands below another node."""
    REWEIGHTED = "reweighted"
    """Its share of the weight of the whole is another."""
    REDEFINED = "redefined"
    """It is computed differently."""


class TreeChange(Out):
    """One difference between two trees, told by the indicator or node."""

    kind: TreeChangeKind = Field(description="What happened")
    what: str = Field(description="`indicator` or `node`", max_length=10, examples=["indicator"])
    code: str = Field(description="Which", max_length=64, examples=["SCH_UNT_MEAN"])
    parent_before: str | None = Field(description="The node above, in the first version", max_length=64)
    parent_after: str | None = Field(description="The node above, in the second version", max_length=64)
    share_before: float | None = Field(description="Share of the weight of the whole, before", examples=[0.1])
    share_after: float | None = Field(description="Share of the weight of the whole, after", examples=[0.12])
    fields: list[str] = Field(
        description="What of it is computed differently", max_length=20, examples=[["normalisation"]]
    )
    text: TextOut = Field(description="The same as a sentence")


class MethodologyDifference(Out):
    """What differs between two versions."""

    first: UUID = Field(description="The version that is compared")
    second: UUID = Field(description="The version it is compared with")
    tree: list[TreeChange] = Field(
        description="What happened to the tree, by indicator and node; a new place in the order of siblings is nothing",
        max_length=10_000,
    )
    changes: list[Change] = Field(
        description="Every place that differs, in the order of the document, with all defaults written out",
        max_length=10_000,
    )


AcceptedBecause = Annotated[
    str, Field(min_length=3, max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$")
]


class Agreement(In):
    """Why a version is agreed or retired; recorded with who did it."""

    basis: str = Field(
        default="",
        max_length=500,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
        description="The order or decision it rests on",
        examples=["Order of the department No. 15 of 2 November 2026"],
    )


class AgreementWithAudit(Agreement):
    """Why a version is agreed, and why with what its audit found."""

    accepted_findings: dict[Code, AcceptedBecause] = Field(
        default={},
        max_length=50,
        description="By the code of a finding, why the version is agreed all the same; needed for each that `stops`",
        examples=[{"indicator_constant": "All schools have met the norm; it stays as a gate for new ones"}],
    )
