"""Reorganisations: legal change as one event with all its effects, tried before it is done and taken back after."""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.schemas.base import Code, Date, FilledLine, FilledParagraph, Flag, In, Instant, Kato, Out, TextOut, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.registry.organisation_lists import FieldChange
from shared.schemas.registry.organisation_words import (
    _NAME_EXAMPLE,
    _UNIQUE,
    AddressText,
    EducationLevel,
    OrganisationKind,
    OrganisationType,
    Ownership,
    _distinct,
)
from shared.schemas.registry.organisations import IdentifierCreate, OrganisationAttributes, PointPatch, TextPatch

MOST_SHOWN = 1000
"""Effects upon things that are shown one by one; the totals count all of them."""
_ORGANISATION_EXAMPLE = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"


class ReorganisationKind(StrEnum):
    """What happened."""

    MERGE = "merge"
    MERGE_NEW = "merge_new"
    SPLIT = "split"
    CONVERT = "convert"
    RENAME = "rename"
    MOVE = "move"
    CLOSE = "close"
    REOPEN = "reopen"


class ReorganisationStatus(StrEnum):
    """Whether it stands."""

    APPLIED = "applied"
    UNDONE = "undone"


class EffectRole(StrEnum):
    """What an organisation is in the event."""

    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"
    PART = "part"
    """Was a part of one that ends."""
    CHANGED = "changed"


class CarriedOutcome(StrEnum):
    """What became of a thing that bound a predecessor."""

    MOVED = "moved"
    ENDED = "ended"
    KEPT = "kept"


class _Event(In):
    """What every reorganisation tells."""

    on: Date = Field(description="First day of the new order", examples=["2026-09-01"])
    reason: FilledParagraph = Field(description="Why", examples=["The two schools share one building since its repair"])
    legal_basis: FilledLine = Field(
        description="The act that orders it, with its number and day", examples=["Resolution 214 of 14 August 2026"]
    )


class SuccessorCreate(OrganisationAttributes):
    """An organisation that comes into being by the event, on its day."""

    identifiers: list[IdentifierCreate] = Field(
        default_factory=list, max_length=7, description="Its identifiers, one per scheme"
    )


Predecessors = Annotated[list[UUID], AfterValidator(_distinct), _UNIQUE]


