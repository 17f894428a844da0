"""The histories of a construction project: stages, dates, costs, risks, and what is true of the building."""

from pydantic import Field

from shared.schemas.base import (
    Date,
    Edtf,
    Flag,
    In,
    Instant,
    Line,
    Out,
)
from shared.schemas.registry.construction_words import (
    ConstructionReason,
    CostKind,
    DateKind,
    Fact,
    Gate,
    GateEvidenceRead,
    Money,
    RiskArea,
    RiskLevel,
    Stage,
)

_EVIDENCE = {"kind": "land_decision", "reference": "Постановление акимата № 112 от 04.03.2025"}


class GateDateCreate(In):
    """A date of a gate, as it is foreseen or agreed now."""

    gate: Gate = Field(description="Which gate", examples=["operating"])
    kind: DateKind = Field(description="Foreseen, agreed, or what came to pass", examples=["forecast"])
    date: Edtf = Field(description="The date, as exact as it is known", examples=["2026-09"])
    reason: ConstructionReason | None = Field(
        default=None, description="Why it moved; needed where a date of that kind stands", examples=["utilities"]
    )
    comment: Line | None = Field(default=None, description="What else is to be said", examples=["Нет ввода тепла"])
    source: Line | None = Field(default=None, description="Who says so", examples=["Управление строительства"])


class CostCreate(In):
    """A sum of money: planned, contracted or spent."""

    kind: CostKind = Field(description="What the sum is", examples=["contract"])
    amount: Money = Field(description="How much, in tenge", examples=["9800000000.00"])
    on: Date | None = Field(default=None, description="Since when; by default today", examples=["2025-06-01"])
    reason: ConstructionReason | None = Field(
        default=None, description="Why it varies; needed where a sum of that kind stands", examples=["prices"]
    )
    comment: Line | None = Field(default=None, description="What else is to be said", examples=["Доп. соглашение № 2"])


class RiskCreate(In):
    """How great a risk is from a day on."""

    area: RiskArea = Field(description="What is at risk", examples=["opening"])
    level: RiskLevel = Field(description="How great", examples=["high"])
    on: Date | None = Field(default=None, description="Since when; by default today", examples=["2026-03-01"])
    note: Line = Field(default="", description="Why it is so", examples=["Нет директора из резерва"])


class FactCreate(In):
    """Something that is true of the building from a day on."""

    fact: Fact = Field(description="Built, commissioned or operating", examples=["built"])
    on: Date | None = Field(default=None, description="First day it is so; by default today", examples=["2025-08-20"])
    holds: Flag = Field(
        default=True, description="False: from that day on it is so no longer, or never was", examples=[True]
    )
    source: Line = Field(default="", description="Who says so", examples=["Акт приёмки от 20.08.2025"])


class IdleReasonCreate(In):
    """Why a school that is built does not teach."""

    reason: ConstructionReason = Field(description="The reason", examples=["utilities"])
    on: Date | None = Field(default=None, description="Since when; by default today", examples=["2025-09-01"])
    note: Line = Field(default="", description="What else is to be said", examples=["Нет ввода тепла"])


class StageChangeRead(Out):
    """One step of a project."""

    number: int = Field(ge=1, description="ProjectCounts the steps", examples=[2])
    from_stage: Stage | None = Field(default=None, description="Where it was", examples=["planned"])
    to_stage: Stage = Field(description="Where it came to", examples=["land"])
    effective_on: Date = Field(description="On which day", examples=["2025-03-04"])
    reason: ConstructionReason | None = Field(default=None, description="Why it left the line", examples=[None])
    comment: str | None = Field(default=None, description="What else was said", examples=["Участок 4,2 га"])
    evidence: list[GateEvidenceRead] = Field(max_length=20, description="The documents", examples=[[_EVIDENCE]])
    recorded_at: Instant = Field(description="When we learned of it", examples=["2025-03-05T09:00:00+05:00"])


class StageHistory(Out):
    """All steps of a project."""

    items: list[StageChangeRead] = Field(description="In their order", max_length=10_000)


