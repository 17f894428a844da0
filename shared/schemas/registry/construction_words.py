"""The closed lists of words about construction, and how money and documents are written."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Date, FilledLine, In, Out


class Stage(StrEnum):
    """Where a project stands: one gate after the other, or out of the line."""

    PLANNED = "planned"
    LAND = "land"
    DESIGN = "design"
    CONTRACT = "contract"
    CONSTRUCTION = "construction"
    COMMISSIONED = "commissioned"
    OPERATING = "operating"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Gate(StrEnum):
    """The stages that have a date of their own."""

    LAND = "land"
    DESIGN = "design"
    CONTRACT = "contract"
    CONSTRUCTION = "construction"
    COMMISSIONED = "commissioned"
    OPERATING = "operating"


class EvidenceKind(StrEnum):
    """What a gate is passed with."""

    LAND_DECISION = "land_decision"
    DESIGN_DOCUMENTATION = "design_documentation"
    CONTRACT = "contract"
    CONSTRUCTION_PERMIT = "construction_permit"
    ACCEPTANCE_ACT = "acceptance_act"
    LICENCE_ANNEX = "licence_annex"
    SANITARY_CERTIFICATE = "sanitary_certificate"
    FIRE_CERTIFICATE = "fire_certificate"
    OTHER = "other"


class FundingSource(StrEnum):
    """Who pays."""

    STATE = "state"
    SPONSOR = "sponsor"
    PARTNERSHIP = "partnership"
    """Public-private partnership."""
    LOAN = "loan"
    OTHER = "other"


class ConstructionPartyRole(StrEnum):
    """What somebody does in a project."""

    CUSTOMER = "customer"
    DESIGNER = "designer"
    BUILDER = "builder"
    SUPERVISOR = "supervisor"
    SPONSOR = "sponsor"


class DateKind(StrEnum):
    """How a date of a gate is meant."""

    FORECAST = "forecast"
    AGREED = "agreed"
    ACTUAL = "actual"


class CostKind(StrEnum):
    """What a sum of money is."""

    PLAN = "plan"
    CONTRACT = "contract"
    ACTUAL = "actual"


class ConstructionReason(StrEnum):
    """Why something moved, stopped or stands idle."""

    LAND = "land"
    DESIGN = "design"
    FUNDING = "funding"
    BUILDER = "builder"
    UTILITIES = "utilities"
    """No water, heat, power or road yet."""
    EQUIPMENT = "equipment"
    STAFF = "staff"
    LICENCE = "licence"
    WEATHER = "weather"
    PRICES = "prices"
    SCOPE = "scope"
    DEMAND = "demand"
    """Fewer children than planned, or more."""
    LEGAL = "legal"
    CORRECTION = "correction"
    """What was stated before was a mistake."""
    OTHER = "other"
    UNKNOWN = "unknown"


class RiskArea(StrEnum):
    """What is at risk."""

    LAND_AND_UTILITIES = "land_and_utilities"
    MONEY = "money"
    BUILDING = "building"
    OPENING = "opening"
    """Staff, pupils, licence."""


class RiskLevel(StrEnum):
    """How great the risk is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Fact(StrEnum):
    """Three things that are true or not, each for itself."""

    BUILT = "built"
    COMMISSIONED = "commissioned"
    OPERATING = "operating"


Money = Annotated[str, StringConstraints(max_length=19, pattern=r"^(0|[1-9][0-9]{0,15})\.[0-9]{2}$")]
"""A sum in tenge with two decimals, as text: `"2300000000.00"`."""

Link = Annotated[
    str, StringConstraints(max_length=500, pattern=r"^https://[A-Za-z0-9][^\s<>\x00-\x1f\x7f\x22']{2,480}$")
]
"""An address of a document on the web."""


class GateEvidence(In):
    """A document that shows that a gate was passed."""

    kind: EvidenceKind = Field(description="What kind of document", examples=["land_decision"])
    reference: FilledLine = Field(
        description="Its number and date, as it is called", examples=["Постановление акимата № 112 от 04.03.2025"]
    )
    url: Link | None = Field(
        default=None, description="Where it can be read", examples=["https://example.invalid/acts/112"]
    )
    dated: Date | None = Field(default=None, description="Its date", examples=["2025-03-04"])


class GateEvidenceRead(Out):
    """A document that shows that a gate was passed."""

    kind: EvidenceKind = Field(description="What kind of document", examples=["land_decision"])
    reference: str = Field(
        description="Its number and date", max_length=500, examples=["Постановление акимата № 112 от 04.03.2025"]
    )
    url: str | None = Field(default=None, description="Where it can be read", examples=["https://example.invalid/112"])
    dated: Date | None = Field(default=None, description="Its date", examples=["2025-03-04"])
