"""Figures for everybody: values of areas and of organisations, without those that would give people away."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Finite, In, Instant, Kato, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.observations import ObservationStatus, PeriodText, Source
from shared.schemas.registry.organisation_words import OrganisationType
from shared.schemas.tables import MissingReason


class Interval(Out):
    """Where the true value lies, in 95 of 100 such measurements."""

    low: Finite = Field(description="Lower bound", examples=[53.13])
    high: Finite = Field(description="Upper bound", examples=[88.81])
    method: Literal["wilson", "normal"] = Field(
        description="`wilson` for shares, from n; `normal` from the sampling variance", examples=["wilson"]
    )


class Figure(Out):
    """A value as anybody may see it."""

    value: Finite | None = Field(description="The value; null where there is none to show", examples=[75.0])
    n: int | None = Field(ge=0, description="How many units it rests on", examples=[20])
    count: int | None = Field(
        ge=0, description="Of a share: how many of them it is true of, as value and n tell", examples=[15]
    )
    reason: MissingReason | None = Field(
        description="Why no value is shown: `suppressed` for few people or because a sum would give them away, "
        "`below_min_n` for a result that rests on too few",
        examples=[None],
    )
    flag: Literal["none"] | None = Field(
        description="`none`: there is nothing to divide by, such as no psychologist at all", examples=[None]
    )
    interval: Interval | None = Field(description="How sure it is, where that can be told")
    status: ObservationStatus | None = Field(description="How firm it is", examples=["final"])
    source_system: str | None = Field(max_length=100, description="Who reported it", examples=["NEDB"])
    break_in_series: bool = Field(description="Not comparable with the periods before", examples=[False])


class AreaFigure(Figure):
    """The value of one area."""

    area: str = Field(max_length=9, description="The area", examples=["350000000"])
    parent: str | None = Field(max_length=9, description="The area above that has a value too", examples=[None])


class Split(Out):
    """What the parts of the area add up to; only where all of them are shown."""

    areas: int = Field(ge=0, description="How many parts have a value", examples=[3])
    value: Finite | None = Field(description="Their sum; of shares: the share over all of them", examples=[33.33])
    n: int | None = Field(ge=0, description="Units of all parts", examples=[120])
    count: int | None = Field(ge=0, description="Of shares: how many of them it is true of", examples=[40])
    agrees: bool | None = Field(description="Whether they add up to the area's own value", examples=[True])


class AreaTable(Out):
    """An indicator of an area and the areas right below it."""

    indicator: str = Field(max_length=64, description="What was measured", examples=["REG_SERVICE_HOUSING"])
    indicator_version: int = Field(ge=1, description="By which definition", examples=[1])
    unit: str = Field(max_length=40, description="Unit of measure", examples=["percent"])
    period: str = Field(max_length=9, description="The stretch of time", examples=["2025-H1"])
    area: str | None = Field(max_length=9, description="The area above; null: the regions", examples=["350000000"])
    items: list[AreaFigure] = Field(max_length=20_000, description="The area itself first, then those below by code")
    split: Split | None = Field(description="The parts added up; null where a part is not shown or there is none")


class AreaTableQuery(In):
    """Which table."""

    indicator: IndicatorCode = Field(description="What was measured", examples=["REG_FAMILY_PLACEMENT"])
    period: PeriodText = Field(description="The stretch of time", examples=["2025-H1"])
    area: Kato | None = Field(
        default=None,
        description="This area and those right below it; by default the regions",
        examples=["350000000"],
    )
    source_system: Source | None = Field(
        default=None, description="What this source says; by default whichever spoke last", examples=["NEDB"]
    )
    known_at: Instant | None = Field(
        default=None, description="As it was known at that moment", examples=["2026-11-15T00:00:00+05:00"]
    )


class OrganisationFigure(Figure):
    """The value of one organisation."""

    organisation_id: UUID = Field(description="The organisation", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    name: TextOut = Field(description="What it is called")
    area: str | None = Field(max_length=9, description="Where it is", examples=["790000000"])


class OrganisationFiguresQuery(PageQuery):
    """Which organisations, in which order."""

    indicator: IndicatorCode = Field(description="What was measured", examples=["SCH_PUPILS_PER_PSYCHOLOGIST"])
    period: PeriodText = Field(description="The stretch of time", examples=["2025-2026"])
    organisation_type: OrganisationType | None = Field(
        default=None, description="Only organisations of this type", examples=["school"]
    )
    area: Kato | None = Field(
        default=None, description="Only those in this area and the areas inside it", examples=["790000000"]
    )
    sort: Literal["value", "-value"] = Field(
        default="value", description="Rising or falling; what shows no value comes last", examples=["value"]
    )
