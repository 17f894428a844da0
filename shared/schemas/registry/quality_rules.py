"""Rules of data quality on the wire: what a value is checked against, and which small figures are hidden."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from shared.schemas.base import Code, Date, Finite, FullText, In, Instant, Line, Out, TextOut, Whole, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import IndicatorCode

NotNegative = Annotated[Finite, Field(ge=0)]
RuleCode = Annotated[Code, Field(description="The rule's lasting name", examples=["value_implausible"])]


class Severity(StrEnum):
    """What a broken rule means: an error refuses the value, a warning is told, an information is only listed."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class RuleKind(StrEnum):
    """The closed set of expressions."""

    PLAUSIBLE = "plausible"
    RANGE = "range"
    CHANGE = "change"
    RATIO = "ratio"
    COMPARE = "compare"
    REQUIRED = "required"
    PARTS = "parts"


def _bounds(low: float | None, high: float | None) -> None:
    if low is None and high is None:
        raise wrong("bounds_missing", kk="low немесе high керек", ru="Нужно low или high", en="low or high is needed")
    if low is not None and high is not None and low > high:
        raise wrong(
            "bounds_reversed",
            kk="low мәні high мәнінен аспауы керек",
            ru="low не может превышать high",
            en="low cannot exceed high",
        )


class Plausible(In):
    """The value lies in the range its definition calls plausible."""

    kind: Literal[RuleKind.PLAUSIBLE] = Field(description="Which expression", examples=["plausible"])


class Range(In):
    """The value lies between two bounds."""

    kind: Literal[RuleKind.RANGE] = Field(description="Which expression", examples=["range"])
    low: Finite | None = Field(default=None, description="Not below", examples=[0])
    high: Finite | None = Field(default=None, description="Not above", examples=[100])

    @model_validator(mode="after")
    def _in_order(self) -> "Range":
        _bounds(self.low, self.high)
        return self


class Change(In):
    """The value differs from that of the period before by no more than so much; not across a break in the series."""

    kind: Literal[RuleKind.CHANGE] = Field(description="Which expression", examples=["change"])
    most: NotNegative = Field(description="The largest change, up or down", examples=[30])
    measured: Literal["percent", "points"] = Field(
        default="percent",
        description="In percent of the earlier value, or in the indicator's own unit",
        examples=["percent"],
    )


class Ratio(In):
    """The value divided by another indicator of the same subject and period lies between two bounds."""

    kind: Literal[RuleKind.RATIO] = Field(description="Which expression", examples=["ratio"])
    to: IndicatorCode = Field(description="The other indicator", examples=["SCH_SHIFT_COUNT"])
    low: Finite | None = Field(default=None, description="Not below", examples=[0.5])
    high: Finite | None = Field(default=None, description="Not above", examples=[2])

    @model_validator(mode="after")
    def _in_order(self) -> "Ratio":
        _bounds(self.low, self.high)
        return self


class Compare(In):
    """The value stands in a relation to another indicator of the same subject and period."""

    kind: Literal[RuleKind.COMPARE] = Field(description="Which expression", examples=["compare"])
    to: IndicatorCode = Field(description="The other indicator", examples=["SCH_UNT_PARTICIPATION"])
    comparator: Literal["le", "ge", "eq"] = Field(description="Not above it, not below it, equal", examples=["le"])
    tolerance: NotNegative = Field(default=0, description="How far off is still right", examples=[0.1])


class Required(In):
    """Every organisation of the indicator's types that works at the end of a period has to report."""

    kind: Literal[RuleKind.REQUIRED] = Field(description="Which expression", examples=["required"])


class Parts(In):
    """The values of the areas right below an area add up to its own, from the same source."""

    kind: Literal[RuleKind.PARTS] = Field(description="Which expression", examples=["parts"])
    tolerance: NotNegative = Field(default=0, description="How far off is still right", examples=[0.5])


Expression = Annotated[Plausible | Range | Change | Ratio | Compare | Required | Parts, Field(discriminator="kind")]


