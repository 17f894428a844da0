"""What the public reads: editions, their entries, and why each entry is what it is."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Code, Date, FullParagraph, FullText, In, Kato, Line, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.rating.explanations import (
    NextBandRead,
    PeersRead,
    PlaceByChoices,
    PlaceByData,
    ReasonTold,
    SinceLastEdition,
)
from shared.schemas.rating.runs import ResultRead
from shared.schemas.tables import Attribute


class PublicationCreate(In):
    """A run to be put before the public."""

    run_id: UUID = Field(description="A run that succeeded, of an agreed methodology")
    title: FullText | None = Field(
        default=None, description="Title of the edition in Kazakh and Russian; default: that of the methodology"
    )
    note: FullParagraph | None = Field(
        default=None,
        description="What readers should know, in Kazakh and Russian; needed with `corrects`: what changed and why",
    )
    corrects: UUID | None = Field(default=None, description="The edition in force that this one puts right")
    waive_appeals: FullParagraph | None = Field(
        default=None,
        description="Why there is no preview, no full window, or no answer to an appeal yet although the methodology "
        "promises them; the edition says so openly",
        examples=[{"kk": "Мерзім заңмен белгіленген.", "ru": "Срок установлен законом."}],
    )


class PublicationStatus(StrEnum):
    """Whether an edition is the one in force."""

    CURRENT = "current"
    SUPERSEDED = "superseded"


class PublicationQuery(PageQuery):
    """Which editions to list."""

    code: Code | None = Field(
        default=None, description="Only editions of this methodology", examples=["schools-public"]
    )
    on: Date | None = Field(
        default=None, description="Only what was in force at the end of this day in Kazakhstan", examples=["2026-01-31"]
    )


class PublicationRead(Out):
    """One edition: immutable, and replaced only by a later one."""

    id: UUID = Field(description="Identifier of the edition")
    code: str = Field(description="The methodology's code", max_length=64, examples=["schools-public"])
    edition: int = Field(description="Number of the edition within its code, from 1", ge=1, le=100_000, examples=[1])
    title: TextOut = Field(description="Title")
    note: TextOut | None = Field(description="What readers should know")
    status: PublicationStatus = Field(description="Current or superseded")
    period: str = Field(description="The period whose observations count", max_length=9, examples=["2025-2026"])
    as_of: date = Field(description="The day on which organisations were taken")
    published_at: datetime = Field(description="When it was published")
    published_on: date = Field(
        description="The day in Kazakhstan on which it was published: by it deadlines are judged",
        examples=["2026-12-31"],
    )
    updated_at: datetime = Field(description="When anything about it last changed: publication or supersession")
    superseded_at: datetime | None = Field(description="When another edition replaced it")
    superseded_by: UUID | None = Field(description="The edition that replaced it")
    corrects: UUID | None = Field(description="The edition it puts right; `note` tells what changed")
    appeals_waived: TextOut | None = Field(
        description="Why organisations had no full window for appeals, or have no answer yet; null: they had both, or "
        "the methodology promises neither"
    )
    checked_by_another: bool | None = Field(
        description="Whether the run was checked by somebody other than who asked for it; null: nobody checked it"
    )
    run_id: UUID = Field(description="The run it shows")
    methodology_id: UUID = Field(description="The version of the methodology")
    methodology_digest: str = Field(description="Digest of the methodology's document", max_length=71)
    snapshot_digest: str = Field(description="Digest of the data", max_length=71)
    result_digest: str = Field(description="Digest of the result", max_length=71)
    organisations: int = Field(description="How many organisations it speaks of", ge=0, le=1_000_000)
    rated: int = Field(description="How many of them are rated", ge=0, le=1_000_000)


class EntryQuery(PageQuery):
    """Which entries to list, and in which order."""

    q: Line | None = Field(default=None, description="Words of the name, in any spelling", examples=["момышулы 46"])
    area: Kato | None = Field(default=None, description="Only this area and what lies in it", examples=["390000000"])
    band: Line | None = Field(default=None, description="Only this band", examples=["A"])
    status: str | None = Field(
        default=None, pattern=r"^(rated|not_rated)$", description="Only rated or only not rated", examples=["rated"]
    )
    sort: str = Field(
        default="rank", pattern=r"^(rank|name)$", description="By place, or by name in Kazakh order", examples=["rank"]
    )


class EntryRead(ResultRead):
    """One organisation in an edition."""

    area: str | None = Field(description="KATO code of its area", max_length=9, examples=["391010000"])


class Light(StrEnum):
    """Whether a node has come to where it should be."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class ProgressOf(Out):
    """What a progress is made of: (actual - baseline)/(target - baseline)."""

    actual: float | None = Field(description="What was measured last, in the indicator's unit", examples=[75.0])
    baseline: float | None = Field(description="Where it began", examples=[66.7])
    target: float | None = Field(description="What was promised", examples=[86.0])


