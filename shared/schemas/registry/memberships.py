"""Memberships of networks on the wire: granted, mentored, renewed, ended, counted."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field, model_validator

from shared.schemas.base import (
    Date,
    FilledLine,
    In,
    Instant,
    Kato,
    Out,
    TextOut,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.networks import (
    Basis,
    FigureRead,
    MembershipRole,
    NetworkAsOfQuery,
    NetworkCode,
    OrganisationBrief,
)

_REASON = "Нәтижелерге шолу жасалғанша беріледі"
_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"
_MOMENT = "2026-09-01T09:00:00+05:00"


class MembershipStatus(StrEnum):
    """Where a membership is, seen from a day."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    EXPIRING = "expiring"
    """Active, and ending within 90 days."""
    ENDED = "ended"


class GrantedBy(StrEnum):
    """What a membership rests on."""

    RULE = "rule"
    OVERRIDE = "override"
    """A decision with its reason, although a rule was not met."""
    SUCCESSION = "succession"
    """It was the predecessor's."""


class MembershipCreate(In):
    """A membership to be granted."""

    organisation_id: UUID = Field(description="Who is to belong", examples=[_ID])
    role: MembershipRole = Field(description="As what", examples=["leading"])
    mentor_id: UUID | None = Field(
        default=None, description="Its mentor; needed exactly where the network says so", examples=[_ID]
    )
    area: Kato | None = Field(
        default=None, description="What a coordinator coordinates; of coordinators only", examples=["430000000"]
    )
    valid_from: Date | None = Field(
        default=None, description="The first day; by default today", examples=["2026-09-01"]
    )
    valid_to: Date | None = Field(
        default=None,
        description="First day it no longer holds; by default after the network's term",
        examples=["2029-09-01"],
    )
    basis: Basis | None = Field(default=None, description="The act that grants it")
    override: FilledLine | None = Field(
        default=None, description="Why it is granted although a rule is not met", examples=[_REASON]
    )

    @model_validator(mode="after")
    def _in_order(self) -> "MembershipCreate":
        if self.valid_from is not None and self.valid_to is not None and self.valid_to <= self.valid_from:
            raise wrong(
                "period_reversed",
                kk="valid_to күні valid_from күнінен кейін болуы керек",
                ru="valid_to должна быть позже valid_from",
                en="valid_to must be after valid_from",
            )
        if (self.role is MembershipRole.COORDINATOR) != (self.area is not None):
            raise wrong(
                "coordinator_and_area",
                kk="Үйлестірушіге area керек, басқа рөлдерге берілмейді",
                ru="Координатору нужна area, другим ролям она не даётся",
                en="A coordinator needs an area, other roles have none",
            )
        return self


class MembershipRow(MembershipCreate):
    """One of many memberships, each naming its network."""

    network: NetworkCode = Field(description="The network", examples=["nis-leading-schools"])


class MembershipRenew(In):
    """For how much longer a membership holds."""

    valid_to: Date | None = Field(
        default=None,
        description="The new first day it no longer holds; by default one term after the present one",
        examples=["2032-09-01"],
    )
    override: FilledLine | None = Field(
        default=None, description="Why it is renewed although a rule is not met", examples=[_REASON]
    )


class MembershipEnd(In):
    """How a membership ends before its time."""

    on: Date | None = Field(default=None, description="First day it no longer holds; by default today")
    reason: FilledLine = Field(description="Why", examples=["Мектеп келісімді бұзды"])


class MentorChange(In):
    """Another mentor from a day on."""

    mentor_id: UUID = Field(description="The new mentor", examples=[_ID])
    valid_from: Date | None = Field(default=None, description="From when; by default today", examples=["2026-09-01"])


class RuleTrace(Out):
    """How one rule was weighed when a membership was granted."""

    subject: str = Field(max_length=20, description="What the rule looks at", examples=["indicator"])
    indicator: str | None = Field(default=None, max_length=64, description="The indicator", examples=["SCH_UNT_MEAN"])
    expected: str = Field(max_length=4000, description="What it asks for", examples=[">= 70"])
    value: str | None = Field(max_length=1000, description="What was found; null: nothing", examples=["82.5"])
    met: bool = Field(description="Whether that is enough", examples=[True])


class Eligibility(Out):
    """Whether an organisation may belong to a network as of a day, rule by rule."""

    network: str = Field(max_length=64, description="The network", examples=["nis-leading-schools"])
    organisation_id: UUID = Field(description="The organisation", examples=[_ID])
    role: MembershipRole = Field(description="As what", examples=["leading"])
    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    eligible: bool = Field(description="Whether every rule is met", examples=[True])
    trace: list[RuleTrace] = Field(max_length=50, description="Each rule, the value found and the verdict")


class EligibilityQuery(In):
    """Of whom eligibility is asked."""

    organisation_id: UUID = Field(description="The organisation", examples=[_ID])
    role: MembershipRole = Field(description="As what it would belong", examples=["leading"])
    as_of: Date | None = Field(default=None, description="The day; by default today", examples=["2026-09-01"])