class RuleSet(In):
    """What a rule says for periods that end from one day on."""

    indicators: list[IndicatorCode] = Field(
        default_factory=list,
        max_length=200,
        description="The indicators it is about; empty, and only for `plausible`: all of them",
        examples=[["SCH_UNT_MEAN"]],
    )
    severity: Severity = Field(description="What a broken rule means", examples=["warning"])
    expression: Expression = Field(description="What has to be so", examples=[{"kind": "range", "low": 0, "high": 140}])
    text: FullText = Field(
        description="What a person is told",
        examples=[{"kk": "Балл 140-тан аспайды", "ru": "Балл не выше 140", "en": "A score is 140 at most"}],
    )
    basis: Line = Field(default="", description="The norm it leans on", examples=["Order 204"])
    valid_from: Date = Field(description="For periods that end on this day or later", examples=["2025-09-01"])
    valid_to: Date | None = Field(
        default=None, description="And before this day; null: without an end", examples=[None]
    )

    @model_validator(mode="after")
    def _consistent(self) -> "RuleSet":
        if not self.indicators and self.expression.kind is not RuleKind.PLAUSIBLE:
            raise wrong(
                "indicators_missing",
                kk="Кемінде бір көрсеткіш керек",
                ru="Нужен хотя бы один показатель",
                en="At least one indicator is needed",
            )
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise wrong(
                "validity_reversed",
                kk="valid_to күні valid_from күнінен кейін болуы керек",
                ru="valid_to должна быть позже valid_from",
                en="valid_to must be after valid_from",
            )
        return self


class RuleEnd(In):
    """From when on a rule is no longer applied."""

    on: Date = Field(description="For periods that end on this day or later it does not hold", examples=["2026-09-01"])


class RuleRead(Out):
    """What a rule says for some stretch of days."""

    id: UUID = Field(description="This wording", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    code: str = Field(max_length=64, description="The rule's lasting name", examples=["value_implausible"])
    indicators: list[str] = Field(max_length=200, description="What it is about; empty: all", examples=[[]])
    severity: Severity = Field(description="What a broken rule means", examples=["warning"])
    expression: Expression = Field(description="What has to be so", examples=[{"kind": "plausible"}])
    text: TextOut = Field(description="What a person is told")
    basis: str = Field(max_length=500, description="The norm it leans on", examples=[""])
    valid_from: Date | None = Field(description="For periods that end from here on", examples=["2025-09-01"])
    valid_to: Date | None = Field(description="And before; null: without an end", examples=[None])
    recorded_from: Instant = Field(description="Known since", examples=["2026-09-01T09:00:00+05:00"])


class RuleQuery(In):
    """Which wording of a rule."""

    as_of: Date | None = Field(
        default=None, description="For a period that ends on this day; by default today", examples=["2026-08-31"]
    )
    known_at: Instant | None = Field(
        default=None, description="As it was known at that moment", examples=["2026-11-15T00:00:00+05:00"]
    )


class RulesQuery(PageQuery, RuleQuery):
    """Which rules."""

    model_config = ConfigDict(extra="forbid")

    indicator: IndicatorCode | None = Field(
        default=None, description="Only those about it, or about all", examples=["SCH_UNT_MEAN"]
    )
    severity: Severity | None = Field(default=None, description="Only of this severity", examples=["error"])


class DisclosureRuleSet(In):
    """How few persons an indicator may show to the public."""

    fewest: Whole = Field(ge=2, le=1000, description="Figures of fewer persons are hidden", examples=[5])
    basis: Line = Field(default="", description="Why", examples=["Counts of children"])


class DisclosureRuleRead(Out):
    """An indicator whose small figures are hidden from the public, with others that would give them away."""

    indicator: str = Field(max_length=64, description="The indicator", examples=["REG_FAMILY_PLACEMENT"])
    fewest: int = Field(ge=2, le=1000, description="Figures of fewer persons are hidden", examples=[5])
    basis: str = Field(max_length=500, description="Why", examples=["Counts of children"])
    updated_at: Instant = Field(description="Since when", examples=["2026-11-22T09:00:00+05:00"])


class DisclosureRules(Out):
    """All of them."""

    items: list[DisclosureRuleRead] = Field(max_length=1000, description="In the order of their indicators")
