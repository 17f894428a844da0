"""Bodies of a simulation: a methodology and a table in, a rating out, nothing stored."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool

from shared.schemas.base import Code, Flag, In, Out
from shared.schemas.rating.audits import CoherenceRead
from shared.schemas.rating.best_light import BestLightCreate, BestLightRead
from shared.schemas.rating.explanations import ExplanationRead
from shared.schemas.rating.funnel import FunnelRead
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.standing import StandingRead, StatusChangeRead, ValueAddedRead, Values
from shared.schemas.rating.withholding import DisclosureRead
from shared.schemas.rating.years import SeveralYearsRead
from shared.schemas.registry.observations import MissingReason

MOST_UNITS = 20_000
MOST_COLUMNS = 1_000

Cell = Annotated[float, Field(strict=True, ge=-1e308, le=1e308, allow_inf_nan=False)]
"""A number of a table: checked without leaving pydantic's own code, for there are hundreds of thousands."""
NonNegative = Annotated[float, Field(strict=True, ge=0, le=1e308, allow_inf_nan=False)]
Unit = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Word = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Attribute = Word | StrictBool | Annotated[list[Word], Field(max_length=100)]
"""What is known of a unit: a word, yes or no, or several words."""
FullShare = Annotated[float, Field(strict=True, gt=0, le=1e9, allow_inf_nan=False)]
Numbers = dict[Code, Annotated[list[Cell | None], Field(max_length=MOST_UNITS)]]
Evidence = dict[Code, Annotated[list[NonNegative | None], Field(max_length=MOST_UNITS)]]

_SPELLINGS = {"suppressed_small_n": MissingReason.SUPPRESSED.value}


def _spelt(cells: Any) -> Any:
    """Reasons as they are written here, however their letters came in; what is no list is refused behind this."""
    if not isinstance(cells, list):
        return cells
    lowered = [cell.lower() if isinstance(cell, str) else cell for cell in cells]
    return [_SPELLINGS.get(cell, cell) if isinstance(cell, str) else cell for cell in lowered]


Reasons = dict[Code, Annotated[list[MissingReason | None], Field(max_length=MOST_UNITS), BeforeValidator(_spelt)]]


class YearsBefore(In):
    """Earlier years of one indicator, oldest first; each list as long as `units` and in its order."""

    values: list[Annotated[list[Cell | None], Field(max_length=MOST_UNITS)]] = Field(
        description="Values by year; null where there is none",
        min_length=2,
        max_length=10,
        examples=[[[68, 70], [70, 71]]],
    )
    variance: list[Annotated[list[NonNegative | None], Field(max_length=MOST_UNITS)]] = Field(
        description="Sampling variance of each of them; a value without one counts nothing",
        min_length=2,
        max_length=10,
        examples=[[[2.1, 3], [2.4, None]]],
    )


