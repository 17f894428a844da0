"""Several years of an indicator as one: what of a value lasts."""

from pydantic import Field

from shared.schemas.base import Out
from shared.schemas.rating.standing import Values


class SeveralYearsRead(Out):
    """The lasting part of every unit in the latest year, told from sampling noise and from what one year brings; every
    list is in the order of the units."""

    lasting: float = Field(
        description="Variance between units of what lasts, in squares of the unit of measure, by what neighbouring "
        "years have in common; where they have nothing it is 0, and every unit has the mean",
        ge=0,
        examples=[31.2],
    )
    passing: float = Field(
        description="Variance of true shocks that last one year, beyond sampling noise", ge=0, examples=[6.5]
    )
    decay: float = Field(
        description="Correlation of what lasts between neighbouring years; 1 where the years do not tell",
        ge=0,
        le=1,
        examples=[0.94],
    )
    estimate: Values = Field(
        description="What lasts of the value in the latest year, by all years of the unit and the variance of each "
        "(Kane and Staiger). Null for a unit without any value whose variance is known, and for all where the latest "
        "year has no such value. Values are those of the table, before denominators and all other steps",
        examples=[[70.4, None]],
    )
    sd: Values = Field(description="Its standard deviation", examples=[[1.9, None]])
