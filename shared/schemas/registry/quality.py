"""Data quality on the wire: findings, runs of the check, completeness, scores, outliers, candidates for duplicates."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Date, FilledLine, Finite, In, Instant, Kato, Out, Share, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.observations import PeriodText
from shared.schemas.registry.organisation_words import OrganisationType
from shared.schemas.registry.quality_rules import RuleCode, Severity


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class FindingRead(Out):
    """A value that breaks a rule."""

    id: UUID = Field(description="The finding", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    rule: str = Field(max_length=64, description="The rule that is broken", examples=["value_implausible"])
    text: TextOut | None = Field(description="What the rule says; null once it has ended")
    severity: Severity = Field(description="What it means", examples=["warning"])
    organisation_id: UUID | None = Field(description="The organisation observed", examples=[None])
    area: str | None = Field(
        max_length=9, description="The area observed, or where the organisation is", examples=["750000000"]
    )
    indicator: str = Field(max_length=64, description="The indicator", examples=["SCH_UNT_MEAN"])
    period: str = Field(max_length=9, description="The period", examples=["2025-2026"])
    source_system: str | None = Field(max_length=100, description="Who reported it", examples=["NTC"])
    observation_id: UUID | None = Field(description="The revision; null where a value is missing", examples=[None])
    value: Finite | None = Field(description="The value", examples=[131.0])
    low: Finite | None = Field(description="It was expected not to be below", examples=[30.0])
    high: Finite | None = Field(description="Nor above", examples=[125.0])
    state: FindingState = Field(description="Where it stands", examples=["open"])
    found_at: Instant = Field(description="First seen", examples=["2026-11-22T02:00:00+05:00"])
    seen_at: Instant = Field(description="Last seen", examples=["2026-11-22T02:00:00+05:00"])
    resolved_at: Instant | None = Field(description="Since when it is gone", examples=[None])
    acknowledged_at: Instant | None = Field(description="When it was acknowledged", examples=[None])
    acknowledged_by: str | None = Field(max_length=255, description="By whom", examples=[None])
    acknowledged_reason: str | None = Field(max_length=500, description="Why it may stay", examples=[None])


class FindingsQuery(PageQuery):
    """Which findings."""

    state: FindingState | None = Field(default=None, description="Only in this state", examples=["open"])
    severity: Severity | None = Field(default=None, description="Only of this severity", examples=["error"])
    rule: RuleCode | None = Field(default=None, description="Only of this rule", examples=["value_implausible"])
    indicator: IndicatorCode | None = Field(default=None, description="Only of it", examples=["SCH_UNT_MEAN"])
    period: PeriodText | None = Field(default=None, description="Only of this period", examples=["2025-2026"])
    area: Kato | None = Field(
        default=None, description="Only in this area and the areas inside it", examples=["750000000"]
    )
    organisation: UUID | None = Field(
        default=None, description="Only of this organisation", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"]
    )


class FindingAcknowledge(In):
    """Why the value may stay as it is."""

    reason: FilledLine = Field(description="Why", examples=["A gymnasium; checked against the protocol"])


class CheckCreate(In):
    """What is to be checked."""

    indicator: IndicatorCode | None = Field(
        default=None,
        description="Only this indicator; by default everything, and organisations registered twice",
        examples=["SCH_UNT_MEAN"],
    )


class RunFigures(Out):
    """What a check found."""

    observations: int = Field(default=0, ge=0, description="Values that stand", examples=[480_000])
    errors: int = Field(default=0, ge=0, description="Errors that are open", examples=[0])
    warnings: int = Field(default=0, ge=0, description="Warnings that are open", examples=[12])
    infos: int = Field(default=0, ge=0, description="Informations that are open", examples=[140])
    acknowledged: int = Field(default=0, ge=0, description="Findings that may stay", examples=[3])
    opened: int = Field(default=0, ge=0, description="Findings this check saw first, or again", examples=[5])
    resolved: int = Field(default=0, ge=0, description="Findings it saw no more", examples=[7])
    duplicates: int = Field(default=0, ge=0, description="Pairs waiting for a decision", examples=[1])


class RunRead(Out):
    """One check: a point of the trend."""

    id: UUID = Field(description="The check", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    day: Date = Field(description="Its day in Kazakhstan", examples=["2026-11-22"])
    occasion: Literal["nightly", "asked"] = Field(description="By itself at night, or asked for", examples=["nightly"])
    indicator: str | None = Field(max_length=64, description="Only this indicator; null: all", examples=[None])
    started_at: Instant = Field(description="When it was asked for", examples=["2026-11-22T02:00:00+05:00"])
    finished_at: Instant | None = Field(description="When it was done", examples=["2026-11-22T02:00:04+05:00"])
    job_id: UUID | None = Field(description="The job that does it", examples=[None])
    figures: RunFigures = Field(description="What it found")


class RunsQuery(PageQuery):
    """Which checks, newest first."""

    since: Date | None = Field(default=None, description="Only on this day or later", examples=["2026-11-01"])


class CompletenessQuery(In):
    """Which report."""

    period: PeriodText = Field(description="The period: indicators measured for such periods", examples=["2025-2026"])
    by: Literal["indicator", "area", "owner"] = Field(
        default="indicator",
        description="A line for each indicator, each area right below `area` (or region), or each owner of the data: "
        "the system an indicator comes from",
        examples=["area"],
    )
    indicator: IndicatorCode | None = Field(default=None, description="Only it", examples=["SCH_UNT_MEAN"])
    area: Kato | None = Field(
        default=None, description="Only organisations in this area and those inside it", examples=["750000000"]
    )


class CompletenessLine(Out):
    """How much of what was expected was reported, and how much of that is plausible."""

    key: str = Field(max_length=500, description="The indicator, area or owner", examples=["750000000"])
    expected: int = Field(ge=0, description="Values expected: one of each organisation that works", examples=[250])
    reported: int = Field(ge=0, description="Reported, be it that there is none", examples=[245])
    valued: int = Field(ge=0, description="Reported with a value", examples=[240])
    implausible: int = Field(ge=0, description="Outside the plausible range", examples=[2])
    completeness: Share | None = Field(description="reported / expected", examples=[0.98])
    plausibility: Share | None = Field(description="1 - implausible / valued", examples=[0.9917])


class CompletenessReport(Out):
    """Lines in the order of their keys, and all of them together."""

    period: str = Field(max_length=9, description="The period", examples=["2025-2026"])
    items: list[CompletenessLine] = Field(max_length=20_000, description="Line by line")
    total: CompletenessLine = Field(description="All together; its key is `total`")


class SilentQuery(PageQuery):
    """Who has not reported what."""

    indicator: IndicatorCode = Field(description="The indicator", examples=["SCH_UNT_MEAN"])
    period: PeriodText = Field(description="The period", examples=["2025-2026"])
    area: Kato | None = Field(
        default=None, description="Only organisations in this area and those inside it", examples=["750000000"]
    )


class SilentRead(Out):
    """An organisation that has not reported."""

    organisation_id: UUID = Field(description="Which", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    name: TextOut = Field(description="What it is called")
    area: str | None = Field(max_length=9, description="Where it is", examples=["751310000"])


class ScoresQuery(PageQuery):
    """Which organisations, worst first."""

    period: PeriodText = Field(description="The period", examples=["2025-2026"])
    organisation_type: OrganisationType | None = Field(
        default=None, description="Only of this type", examples=["school"]
    )
    area: Kato | None = Field(default=None, description="Only in this area and those inside it", examples=["750000000"])


class ScoreRead(SilentRead):
    """How well an organisation reports."""

    expected: int = Field(ge=0, description="Values expected of it", examples=[30])
    reported: int = Field(ge=0, description="Reported", examples=[29])
    valued: int = Field(ge=0, description="Reported with a value", examples=[28])
    implausible: int = Field(ge=0, description="Outside the plausible range", examples=[1])
    open_errors: int = Field(ge=0, description="Open findings that are errors", examples=[0])
    score: Finite = Field(
        ge=0, le=100, description="100 · reported / expected · (1 - implausible / valued)", examples=[93.21]
    )


class OutliersQuery(In):
    """Which values, farthest first."""

    indicator: IndicatorCode = Field(description="The indicator", examples=["SCH_UNT_MEAN"])
    period: PeriodText = Field(description="The period", examples=["2025-2026"])
    area: Kato | None = Field(
        default=None,
        description="Only show those in this area and inside it; compared with the whole country",
        examples=["750000000"],
    )
    threshold: float = Field(
        default=3.5, ge=1, le=100, description="Robust z from which a value is an outlier", examples=[3.5]
    )
    limit: int = Field(default=50, ge=1, le=200, description="How many at most", examples=[50])


class OutlierRead(SilentRead):
    """A value far from those of its peers."""

    type: OrganisationType = Field(description="Compared with organisations of this type", examples=["school"])
    value: Finite = Field(description="The value", examples=[131.0])
    median: Finite = Field(description="Median of the peers", examples=[69.0])
    mad: Finite = Field(ge=0, description="Median absolute deviation of the peers", examples=[6.1])
    peers: int = Field(ge=0, description="How many peers have a value", examples=[240])
    z: Finite = Field(description="0.6745 · (value - median) / MAD", examples=[6.86])


class Outliers(Out):
    """Values far from those of their peers, farthest first."""

    items: list[OutlierRead] = Field(max_length=200, description="One by one")


class DuplicateState(StrEnum):
    """Where a pair stands."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"
    GONE = "gone"