class Table(In):
    """Values by indicator, each list as long as `units` and in its order."""

    units: list[Unit] = Field(
        description="Names of the units, each once", min_length=1, max_length=MOST_UNITS, examples=[["u1", "u2"]]
    )
    columns: Numbers = Field(
        description="Values by indicator; null where there is none",
        max_length=MOST_COLUMNS,
        examples=[{"SCH_UNT_MEAN": [71.2, None]}],
    )
    n: Evidence = Field(
        default={},
        description="How many observations each value rests on",
        max_length=MOST_COLUMNS,
        examples=[{"SCH_UNT_MEAN": [84, None]}],
    )
    variance: Evidence = Field(
        default={},
        description="Sampling variance of each value",
        max_length=MOST_COLUMNS,
        examples=[{"SCH_UNT_MEAN": [2.4, None]}],
    )
    reason: Reasons = Field(
        default={},
        description="Why a value is missing; null where nothing is said. Letters may be of any case (`NOT_REPORTED` is "
        "`not_reported`), and `SUPPRESSED_SMALL_N` is another spelling of `suppressed`",
        max_length=MOST_COLUMNS,
        examples=[{"SCH_UNT_MEAN": [None, "not_reported"]}],
    )
    previous: Numbers = Field(
        default={},
        description="Each unit's own last accepted value",
        max_length=MOST_COLUMNS,
        examples=[{"SCH_UNT_MEAN": [69.8, 71.0]}],
    )
    history: dict[Code, YearsBefore] = Field(
        default={},
        description="Earlier years by indicator, 2 to 10 of them, oldest first; the column itself is the latest year. "
        "They change no score: what they tell is in `several_years`",
        max_length=MOST_COLUMNS,
        examples=[{"SCH_UNT_MEAN": {"values": [[68, 70], [70, 71]], "variance": [[2.1, 3], [2.4, None]]}}],
    )
    shares: dict[Code, FullShare] = Field(
        default={},
        description="Of the indicators that are shares of people, what the whole is written as (1 or 100): near the "
        "ends such a share of fewer than 50 is told by a code",
        max_length=MOST_COLUMNS,
        examples=[{"TCH_PD_3Y_SHARE": 100}],
    )
    attributes: dict[Code, Annotated[list[Attribute | None], Field(max_length=MOST_UNITS)]] = Field(
        default={},
        description="What makes units peers, as the table of observations of the registry gives it: a word, yes or no, "
        "or several words. Yes and no are the words `true` and `false`, and several words are one, in ascending order "
        "with a comma between",
        max_length=50,
        examples=[{"setting": ["urban", "rural"], "is_boarding": [False, True], "languages": [["kk", "ru"], ["kk"]]}],
    )


class SimulationCreate(In):
    """What to try."""

    methodology: MethodologyDocument = Field(description="The method; only `code` and `tree` are required")
    table: Table = Field(description="The data")
    uncertainty: Flag = Field(default=False, description="Whether ranks are given with their spread")
    sensitivity: Flag = Field(default=False, description="Whether it is told which choice moves the ranks")
    coherence: Flag = Field(default=False, description="Whether it is told how the parts hang together")
    funnel: Flag = Field(
        default=False,
        description="Whether it is told which values lie further from the target than their noise lets expect, given "
        "the variances of the values",
    )
    standing: Flag = Field(
        default=False, description="Whether it is told how sure the places are, given the variances of the values"
    )
    disclosure: Flag = Field(
        default=False,
        description="Whether it is told what the public would not be told, by `suppress_below` of the methodology and "
        "the shares of the table; the rest of the answer is whole all the same",
    )
    explanation: Flag = Field(
        default=False,
        description="Whether each unit is told what leads to the next band and where it stands among its peers",
    )
    best_light: BestLightCreate | None = Field(
        default=None,
        description="Weights by which each unit is to be shown at its best and at its worst; null: not asked for",
        examples=[{"spread": 0.25}],
    )


class UnitStatus(StrEnum):
    """Whether a unit has a score."""

    RATED = "rated"
    NOT_RATED = "not_rated"


class NotRatedReason(StrEnum):
    """Why a unit has no score."""

    NO_DATA = "no_data"
    VALUE_REQUIRED = "value_required"
    BELOW_COVERAGE = "below_coverage"
    BELOW_NODE_COVERAGE = "below_node_coverage"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    SCREENED_OUT = "screened_out"


class Fill(StrEnum):
    """What stands in a gap."""

    LOW = "low"
    WORST = "worst"
    IMPUTED = "imputed"
    EXPECTED = "expected"
    LAST = "last"


class FactorRead(Out):
    """What one declared factor does."""

    moved: bool = Field(description="Whether it moved anything; false is worth knowing too", examples=[True])
    alone_at_most: int | None = Field(
        description="By how many ranks it moves any unit at most when nothing else varies (weights: in the first 64 "
        "draws); null where it can only go together with others",
        examples=[4],
    )
    used: dict[str, int] = Field(
        description="How many replicates took each alternative; empty for weights that are drawn",
        examples=[{"official": 500, "z_score": 500}],
    )


BandShare = dict[str, Values]


