"""Whom a methodology rates beside their type, and where a value comes from when the period itself has none."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.schemas.base import Code, Finite, In, Whole


class Among(In):
    """Only organisations of which the registry says one of these words."""

    attribute: Code = Field(description="What the registry tells of an organisation", examples=["programmes"])
    any_of: list[Code] = Field(description="The words", min_length=1, max_length=20, examples=[["keleshek"]])


class Gate(StrEnum):
    """What must be proven of a school that is built: 1 where a document of its construction project shows it, 0 where
    none does. Columns of these names may stand in `context` and be asked for by `limits`."""

    COMMISSIONED = "GATE_COMMISSIONED"
    LICENCE_ANNEX = "GATE_LICENCE_ANNEX"
    SANITARY_CERTIFICATE = "GATE_SANITARY_CERTIFICATE"
    FIRE_CERTIFICATE = "GATE_FIRE_CERTIFICATE"


class CarryForward(In):
    """A value that is missing by design is taken from an earlier period, its variance wider with each period."""

    periods: Annotated[Whole, Field(ge=1, le=10)] = Field(
        description="At most so many periods back; older values are not used", examples=[3]
    )
    widen: Annotated[Finite, Field(ge=0, le=100)] = Field(
        default=1.0,
        description="The variance of a value that is k periods old is taken 1 + widen · k times",
        examples=[1.0],
    )


class Measure(StrEnum):
    """What of an indicator is scored."""

    VALUE = "value"
    """What was observed."""
    PROGRESS = "progress"
    """Percent of the way from the baseline of the registry's target to what was promised: below 0 and above 100 too."""


class Lights(In):
    """From which score on a node is green or amber; below it is red, and without a score it has no light."""

    green: Finite = Field(description="Least score of a green node", examples=[100])
    amber: Finite = Field(description="Least score of an amber node", examples=[50])