class ContributionRead(Out):
    """What one indicator brought."""

    indicator: str = Field(description="The indicator", max_length=64, examples=["SCH_UNT_MEAN"])
    name: TextOut = Field(description="What it is called")
    unit: str | None = Field(description="Its unit of measure", max_length=40, examples=["score_0_140"])
    path: list[str] = Field(
        description="The nodes above it, from the root", max_length=20, examples=[["index", "outcomes"]]
    )
    direction: str = Field(description="`higher` or `lower` is better", max_length=10, examples=["higher"])
    weight: float = Field(description="Its nominal weight in the whole, 0 to 1", ge=0, le=1.0000001, examples=[0.1])
    value: float | None = Field(description="The observed value, in its unit", examples=[71.2])
    n: float | None = Field(description="How many units the value rests on", examples=[26])
    normalised: float | None = Field(description="The value on the methodology's scale", examples=[45.1])
    contribution: float | None = Field(
        description="Points of the score it brought; the contributions of a rated organisation sum to its score",
        examples=[4.51],
    )
    reason: str | None = Field(
        description="Why there is no value; `under_appeal` where the organisation disputes it: the value shown stands "
        "until the decision",
        max_length=40,
        examples=["not_sampled"],
    )
    source: str = Field(description="The service whose data it is", max_length=20, examples=["registry"])
    coded: str | None = Field(
        default=None,
        description="What is told instead of a value that rests on too few people",
        max_length=20,
        examples=["at_most_5_percent"],
    )
    difference: float | None = Field(
        default=None,
        description="What it brought more than it brought the peers on average; sums to the difference from their mean",
        examples=[-1.2],
    )
    factor: float | None = Field(
        default=None,
        description="In a tree of geometric means throughout: the score is the product of these",
        examples=[1.31],
    )
    carried_from: str | None = Field(
        default=None,
        description="The earlier period whose value stands in for one that was not sampled; null for a value of the "
        "period itself",
        max_length=9,
        examples=["2023-2024"],
    )
    progress: ProgressOf | None = Field(
        default=None,
        description="What the value is made of where the methodology scores progress to a target: it is then percent "
        "of the way, below 0 and above 100 too",
    )


class EntryBody(EntryRead):
    """One organisation in a run, with everything that made its score."""

    lights: dict[str, Light | None] | None = Field(
        default=None,
        description="Green, amber or red for every node, where the methodology tells lights; null for one without data",
        examples=[{"K1-preschool": "green"}],
    )
    code: str = Field(description="The methodology's code", max_length=64)
    period: str = Field(description="The period whose observations count", max_length=9)
    as_of: date = Field(description="The day on which organisations were taken")
    of: int = Field(description="How many organisations are rated in this edition", ge=0, le=1_000_000)
    attributes: dict[str, Attribute] = Field(description="What was known of the organisation on that day")
    contributions: list[ContributionRead] = Field(
        description="Every indicator of the methodology, in its order", max_length=1000
    )
    merged_contribution: float | None = Field(
        default=None,
        description="Together what the indicators brought whose contributions are not told one by one, for they rest "
        "on too few people",
        examples=[7.2],
    )
    missing: dict[str, int] = Field(
        description="How many indicators lack a value, by reason", examples=[{"not_sampled": 1}]
    )
    reasons: list[ReasonTold] = Field(default=[], description="The same in words", max_length=20)
    limited: list[str] = Field(
        default=[],
        description="Nodes or indicators whose level holds the band down",
        max_length=50,
        examples=[["safety"]],
    )
    sampling: PlaceByData | None = Field(
        default=None, description="How sure the place is by the data; null: their variances are not known"
    )
    choices: PlaceByChoices | None = Field(
        default=None, description="How sure the place is by the method's choices; null: none are declared"
    )
    peers: PeersRead | None = Field(default=None, description="Where it stands among those it is like")
    next_band: NextBandRead | None = Field(
        default=None, description="What would lead to the next band; null without bands or in the best one"
    )
    since_last: SinceLastEdition | None = Field(
        default=None, description="What moved the score since the last edition; null: this is the first one"
    )
    reading: list[TextOut] = Field(default=[], description="How all this is to be read", max_length=10)
    questions: TextOut | None = Field(default=None, description="Whom to ask about the data and about the method")
    methodology_digest: str = Field(description="Digest of the methodology's document", max_length=71)
    snapshot_digest: str = Field(description="Digest of the data", max_length=71)


class EntryExplained(EntryBody):
    """One organisation in an edition, with everything that made its score."""

    publication_id: UUID = Field(description="The edition")


class TrajectoryPoint(Out):
    """One organisation in one edition."""

    publication_id: UUID = Field(description="The edition")
    code: str = Field(description="The methodology's code", max_length=64)
    edition: int = Field(description="Number of the edition", ge=1, le=100_000)
    status: PublicationStatus = Field(description="Whether the edition is in force")
    period: str = Field(description="The period whose observations count", max_length=9)
    published_at: datetime = Field(description="When it was published")
    score: float | None = Field(description="The score")
    rank: int | None = Field(description="The place", ge=1, le=1_000_000)
    of: int = Field(description="How many were rated", ge=0, le=1_000_000)
    band: str | None = Field(description="The band", max_length=40)


class Trajectory(Out):
    """One organisation over all editions it stands in, oldest first."""

    organisation_id: UUID = Field(description="The organisation")
    items: list[TrajectoryPoint] = Field(description="Its entries", max_length=1000)