class SamplingRead(Out):
    """Spread of each unit's rank over sampling noise alone, under the official method."""

    rank_p05: Values = Field(description="A twentieth of the draws give a better rank", examples=[[1, 2]])
    rank_median: Values = Field(description="Median rank", examples=[[1, 2]])
    rank_p95: Values = Field(description="A twentieth of the draws give a worse rank", examples=[[1, 2]])
    top_share: Values = Field(
        description="Share of the draws that place the unit in the best tenth", examples=[[0.9, 0.1]]
    )
    band_share: BandShare | None = Field(
        description="By band: share of the draws that place the unit in it", examples=[{"A": [0.9, 0.1]}]
    )
    replicates: int = Field(description="How many draws, the data as they are included; 500 at most", examples=[500])
    outside_interval: float = Field(
        description="Share of the rated units whose official rank lies outside p05 to p95", examples=[0.02]
    )
    mean_shift: float = Field(description="Mean absolute difference from the official rank", examples=[1.3])


class UncertaintyRead(Out):
    """Spread of each unit's rank over the replicates; null for a unit that is not rated."""

    rank_p05: Values = Field(description="A twentieth of the replicates give a better rank", examples=[[1, 2]])
    rank_median: Values = Field(description="Median rank", examples=[[1, 2]])
    rank_p95: Values = Field(description="A twentieth of the replicates give a worse rank", examples=[[1, 2]])
    top_share: Values = Field(
        description="Share of the replicates that place the unit in the best tenth", examples=[[0.9, 0.1]]
    )
    replicates: int = Field(description="How many, the official one included", examples=[1000])
    seed: int = Field(description="Seed of the draws", examples=[20260101])
    outside_interval: float = Field(
        description="Share of the rated units whose official rank lies outside p05 to p95", examples=[0.02]
    )
    mean_shift: float = Field(description="Mean absolute difference from the official rank", examples=[1.3])
    combinations: dict[str, int] = Field(
        description="How many replicates used each normalisation and aggregation (`official` is the methodology's own)",
        examples=[{"official + official": 500, "z_score + weighted_arithmetic": 500}],
    )
    band_share: BandShare | None = Field(
        default=None,
        description="By band: share of the replicates that place the unit in it; null without bands that have borders",
        examples=[{"A": [0.9, 0.1], "B": [0.1, 0.9]}],
    )
    factors: dict[str, FactorRead] = Field(
        default={}, description="What each declared factor does, by its name", examples=[{}]
    )
    sampling: SamplingRead | None = Field(
        default=None,
        description="The same over sampling noise, when `data_noise` is declared and the data carry variances; never "
        "mixed with the choices of method",
    )


class SensitivityFactor(Out):
    """What one choice contributes to the mean absolute rank shift, with its 90 % bootstrap interval."""

    first_order: float = Field(description="Share of the variance due to this choice alone (Jansen)", examples=[0.4])
    first_order_interval: list[float] = Field(description="From p05 to p95", examples=[[0.3, 0.5]])
    total: float = Field(description="Share it takes part in, interactions included (Jansen)", examples=[0.6])
    total_interval: list[float] = Field(description="From p05 to p95", examples=[[0.5, 0.7]])


class SensitivityByUnit(Out):
    """For every unit, in the order of `units`, the choice that moves its rank most; null where nothing does."""

    factor: list[str | None] = Field(description="The choice with the largest total index", examples=[["weights_1"]])
    first_order: Values = Field(description="Its first-order index for the rank shift of the unit", examples=[[0.7]])
    total: Values = Field(description="Its total index", examples=[[0.8]])
    mean_shift: Values = Field(
        description="Mean absolute difference from the official rank; null for a unit that is not rated",
        examples=[[2.1]],
    )


class SensitivityRead(Out):
    """Which choice moves the ranks."""

    factors: dict[str, SensitivityFactor] = Field(description="By choice", examples=[{}])
    runs: int = Field(description="How many ratings were computed", examples=[768])
    variance: float = Field(description="Variance of the mean absolute rank shift", examples=[1.7])
    moved_nothing: list[str] = Field(
        description="Declared choices that changed no rank of any unit anywhere", max_length=100, examples=[["missing"]]
    )
    units: SensitivityByUnit = Field(description="The same for every unit")


