"""What is told of a unit beside its score and place: how sure they are, value added, status with change."""

from pydantic import Field

from shared.schemas.base import Out

Values = list[float | None]
Places = list[int | None]


class StandingRead(Out):
    """Places as estimates; every list is in the order of the units, null for a unit that is not rated and where no
    sampling variance is known."""

    posterior_mean: Values = Field(
        description="Posterior mean of the score, the score itself unless values are shrunk", examples=[[71.2, None]]
    )
    posterior_sd: Values = Field(description="Posterior standard deviation of the score", examples=[[2.4, None]])
    bar_low: Values = Field(
        description="Low end of a bar of the posterior mean ± 1.39 posterior standard deviations, for comparing two "
        "units by eye: where two such bars of similar length do not touch, the units differ with p < 0.05. Not an "
        "interval for one unit (Goldstein and Healy 1995)",
        examples=[[67.9, None]],
    )
    bar_high: Values = Field(description="High end of it", examples=[[74.5, None]])
    expected_rank: Values = Field(
        description="1 + the sum over all others of the probability that they are above", examples=[[1.4, None]]
    )
    rank_low: Places = Field(description="Best place of the central 95 % of the rank's posterior", examples=[[1, None]])
    rank_high: Places = Field(description="Worst place of it", examples=[[4, None]])
    rank_set_low: Places = Field(
        description="Best place in the 95 % confidence set for the rank of this unit", examples=[[1, None]]
    )
    rank_set_high: Places = Field(description="Worst place in it", examples=[[5, None]])
    together_low: Places = Field(
        description="Best place in the 95 % confidence set for the ranks of all units at once; the units whose best "
        "place is at most q are the confidence set of the q best",
        examples=[[1, None]],
    )
    together_high: Places = Field(description="Worst place in it", examples=[[6, None]])
    peer_set_low: Places = Field(
        description="Best place in the 95 % confidence set for the rank among peers alone, where there are peer groups",
        examples=[[1, None]],
    )
    peer_set_high: Places = Field(description="Worst place in it", examples=[[3, None]])
    top: float = Field(description="The share of the units that `p_top` and `p_bottom` are about", examples=[0.1])
    p_top: Values = Field(
        description="Probability of a place among the best, so large a share of them rounded up",
        examples=[[0.93, None]],
    )
    p_bottom: Values = Field(description="Probability of a place among as many worst", examples=[[0.001, None]])
    reliability: Values = Field(
        description="Share of the variance of the scores that is not noise of this one", examples=[[0.86, None]]
    )
    measured: Values = Field(
        description="Share of the weight on own values whose sampling variance is known, or declared to be none",
        examples=[[0.9, None]],
    )
    evidence: list[str | None] = Field(
        description="`strong`: reliability and measured share of at least 0.8; `moderate`: of 0.6; `none`: one of them "
        "is 0; `weak`: between",
        examples=[["strong", None]],
    )


class ValueAddedMeasure(Out):
    """One way to look at an outcome, in the order of the units."""

    raw: Values = Field(description="The value, or what is left of it beyond what was expected", examples=[[0.4, None]])
    shrunken: Values = Field(description="Its posterior mean", examples=[[0.37, None]])
    sd: Values = Field(description="Its posterior standard deviation", examples=[[0.08, None]])
    rank: Places = Field(description="Place by the posterior mean, 1 the highest", examples=[[9, None]])
    coefficients: dict[str, float] = Field(
        description="By indicator, with `intercept` and `tau2`: what may be frozen in a methodology",
        examples=[{"intercept": 0.0024, "SCH_PRIOR": 0.5634, "tau2": 0.0921}],
    )


class ValueAddedRead(Out):
    """All three, never one alone."""

    attainment: ValueAddedMeasure = Field(description="The outcome itself")
    progress: ValueAddedMeasure = Field(description="Beyond what prior attainment lets expect")
    contextual_progress: ValueAddedMeasure = Field(description="Beyond what prior attainment and context let expect")


class StatusChangeRead(Out):
    """A grid of level and change, in the order of the units."""

    status: list[str | None] = Field(description="Level of the value", examples=[["High", None]])
    change: list[str | None] = Field(description="Level of the change", examples=[["Declined", None]])
    label: list[str | None] = Field(description="Where the two meet in the grid", examples=[["Green", None]])
