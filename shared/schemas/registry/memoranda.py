"""Memoranda and agreements: who agreed with whom on what, until when, and how it came about."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from shared.edtf import Precision
from shared.schemas.base import (
    Date,
    Edtf,
    FilledLine,
    Flag,
    In,
    Instant,
    Kato,
    Line,
    LocalisedText,
    Out,
    TextOut,
    Whole,
    one_of,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.memorandum_texts import MemorandumClause
from shared.schemas.registry.memorandum_words import (
    MEMORANDUM_ID,
    ORGANISATION_ID,
    PARTY_ID,
    TITLE,
    BinText,
    Country,
    KindTag,
    MemorandumAction,
    MemorandumPartyRole,
    MemorandumStatus,
    NextActionKind,
    PartyKind,
    ReasonCode,
    RenewalKind,
)
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.schemas.registry.organisation_words import _UNIQUE, _distinct

Months = Annotated[Whole, Field(ge=1, le=600)]
Days = Annotated[Whole, Field(ge=0, le=3650)]
Kinds = Annotated[list[KindTag], AfterValidator(_distinct), _UNIQUE]


class Signatory(In):
    """Who signs for a party: the position and what entitles it, never the person."""

    position: LocalisedText = Field(
        description="The position", examples=[{"kk": "Қала әкімі", "ru": "Аким города", "en": "Akim of the city"}]
    )
    basis: Line | None = Field(
        default=None, description="What the authority rests on: a charter, an order and its number", examples=["Жарғы"]
    )


class SignatoryRead(Out):
    """Who signs for a party."""

    position: TextOut = Field(description="The position", examples=[{"kk": "Қала әкімі"}])
    basis: str | None = Field(description="What the authority rests on", examples=["Жарғы"])


class PartyCreate(In, json_schema_extra=one_of("organisation_id", "name")):
    """A party: an organisation of the registry (or a sub-unit of one), or somebody the registry has no record of."""

    organisation_id: UUID | None = Field(
        default=None, description="An organisation or sub-unit of the registry", examples=[ORGANISATION_ID]
    )
    name: LocalisedText | None = Field(
        default=None, description="The name of a party without a record in the registry", examples=[None]
    )
    country: Country | None = Field(default=None, description="Its country; needed with `name`", examples=["KZ"])
    bin: BinText | None = Field(
        default=None,
        description="The BIN of a legal entity of Kazakhstan that has no record in the registry",
        examples=["050340004557"],
    )
    is_legal_entity: Flag = Field(
        default=True, description="False for a council or a programme that is no legal entity", examples=[True]
    )
    kind: PartyKind | None = Field(
        default=None, description="What it is; by default told by the kind of the organisation", examples=["akimat"]
    )
    role: MemorandumPartyRole = Field(
        default=MemorandumPartyRole.PARTNER, description="What part it has", examples=["initiator"]
    )
    signatory: Signatory | None = Field(default=None, description="Who signs for it: a position, never a person")

    @model_validator(mode="after")
    def _one_identity(self) -> "PartyCreate":
        if (self.organisation_id is None) == (self.name is None):
            raise wrong(
                "party_unclear",
                kk="organisation_id немесе name — екеуінің бірі керек",
                ru="Нужно одно из двух: organisation_id или name",
                en="One of the two is needed: organisation_id or name",
            )
        return self


class PartyUpdate(In):
    """A JSON Merge Patch of a party; who it is does not change: it leaves, and another one joins."""

    kind: PartyKind | None = Field(default=None, description="What it is", json_schema_extra=stays, examples=["akimat"])
    role: MemorandumPartyRole | None = Field(
        default=None, description="Its part", json_schema_extra=stays, examples=["sponsor"]
    )
    signatory: Signatory | None = Field(default=None, description="Who signs for it; null removes")


class EffectiveQuery(In):
    """From which day a change is true."""

    effective_from: Date | None = Field(
        default=None, description="First day on which it is so; by default today in Kazakhstan", examples=["2026-09-01"]
    )


class MemorandumPartyRead(Out):
    """A party as it stood on the day."""

    id: UUID = Field(description="The party's identifier within the register of memoranda", examples=[PARTY_ID])
    organisation_id: UUID | None = Field(description="Its record in the registry", examples=[ORGANISATION_ID])
    part_of: UUID | None = Field(description="The organisation it is a sub-unit of", examples=[None])
    name: TextOut = Field(description="Its name on the day", examples=[{"kk": "Шымкент қаласының әкімдігі"}])
    country: str = Field(description="Its country", examples=["KZ"])
    bin: str | None = Field(description="Its BIN, where the registry has no record of it", examples=[None])
    kind: PartyKind = Field(description="What it is", examples=["akimat"])
    role: MemorandumPartyRole = Field(description="What part it has", examples=["initiator"])
    signatory: SignatoryRead | None = Field(description="Who signs for it")
    signed: bool = Field(description="Whether it has signed", examples=[True])
    signed_on: str | None = Field(description="When it signed (EDTF), as far as it is known", examples=["2018-10"])
    valid_from: Date | None = Field(description="First day of being party in this way", examples=["2018-10-01"])
    valid_until: Date | None = Field(description="First day of no longer being so", examples=[None])


class PartyList(Out):
    """The parties of a memorandum."""

    items: list[MemorandumPartyRead] = Field(description="The parties, in the order they joined", max_length=100)


class MemorandumAttributes(In):
    """What is agreed and for how long."""

    title: LocalisedText = Field(description="Its title", examples=[TITLE])
    kinds: Kinds = Field(
        default_factory=list, max_length=20, description="What it is about", examples=[["career_guidance", "research"]]
    )
    signed_on: Edtf | None = Field(
        default=None,
        description="When it was signed, as exactly as it is known (EDTF); null: not known",
        examples=["2018-10"],
    )
    starts_on: Date | None = Field(default=None, description="First day of its validity", examples=["2018-10-15"])
    ends_on: Date | None = Field(
        default=None, description="Last day of its validity; null: without an end", examples=["2028-10-14"]
    )
    renewal: RenewalKind = Field(
        default=RenewalKind.NONE, description="What happens at the end", examples=["by_consent"]
    )
    renewal_months: Months | None = Field(default=None, description="For how many months it goes on", examples=[12])
    notice_days: Days | None = Field(
        default=None, description="How many days before the end notice is due", examples=[60]
    )
    area: Kato | None = Field(
        default=None, description="Where it holds; null: for the whole country", examples=["790000000"]
    )
    clauses: list[MemorandumClause] = Field(
        default_factory=list, max_length=300, description="Its text, clause by clause"
    )


class MemorandumCreate(MemorandumAttributes):
    """A new memorandum, as a draft."""

    parties: list[PartyCreate] = Field(
        min_length=1,
        max_length=50,
        description="Who it is between; a draft may have one, a signing needs two",
        examples=[[{"organisation_id": ORGANISATION_ID, "kind": "akimat"}]],
    )
    since: Date | None = Field(
        default=None,
        description="From which day this is so; by default the earliest day named here, or today",
        examples=["2018-10-01"],
    )


class MemorandumUpdate(In):
    """A JSON Merge Patch: what is absent stays, null removes, lists are replaced."""

    title: LocalisedText | None = Field(
        default=None, description="Its title", json_schema_extra=stays, examples=[TITLE]
    )
    kinds: Kinds | None = Field(
        default=None, max_length=20, description="What it is about", json_schema_extra=stays, examples=[["research"]]
    )
    signed_on: Edtf | None = Field(default=None, description="When it was signed (EDTF)", examples=["2018-10"])
    starts_on: Date | None = Field(default=None, description="First day of its validity", examples=["2018-10-15"])
    ends_on: Date | None = Field(default=None, description="Last day of its validity", examples=["2028-10-14"])
    renewal: RenewalKind | None = Field(
        default=None, description="What happens at the end", json_schema_extra=stays, examples=["auto"]
    )
    renewal_months: Months | None = Field(default=None, description="For how many months it goes on", examples=[12])
    notice_days: Days | None = Field(default=None, description="Days before the end that notice is due", examples=[60])
    area: Kato | None = Field(default=None, description="Where it holds", examples=["790000000"])
    clauses: list[MemorandumClause] | None = Field(
        default=None,
        max_length=300,
        description="Its text; only until it is sent: afterwards there are amendments",
        json_schema_extra=stays,
    )


class MemorandumStep(In):
    """From which day a step holds, and why it is taken."""

    on: Date | None = Field(
        default=None, description="From which day it holds; by default today", examples=["2026-09-01"]
    )
    reason_code: ReasonCode | None = Field(default=None, description="The reason by its code", examples=["agreed"])
    comment: Line | None = Field(default=None, description="The reason in words; no personal data", examples=["—"])


class ReasonedMemorandumStep(MemorandumStep):
    """A step that cannot be taken without a reason."""

    reason_code: ReasonCode = Field(description="The reason by its code", examples=["party_reorganised"])
    comment: FilledLine = Field(description="The reason in words; no personal data", examples=["Реорганизация стороны"])


class MemorandumSign(MemorandumStep):
    """Who signs, and when."""

    parties: Annotated[list[UUID], AfterValidator(_distinct), _UNIQUE] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="The parties that sign; by default all that have not",
        examples=[[PARTY_ID]],
    )
    signed_on: Edtf | None = Field(
        default=None, description="When they signed, as exactly as it is known (EDTF)", examples=["2026-09-01"]
    )


class MemorandumRenew(MemorandumStep):
    """For how long it goes on."""

    until: Date | None = Field(
        default=None,
        description="The new last day; by default the former one and `renewal_months`",
        examples=["2029-10-14"],
    )


class MemorandumWhyNot(Out):
    """Why something cannot be done now."""

    code: str = Field(description="The reason by its code", examples=["wrong_status"])
    message: TextOut = Field(description="The reason in words", examples=[{"en": "Not in this status"}])


class MemorandumActionRead(Out):
    """Something that can be done, or why it cannot."""

    action: MemorandumAction = Field(description="What", examples=["sign"])
    allowed: bool = Field(description="Whether the caller may do it now", examples=[True])
    why_not: MemorandumWhyNot | None = Field(description="Why it cannot be done; null when it can")


class MemorandumNextAction(Out):
    """What has to be done next, and by when."""

    kind: NextActionKind = Field(description="What", examples=["ask_consent"])
    on: Date = Field(description="By which day", examples=["2028-08-15"])


class MemorandumSummary(Out):
    """A memorandum in a list, as it stood on the day."""

    id: UUID = Field(description="Its identifier", examples=[MEMORANDUM_ID])
    title: TextOut = Field(description="Its title", examples=[TITLE])
    kinds: list[str] = Field(description="What it is about", max_length=20, examples=[["career_guidance", "research"]])
    status: MemorandumStatus = Field(description="Where it stands", examples=["in_force"])
    status_since: Date = Field(description="Since when", examples=["2018-10-15"])
    parties: list[MemorandumPartyRead] = Field(description="Its parties, in the order they joined", max_length=100)
    signed_on: str | None = Field(description="When it was signed (EDTF); null: not known", examples=["2018-10"])
    signed_on_precision: Precision = Field(description="How exactly that is known", examples=["month"])
    starts_on: Date | None = Field(description="First day of its validity", examples=["2018-10-15"])
    ends_on: Date | None = Field(description="Last day of its validity", examples=["2028-10-14"])
    renewal: RenewalKind = Field(description="What happens at the end", examples=["by_consent"])
    next_action: MemorandumNextAction | None = Field(
        description="What has to be done next, and by when; with `registry:read`"
    )
    area: str | None = Field(description="Where it holds; null: the whole country", examples=["790000000"])


class MemorandumRead(MemorandumSummary):
    """A memorandum."""

    renewal_months: int | None = Field(description="For how many months it goes on", ge=1, le=600, examples=[12])
    notice_days: int | None = Field(description="Days before the end that notice is due", ge=0, le=3650, examples=[60])
    clause_count: int = Field(description="How many clauses its text has, amendments included", ge=0, examples=[12])
    amendment_count: int = Field(description="How many amendments are in force", ge=0, examples=[1])
    allowed_actions: list[MemorandumActionRead] | None = Field(
        default=None, description="What the caller may do now, and why not; with `registry:read`", max_length=12
    )
    version: int | None = Field(default=None, description="Counts its changes; with `registry:read`", examples=[3])
    recorded_at: Instant | None = Field(default=None, description="When this was written; with `registry:read`")


class MemorandumTransitionRead(Out):
    """A step in the life of a memorandum."""

    number: int = Field(description="Its number, from 1", ge=1, examples=[3])
    action: MemorandumAction = Field(description="What was done", examples=["sign"])
    from_status: MemorandumStatus | None = Field(description="From where; null for the first", examples=["sent"])
    to_status: MemorandumStatus = Field(description="To where", examples=["in_force"])
    actor: str = Field(description="Who did it", examples=["bilim-local#officer"])
    reason_code: str | None = Field(description="Why, by its code", examples=["agreed"])
    comment: str | None = Field(description="Why, in words", examples=[None])
    effective_on: Date = Field(description="From which day it holds", examples=["2018-10-15"])
    recorded_at: Instant = Field(description="When it was written", examples=["2026-09-01T09:00:00+05:00"])


class MemorandumTransitionList(Out):
    """The life of a memorandum."""

    items: list[MemorandumTransitionRead] = Field(description="Its steps, in their order", max_length=1000)


class MemorandumQuery(PageQuery, AsOfQuery):
    """Filters of the list of memoranda; those that may be repeated mean «one of these»."""

    q: Line | None = Field(default=None, description="Words of the title, in any language", examples=["әріптестік"])
    party: UUID | None = Field(
        default=None,
        description="Only those of this organisation, its sub-units included, or of this party",
        examples=[ORGANISATION_ID],
    )
    status: list[MemorandumStatus] = Field(default_factory=list, max_length=11, description="Only in these statuses")
    kind: list[KindTag] = Field(default_factory=list, max_length=20, description="Only about one of these")
    area: Kato | None = Field(
        default=None, description="Only those of this area and everything under it", examples=["790000000"]
    )
    valid_on: Date | None = Field(
        default=None, description="Only those whose validity covers this day", examples=["2026-09-01"]
    )
    ends_before: Date | None = Field(
        default=None, description="Only those whose last day comes before this one", examples=["2027-01-01"]
    )
