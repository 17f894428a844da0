"""Privacy: what a person may ask for, and what was done with the person's data."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.actions import RefusedAction
from shared.schemas.base import Date, In, Instant, Line, Out
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import EducatorId
from shared.schemas.training.words import EvidenceItem, ReasonCode

_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"


class PersonState(StrEnum):
    """How far a person's data may be used."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    ERASED = "erased"


class PrivacyAction(StrEnum):
    """What a person, or a court, may ask for."""

    BLOCK = "block"
    UNBLOCK = "unblock"
    ERASE = "erase"


class PrivacyCommand(In):
    """Why it is done, and on what ground."""

    reason_code: ReasonCode = Field(description="The reason by its code", examples=["own_request"])
    comment: Line | None = Field(default=None, description="The reason in words; no personal data", examples=["—"])
    effective_on: Date | None = Field(
        default=None, description="From which day it holds; today if left out", examples=["2026-11-02"]
    )
    evidence: list[EvidenceItem] = Field(
        default=[], max_length=20, description="What it rests on", examples=[[{"title": "Application of 02.11.2026"}]]
    )


class PrivacyTransitionRead(Out):
    """One step in the life of a person's data."""

    number: int = Field(description="Its place among the steps, from 1", ge=1, le=2**31 - 1, examples=[1])
    action: PrivacyAction = Field(description="What was done", examples=["block"])
    from_status: PersonState = Field(description="State before", examples=["active"])
    to_status: PersonState = Field(description="State after", examples=["blocked"])
    actor: str = Field(description="Who did it", max_length=500, examples=["officer-3"])
    reason_code: str = Field(description="The reason by its code", max_length=64, examples=["own_request"])
    comment: str | None = Field(description="The reason in words", max_length=500)
    evidence: list[EvidenceItem] = Field(description="What it rested on", max_length=20)
    effective_on: Date = Field(description="From which day it holds", examples=["2026-11-02"])
    recorded_at: Instant = Field(description="When it was recorded", examples=["2026-11-02T09:00:00+05:00"])


class ConsentRead(Out):
    """What the person agreed to, from one moment to the next."""

    number: int = Field(description="Its place in the history, from 1", ge=1, le=2**31 - 1, examples=[1])
    consent_public: bool = Field(description="Whether the name may be shown to anybody", examples=[True])
    actor: str = Field(description="Who recorded it", max_length=500, examples=["director-17"])
    recorded_at: Instant = Field(description="From when it holds", examples=["2026-11-02T09:00:00+05:00"])


class PrivacyRead(Out):
    """How a person's data stand."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    status: PersonState = Field(description="How far the data may be used", examples=["active"])
    consents: list[ConsentRead] = Field(description="Every consent and every withdrawal of it", max_length=10_000)
    transitions: list[PrivacyTransitionRead] = Field(description="What was done, from the first", max_length=10_000)
    allowed_actions: list[PrivacyAction] = Field(
        description="What may be done now", max_length=3, examples=[["block", "erase"]]
    )
    refused_actions: list[RefusedAction] = Field(description="What may not, and why", max_length=3)
    version: int = Field(description="Counts changes of the person; the ETag is made of it", ge=1, examples=[1])


class PersonalReadRead(Out):
    """One answer in which the person was named."""

    id: UUID = Field(description="Its identifier", examples=["0198c0de-0000-7000-8000-000000000a01"])
    shown: str = Field(description="What was shown", max_length=64, examples=["educator"])
    actor: str = Field(description="To whom", max_length=500, examples=["coordinator-7"])
    reason: str | None = Field(description="Why, as the caller said in `X-Reason`", max_length=500)
    request_id: str | None = Field(description="In answer to which request", max_length=200)
    read_at: Instant = Field(description="When", examples=["2026-11-02T09:00:00+05:00"])


class PersonalReadQuery(PageQuery):
    """Which part of the log."""