class GateDateRead(Out):
    """One statement about the date of a gate."""

    kind: DateKind = Field(description="Foreseen, agreed, or what came to pass", examples=["forecast"])
    date: str = Field(description="The date, as exact as it was known", examples=["2026-09"])
    moved_days: int | None = Field(
        default=None, description="Days it moved against the statement of that kind before it", examples=[62]
    )
    reason: ConstructionReason | None = Field(default=None, description="Why it moved", examples=["utilities"])
    comment: str | None = Field(default=None, description="What else was said", examples=["Нет ввода тепла"])
    source: str | None = Field(default=None, description="Who said so", examples=["Управление строительства"])
    recorded_at: Instant = Field(description="When we learned of it", examples=["2025-03-05T09:00:00+05:00"])


class GateTimetable(Out):
    """One gate: what stands, how far it slipped, and all that was ever said of it."""

    gate: Gate = Field(description="The gate", examples=["operating"])
    agreed: str | None = Field(default=None, description="The first date that was agreed", examples=["2026-09-01"])
    forecast: str | None = Field(default=None, description="The last date that was foreseen", examples=["2026-11-01"])
    actual: str | None = Field(default=None, description="When it came to pass", examples=[None])
    slip_days: int | None = Field(
        default=None,
        description="Days between the first agreed date and the actual or last foreseen one; null without both",
        examples=[61],
    )
    history: list[GateDateRead] = Field(description="Every statement, in the order of recording", max_length=10_000)


class Timetable(Out):
    """The dates of a project, gate by gate."""

    gates: list[GateTimetable] = Field(description="In the order of the pipeline", max_length=6)


class CostRead(Out):
    """One statement about the cost."""

    kind: CostKind = Field(description="What the sum is", examples=["contract"])
    amount: str = Field(description="How much, in tenge", examples=["9800000000.00"])
    currency: str = Field(description="Always tenge", examples=["KZT"])
    effective_on: Date = Field(description="Since when", examples=["2025-06-01"])
    variation: str | None = Field(
        default=None, description="Against the sum of that kind before it, with its sign", examples=["400000000.00"]
    )
    reason: ConstructionReason | None = Field(default=None, description="Why it varies", examples=["prices"])
    comment: str | None = Field(default=None, description="What else was said", examples=["Доп. соглашение № 2"])
    recorded_at: Instant = Field(description="When we learned of it", examples=["2025-06-02T09:00:00+05:00"])


class CostHistory(Out):
    """What a project costs: what stands of each kind, and how it came to it."""

    plan: str | None = Field(default=None, description="What is planned now", examples=["9400000000.00"])
    contract: str | None = Field(default=None, description="What is contracted now", examples=["9800000000.00"])
    actual: str | None = Field(default=None, description="What was spent", examples=[None])
    over_plan_percent: float | None = Field(
        default=None, description="The actual sum, or else the contract, against the first plan", examples=[4.2553]
    )
    history: list[CostRead] = Field(description="Every statement, in the order of recording", max_length=10_000)


class RiskRead(Out):
    """How great a risk was in a period."""

    area: RiskArea = Field(description="What is at risk", examples=["opening"])
    level: RiskLevel = Field(description="How great", examples=["high"])
    note: str = Field(description="Why it is so", max_length=500, examples=["Нет директора из резерва"])
    valid_from: Date = Field(description="First day", examples=["2026-03-01"])
    valid_until: Date | None = Field(default=None, description="First day it is so no longer", examples=[None])
    recorded_at: Instant = Field(description="When we learned of it", examples=["2026-03-01T09:00:00+05:00"])
    superseded_at: Instant | None = Field(default=None, description="When we learned otherwise", examples=[None])


class RiskHistory(Out):
    """The risks of a project."""

    items: list[RiskRead] = Field(description="By area and time", max_length=10_000)


class FactRead(Out):
    """In which period something is true of the building."""

    fact: Fact = Field(description="Built, commissioned or operating", examples=["built"])
    valid_from: Date = Field(description="First day it is so", examples=["2025-08-20"])
    valid_until: Date | None = Field(default=None, description="First day it is so no longer", examples=[None])
    source: str = Field(description="Who says so", max_length=500, examples=["Акт приёмки от 20.08.2025"])
    recorded_at: Instant = Field(description="When we learned of it", examples=["2025-08-21T09:00:00+05:00"])
    superseded_at: Instant | None = Field(default=None, description="When we learned otherwise", examples=[None])


class FactHistory(Out):
    """What is and was true of the building."""

    items: list[FactRead] = Field(description="By fact and time", max_length=10_000)


class TrailQuery(In):
    """What was known when."""

    known_at: Instant | None = Field(
        default=None, description="What was known at that moment; by default what is known now"
    )