class MergeCreate(_Event):
    """Organisations end and one that exists carries on."""

    kind: Literal[ReorganisationKind.MERGE] = Field(description="A merger into an existing organisation")
    predecessors: Predecessors = Field(
        min_length=1,
        max_length=50,
        description="Organisations that end on that day",
        examples=[[_ORGANISATION_EXAMPLE]],
    )
    successor: UUID = Field(description="Who carries on", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4602"])


class MergeNewCreate(_Event):
    """Organisations end and a new one carries on."""

    kind: Literal[ReorganisationKind.MERGE_NEW] = Field(description="A merger into a new organisation")
    predecessors: Predecessors = Field(
        min_length=1,
        max_length=50,
        description="Organisations that end on that day",
        examples=[[_ORGANISATION_EXAMPLE]],
    )
    successor: SuccessorCreate = Field(description="Who carries on, as it begins")


class SplitCreate(_Event):
    """New organisations are made of one that ends or, having lost a part, stays."""

    kind: Literal[ReorganisationKind.SPLIT] = Field(description="A division, or a separation of parts")
    predecessor: UUID = Field(description="What is divided", examples=[_ORGANISATION_EXAMPLE])
    predecessor_stays: Flag = Field(
        default=False, description="Whether it goes on beside the new ones; then all that bound it still does"
    )
    successors: list[SuccessorCreate] = Field(
        min_length=1, max_length=20, description="What comes of it; two at least if the predecessor ends"
    )
    heir: Annotated[Whole, Field(ge=0, le=19)] = Field(
        default=0, description="Which of the successors, from 0, takes over what bound the predecessor", examples=[0]
    )


class Conversion(In):
    """What an organisation becomes; what is absent stays."""

    type: OrganisationType | None = Field(default=None, description="What it is for", examples=["school"])
    kind: OrganisationKind | None = Field(default=None, description="The kind within its type", examples=["lyceum"])
    ownership: Ownership | None = Field(default=None, description="Whose it is", examples=["state"])
    legal_form: Code | None = Field(default=None, description="Legal form", examples=["GKP_PHV"])
    levels: Annotated[list[EducationLevel], AfterValidator(_distinct), _UNIQUE] | None = Field(
        default=None, max_length=6, description="Levels taught (ISCED 0 to 5)", examples=[["primary"]]
    )
    name: TextPatch | None = Field(default=None, description="Its new name, if that changes with it")


class ConvertCreate(_Event):
    """An organisation goes on as another type, kind or legal form, under new numbers if it is registered anew."""

    kind: Literal[ReorganisationKind.CONVERT] = Field(description="A conversion")
    organisation: UUID = Field(description="What is converted", examples=[_ORGANISATION_EXAMPLE])
    to: Conversion = Field(default_factory=Conversion, description="What it becomes")
    identifiers: list[IdentifierCreate] = Field(
        default_factory=list, max_length=7, description="Its new identifiers; the former ones still lead to it"
    )


class RenameCreate(_Event):
    """An organisation is called otherwise."""

    kind: Literal[ReorganisationKind.RENAME] = Field(description="A renaming")
    organisation: UUID = Field(description="What is renamed", examples=[_ORGANISATION_EXAMPLE])
    name: TextPatch = Field(description="Its new name; a language that is absent stays", examples=[_NAME_EXAMPLE])
    short_name: TextPatch | None = Field(default=None, description="Its new name as people say it")


class MoveCreate(_Event):
    """An organisation stands somewhere else."""

    kind: Literal[ReorganisationKind.MOVE] = Field(description="A move, or a change of the area around it")
    organisation: UUID = Field(description="What moves", examples=[_ORGANISATION_EXAMPLE])
    area: Kato | None = Field(default=None, description="KATO code of its new place", examples=["751310000"])
    address: AddressText | None = Field(default=None, description="Street and house")
    location: PointPatch | None = Field(default=None, description="Where it is on the map")


class CloseCreate(_Event):
    """An organisation ends and nobody carries on."""

    kind: Literal[ReorganisationKind.CLOSE] = Field(description="A closing without a successor")
    organisation: UUID = Field(description="What is closed", examples=[_ORGANISATION_EXAMPLE])


class ReopenCreate(_Event):
    """An organisation that was closed, suspended or closing works again."""

    kind: Literal[ReorganisationKind.REOPEN] = Field(description="A reopening")
    organisation: UUID = Field(description="What works again", examples=[_ORGANISATION_EXAMPLE])


ReorganisationCreate = Annotated[
    MergeCreate | MergeNewCreate | SplitCreate | ConvertCreate | RenameCreate | MoveCreate | CloseCreate | ReopenCreate,
    Field(discriminator="kind"),
]


class ReorganisationUndo(In):
    """Why a reorganisation is taken back."""

    reason: FilledParagraph = Field(description="Why", examples=["The resolution was revoked by a court"])


class OrganisationEffect(Out):
    """What changes for one organisation on the day of the event."""

    organisation_id: UUID | None = Field(
        default=None, description="The organisation; null for one that a preview only imagines"
    )
    role: EffectRole = Field(description="What it is in the event", examples=["predecessor"])
    is_new: bool = Field(description="Whether the event makes it", examples=[False])
    name: TextOut = Field(description="Its name from that day on", examples=[_NAME_EXAMPLE])
    changes: list[FieldChange] = Field(
        max_length=100, description="Field by field, the day before and that day; identifiers by their scheme"
    )


class CarriedRead(Out):
    """What becomes of one thing that bound a predecessor."""

    subject: str = Field(
        max_length=40,
        description="What it is: `membership`, `party`, `commitment`, `target`, `observation`, `facility`",
        examples=["membership"],
    )
    subject_id: UUID = Field(description="Which one")
    predecessor: UUID = Field(description="Whom it bound", examples=[_ORGANISATION_EXAMPLE])
    outcome: CarriedOutcome = Field(
        description="`moved` to the successor, `ended` as the successor has the same, or `kept` by its rule",
        examples=["moved"],
    )


class CarriedTotal(Out):
    """How many things of one sort bound the predecessors, and what becomes of them: the three add up."""

    of: str = Field(max_length=40, description="Things of what sort", examples=["observations"])
    bound: int = Field(ge=0, description="How many bound the predecessors", examples=[41])
    moved: int = Field(ge=0, description="How many bind the successor now", examples=[38])
    ended: int = Field(ge=0, description="How many end, since the successor has the same", examples=[2])
    kept: int = Field(ge=0, description="How many stay where they were by their rule", examples=[1])


class ReorganisationEffects(Out):
    """Everything an event changes."""

    organisations: list[OrganisationEffect] = Field(max_length=1000, description="What changes for whom")
    carried: list[CarriedRead] = Field(
        max_length=MOST_SHOWN, description="What becomes of what bound the predecessors; the first thousand"
    )
    totals: list[CarriedTotal] = Field(max_length=20, description="The same counted, all of it")


class ReorganisationRead(Out):
    """A reorganisation with its effects."""

    id: UUID = Field(description="The event", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4f01"])
    kind: ReorganisationKind = Field(description="What happened", examples=["merge"])
    status: ReorganisationStatus = Field(description="Whether it stands", examples=["applied"])
    on: Date = Field(description="First day of the new order", examples=["2026-09-01"])
    reason: str = Field(max_length=10_000, description="Why", examples=["The two schools share one building"])
    legal_basis: str = Field(
        max_length=500, description="The act that orders it", examples=["Resolution 214 of 14 August 2026"]
    )
    organisations: list[UUID] = Field(max_length=1000, description="All organisations it touches")
    effects: ReorganisationEffects = Field(description="Everything it changed")
    asked: dict[str, Any] = Field(description="The event as it was ordered")
    digest_before: str = Field(
        max_length=71,
        description="SHA-256 of all that was held true of these organisations before",
        examples=["sha256:9c…"],
    )
    digest_after: str = Field(max_length=71, description="The same after", examples=["sha256:41…"])
    recorded_at: Instant = Field(description="When it was applied", examples=["2026-08-20T10:15:00+05:00"])
    undone_at: Instant | None = Field(default=None, description="When it was taken back", examples=[None])
    undone_reason: str | None = Field(
        default=None, max_length=10_000, description="Why it was taken back", examples=[None]
    )
    version: int = Field(ge=1, description="1, and 2 after it was taken back", examples=[1])


class ReorganisationSummary(Out):
    """A reorganisation in a list."""

    id: UUID = Field(description="The event", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4f01"])
    kind: ReorganisationKind = Field(description="What happened", examples=["merge"])
    status: ReorganisationStatus = Field(description="Whether it stands", examples=["applied"])
    on: Date = Field(description="First day of the new order", examples=["2026-09-01"])
    legal_basis: str = Field(
        max_length=500, description="The act that orders it", examples=["Resolution 214 of 14 August 2026"]
    )
    organisations: list[UUID] = Field(max_length=1000, description="All organisations it touches")
    recorded_at: Instant = Field(description="When it was applied", examples=["2026-08-20T10:15:00+05:00"])
    undone_at: Instant | None = Field(default=None, description="When it was taken back", examples=[None])


class ReorganisationQuery(PageQuery):
    """Filters of the list of reorganisations."""

    organisation: UUID | None = Field(default=None, description="Only those that touch this organisation")
    kind: ReorganisationKind | None = Field(default=None, description="Only of this kind", examples=["merge"])
    status: ReorganisationStatus | None = Field(default=None, description="Only in this status", examples=["applied"])
    since: Date | None = Field(default=None, description="Only with an effective day from this one on")
    until: Date | None = Field(default=None, description="Only with an effective day before this one")