class DuplicateSide(SilentRead):
    """One of two."""


class DuplicateHint(Out):
    """What to do about two records of one organisation."""

    action: Literal["merge"] = Field(description="One is merged into the other", examples=["merge"])
    path: str = Field(max_length=100, description="Where", examples=["/v1/reorganisations"])
    predecessor: UUID = Field(
        description="The record that was made later", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c11"]
    )
    successor: UUID = Field(description="The one that stays", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])


class DuplicateRead(Out):
    """Two records that may be one organisation."""

    id: UUID = Field(description="The pair", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    first: DuplicateSide = Field(description="The record that was made first")
    second: DuplicateSide = Field(description="The other")
    score: Share = Field(description="How alike, 0 to 1", examples=[0.86])
    same_number: bool = Field(description="They bear the same number", examples=[True])
    same_area: bool = Field(description="They lie in the same area", examples=[True])
    similarity: Share = Field(description="How alike the folded names are", examples=[0.72])
    distance_m: int | None = Field(ge=0, description="Metres between them, where both are known", examples=[40])
    state: DuplicateState = Field(description="Where the pair stands", examples=["open"])
    found_at: Instant = Field(description="Since when", examples=["2026-11-22T02:00:00+05:00"])
    decided_at: Instant | None = Field(description="When it was decided", examples=[None])
    decided_by: str | None = Field(max_length=255, description="By whom", examples=[None])
    decided_reason: str | None = Field(max_length=500, description="Why", examples=[None])
    hint: DuplicateHint | None = Field(description="What to do, where they are the same")


class DuplicatesQuery(PageQuery):
    """Which pairs, most alike first."""

    state: DuplicateState | None = Field(
        default=DuplicateState.OPEN, description="Only in this state; `open` unless said otherwise", examples=["open"]
    )
    area: Kato | None = Field(default=None, description="Only in this area and those inside it", examples=["750000000"])


class DuplicateDecide(In):
    """What a person found out."""

    decision: Literal["same", "different"] = Field(
        description="`same`: one is to be merged into the other; `different`: never ask again", examples=["different"]
    )
    reason: FilledLine = Field(description="Why", examples=["One is the evening school in the same building"])
