"""Outcome measures of persons, and what a programme changed against those who waited: aggregates only."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.schemas.base import Code, Date, Finite, In, Out, TextOut, one_of, wrong
from shared.schemas.training.feedback import Estimate
from shared.schemas.training.ids import EducatorId, OutcomeMeasureId
from shared.schemas.training.words import Score

_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_MEASURE = "0198c0de-0000-7000-8000-000000000951"
_EFFECT = {"value": 5.1, "low": 2.2, "high": 8.0}
Instrument = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]{1,63}$")]
"""How it was measured, by a code: `lesson_observation`, `subject_test`."""
Period = Annotated[str, StringConstraints(max_length=9, pattern=r"^\d{4}(-\d{4}|-\d{2}|-Q[1-4]|-H[12])?$")]
"""A period as the registry writes it: `2025-2026`, `2025`, `2025-Q1`."""


class OutcomeMeasureCreate(In):
    """One score of one person, a participant or somebody who applied and waited."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    instrument: Instrument = Field(description="How it was measured", examples=["lesson_observation"])
    taken_on: Date = Field(description="The day it was taken", examples=["2026-01-04"])
    score: Score = Field(description="The score, 0 to 100", examples=[54.5])


class OutcomeBatchCreate(In):
    """Many scores: all of them or, if one is wrong, none."""

    measures: list[OutcomeMeasureCreate] = Field(description="The scores", min_length=1, max_length=2000)


class OutcomeMeasureTaken(Out):
    """The score is kept. It is never shown again: only figures of many persons are."""

    id: OutcomeMeasureId = Field(description="Its identifier", examples=[_MEASURE])


class OutcomeBatchTaken(Out):
    """The scores are kept."""

    added: int = Field(description="How many", ge=1, le=2000, examples=[60])


class ImpactQuery(In):
    """Which programme, and what is compared: scores of persons or an indicator of organisations."""

    programme_code: Code = Field(description="The programme, all its versions", examples=["ORLEU-PHYS"])
    instrument: Instrument | None = Field(
        default=None, description="Scores taken by this instrument", examples=["lesson_observation"]
    )
    indicator: Code | None = Field(default=None, description="An indicator of the registry", examples=["SCH_UNT_MEAN"])
    before: Period | None = Field(
        default=None, description="With `indicator`: the period before the course", examples=["2024-2025"]
    )
    after: Period | None = Field(
        default=None, description="With `indicator`: the period after the course", examples=["2025-2026"]
    )
    organisation_type: Code = Field(
        default="school", description="With `indicator`: which organisations are compared", examples=["school"]
    )

    model_config = ConfigDict(json_schema_extra=one_of("instrument", "indicator"))

    @model_validator(mode="after")
    def _one_question(self) -> "ImpactQuery":
        if (self.instrument is None) == (self.indicator is None):
            raise wrong(
                "instrument_or_indicator",
                kk="instrument пен indicator-дың біреуі ғана беріледі",
                ru="Даётся одно из двух: instrument или indicator",
                en="Give one of the two: instrument or indicator",
            )
        if self.indicator is not None and (self.before is None or self.after is None):
            raise wrong(
                "periods_missing",
                kk="indicator үшін before және after кезеңдері керек",
                ru="Для indicator нужны периоды before и after",
                en="An indicator needs the periods before and after",
            )
        return self


class ImpactUnit(StrEnum):
    """Whose change is compared."""

    PERSON = "person"
    ORGANISATION = "organisation"


class NotEnough(StrEnum):
    """Why there is no estimate."""

    TOO_FEW_PARTICIPANTS = "too_few_participants"
    TOO_FEW_WAITED = "too_few_waited"
    TOO_FEW_ORGANISATIONS = "too_few_organisations"
    NO_COMMON_STRATUM = "no_common_stratum"


class ImpactMethod(Out):
    """How it was computed."""

    estimand: TextOut = Field(
        description="What is estimated", examples=[{"en": "Mean effect on those who took a seat"}]
    )
    estimator: str = Field(description="The formula", max_length=1000, examples=["sum w_s (mean dT - mean dC)"])
    interval: str = Field(description="The formula of the interval", max_length=1000, examples=["t(df) * se"])
    sources: list[str] = Field(description="Where they are taken from", max_length=10, examples=[["Abadie (2005)"]])
    assumptions: list[TextOut] = Field(description="What has to be true for it to be an effect", max_length=10)


class ImpactArm(Out):
    """One side of the comparison."""

    n: int = Field(description="Units", ge=10, le=2**31 - 1, examples=[62])
    organisations: int = Field(description="Organisations they come from", ge=5, le=2**31 - 1, examples=[31])
    mean_change: Finite = Field(description="Mean change in this arm, strata weighted alike", examples=[6.3])


class ImpactRead(Out):
    """The difference between the change of participants and the change of those who waited."""

    programme_code: str = Field(description="The programme", max_length=64, examples=["ORLEU-PHYS"])
    measure: str = Field(description="The instrument or the indicator", max_length=64, examples=["lesson_observation"])
    unit: ImpactUnit = Field(description="Whose change is compared", examples=["person"])
    effect: Estimate | None = Field(
        description="The effect with its 95 % interval; null: not enough to say", examples=[_EFFECT]
    )
    degrees_of_freedom: Finite | None = Field(description="Of Student's t in the interval", examples=[41.7])
    participants: ImpactArm | None = Field(description="Who took part; null: not enough to say")
    waited: ImpactArm | None = Field(description="Who applied and waited; null: not enough to say")
    strata: int | None = Field(description="Groups within which both were compared", ge=1, le=100_000, examples=[4])
    reason: NotEnough | None = Field(description="Why there is no estimate", examples=["too_few_waited"])
    says: TextOut = Field(
        description="The result in a sentence", examples=[{"en": "The effect lies between 2.2 and 8.0"}]
    )
    method: ImpactMethod = Field(description="How it was computed")
    min_n: int = Field(description="Fewer units in an arm are not compared", ge=1, le=1000, examples=[10])