class MembershipSummary(Out):
    """A membership in a list, as of a day."""

    id: UUID = Field(description="The membership", examples=[_ID])
    network: str = Field(max_length=64, description="The network", examples=["nis-leading-schools"])
    organisation: OrganisationBrief = Field(description="Who belongs")
    role: MembershipRole = Field(description="As what", examples=["leading"])
    mentor: OrganisationBrief | None = Field(description="Its mentor")
    area: str | None = Field(max_length=9, description="What a coordinator coordinates", examples=[None])
    status: MembershipStatus = Field(description="Where it is, seen from that day", examples=["active"])
    valid_from: Date | None = Field(description="The first day", examples=["2026-09-01"])
    valid_to: Date | None = Field(description="First day it no longer holds; null: no end", examples=["2029-09-01"])
    granted_by: GrantedBy = Field(description="What it rests on", examples=["rule"])
    ended_reason: str | None = Field(max_length=500, description="Why it ended before its time", examples=[None])


class MembershipPeriod(Out):
    """A part of a membership in which everything stayed the same."""

    valid_from: Date | None = Field(description="The first day", examples=["2026-09-01"])
    valid_to: Date | None = Field(description="First day no longer; null: no end", examples=["2029-09-01"])
    mentor_id: UUID | None = Field(description="The mentor then", examples=[_ID])
    granted_by: GrantedBy = Field(description="What it rested on", examples=["rule"])
    recorded_at: Instant = Field(description="Since when it is known", examples=[_MOMENT])


class MembershipRead(MembershipSummary):
    """A membership with the ground it stands on and its periods."""

    override_reason: str | None = Field(max_length=500, description="Why a rule was overridden", examples=[None])
    trace: list[RuleTrace] = Field(max_length=50, description="How the rules were weighed when it was granted")
    basis: Basis | None = Field(description="The act that grants it")
    periods: list[MembershipPeriod] = Field(max_length=1000, description="Its periods, one after another")
    recorded_at: Instant = Field(description="Since when it is known so", examples=[_MOMENT])


class MembershipFilters(PageQuery):
    """Which memberships, seen from which day."""

    organisation_id: UUID | None = Field(default=None, description="Only of this organisation", examples=[_ID])
    mentor_id: UUID | None = Field(default=None, description="Only those it mentors", examples=[_ID])
    role: MembershipRole | None = Field(default=None, description="Only in this role", examples=["leading"])
    area: Kato | None = Field(
        default=None, description="Only of organisations in this area and those under it", examples=["790000000"]
    )
    status: MembershipStatus | None = Field(
        default=None, description="Only of this status; `active` has those that are expiring too", examples=["active"]
    )
    as_of: Date | None = Field(default=None, description="The day; by default today", examples=["2026-09-01"])
    known_at: Instant | None = Field(
        default=None, description="As it was known at a moment; by default now", examples=[_MOMENT]
    )


class MembershipsQuery(MembershipFilters):
    """Which memberships of all networks."""

    network: NetworkCode | None = Field(default=None, description="Only of this network", examples=["hub-schools"])


class CountQuery(NetworkAsOfQuery):
    """Which members are counted."""

    area: Kato | None = Field(default=None, description="Only in this area and those under it", examples=["790000000"])
    role: MembershipRole | None = Field(default=None, description="Only in this role", examples=["leading"])


class AreaCount(Out):
    """Members in one area."""

    area: str | None = Field(max_length=9, description="The area; null: abroad or unknown", examples=["790000000"])
    value: int = Field(ge=0, description="How many", examples=[13])


class MembershipCount(Out):
    """How many members there are on a day, and which share of the country's that is."""

    network: str = Field(max_length=64, description="The network", examples=["nis-leading-schools"])
    area: str | None = Field(max_length=9, description="Where", examples=["790000000"])
    role: MembershipRole | None = Field(description="In which role", examples=["leading"])
    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    known_at: Instant | None = Field(description="As known when; null: now", examples=[None])
    value: int = Field(ge=0, description="How many organisations", examples=[13])
    national: FigureRead | None = Field(description="The figure for the country that stands on that day")
    share_percent: float | None = Field(
        description="Share of the national figure, to three decimals; null without one", examples=[1.857]
    )
    by_area: list[AreaCount] = Field(
        max_length=1000, description="The same by the areas directly below; their sum is the value"
    )


class CoordinatorRead(Out):
    """Who coordinates, at which level."""

    level: str = Field(max_length=20, description="`region`, `city` or `district`", examples=["district"])
    area: str = Field(max_length=9, description="What it coordinates", examples=["430000000"])
    area_name: TextOut = Field(description="What that is called")
    organisation: OrganisationBrief = Field(description="The coordinator")
    membership_id: UUID = Field(description="Its membership", examples=[_ID])


class CoordinatorsQuery(NetworkAsOfQuery):
    """Whose coordinators."""

    area: Kato | None = Field(
        default=None,
        description="Only those whose reach covers this area: its own coordinator and those above",
        examples=["430000000"],
    )


class Coordinators(Out):
    """The coordinators of a network from the region down."""

    items: list[CoordinatorRead] = Field(max_length=1000, description="By the code of what they coordinate")