class SimulationRead(Out):
    """The rating; every list is in the order of `units`."""

    units: list[str] = Field(description="As they were given", examples=[["u1", "u2"]])
    score: Values = Field(description="Null for a unit that is not rated", examples=[[71.2, None]])
    rank: list[int | None] = Field(description="1 is the highest score; ties share the lowest", examples=[[1, None]])
    status: list[UnitStatus] = Field(description="Whether the unit is rated", examples=[["rated", "not_rated"]])
    reason: list[NotRatedReason | None] = Field(description="Why it is not", examples=[[None, "no_data"]])
    band: list[str | None] = Field(description="Null without bands or score", examples=[["A", None]])
    above_cut: list[list[float] | None] | None = Field(
        default=None,
        description="Probability of being above each cut, for bands by cuts",
        examples=[[[0.99, 0.4], None]],
    )
    nodes: dict[str, Values] = Field(
        description="Scores by node, the root included", examples=[{"index": [71.2, None]}]
    )
    normalised: dict[str, Values] = Field(description="By indicator", examples=[{"SCH_UNT_MEAN": [71.2, None]}])
    contributions: dict[str, Values] = Field(
        description="By indicator; those of a rated unit sum to its score", examples=[{"SCH_UNT_MEAN": [71.2, None]}]
    )
    filled: dict[str, list[Fill | None]] = Field(
        default={},
        description="By indicator with gaps that something stands in: `low`, the lower of the group's low decile and "
        "mean and of the own last value; `worst` of the scale; `imputed`; `expected`, the mean of the group; the own "
        "`last` accepted value",
        examples=[{"SCH_UNT_MEAN": [None, "low"]}],
    )
    limited: list[list[str]] | None = Field(
        default=None,
        description="Limits that lowered the band of each unit; null when the methodology has no limits",
        examples=[[[], ["outcomes"]]],
    )
    coverage: list[float] = Field(description="Share of the effective weight that is present", examples=[[1, 0]])
    band_probability: dict[str, Values] | None = Field(
        default=None,
        description="By band, for bands that have borders: the posterior probability that the unit is in it",
        examples=[{"A": [0.97, None], "B": [0.03, None]}],
    )
    band_between: list[list[str] | None] | None = Field(
        default=None,
        description="With `certainty`: the best and the worst band of a unit whose band is less probable than that",
        examples=[[["B", "C"], None]],
    )
    misordered: float | None = Field(
        default=None,
        description="With bands by pairwise loss: share of all pairs expected in different bands in the wrong order",
        examples=[0.022],
    )
    standing: StandingRead | None = Field(default=None, description="When asked for")
    value_added: dict[str, ValueAddedRead] | None = Field(default=None, description="When declared, by code")
    status_change: dict[str, StatusChangeRead] | None = Field(default=None, description="When declared, by code")
    uncertainty: UncertaintyRead | None = Field(default=None, description="When asked for")
    sensitivity: SensitivityRead | None = Field(default=None, description="When asked for")
    coherence: CoherenceRead | None = Field(default=None, description="When asked for")
    funnel: dict[str, FunnelRead] | None = Field(
        default=None,
        description="When asked for: by indicator with at least one value whose sampling variance is known, from the "
        "table or by the kind of value, and above 0",
    )
    several_years: dict[str, SeveralYearsRead] | None = Field(
        default=None, description="By indicator with earlier years in the table; null where there are none"
    )
    disclosure: DisclosureRead | None = Field(default=None, description="When asked for")
    explanation: ExplanationRead | None = Field(default=None, description="When asked for")
    best_light: BestLightRead | None = Field(default=None, description="When asked for")
    methodology_digest: str = Field(description="SHA-256 of the method", examples=["sha256:" + "0" * 64], max_length=71)
    data_digest: str = Field(description="SHA-256 of the data", examples=["sha256:" + "0" * 64], max_length=71)
