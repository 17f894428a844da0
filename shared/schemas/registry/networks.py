"""Networks of organisations on the wire: what they are, who operates them, by which rules one belongs."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.schemas.base import (
    Code,
    Count,
    Date,
    FilledLine,
    Finite,
    FullText,
    In,
    Instant,
    Kato,
    LocalisedText,
    Out,
    TextOut,
    Whole,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.organisation_words import (
    _UNIQUE,
    OrganisationKind,
    OrganisationType,
    Ownership,
    Website,
    _distinct,
)

NetworkCode = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_\-]{1,63}$")]
"""The lasting name of a network: small Latin letters, digits, `_` and `-`."""


class NetworkKind(StrEnum):
    """What kind of network it is."""

    LEADING_SCHOOLS = "leading_schools"
    LEAGUE = "league"
    HUB_SCHOOLS = "hub_schools"
    PROGRAMME = "programme"
    OTHER = "other"


class MembershipRole(StrEnum):
    """What an organisation is in a network."""

    LEADING = "leading"
    HUB = "hub"
    MEMBER = "member"
    PARTNER = "partner"
    COORDINATOR = "coordinator"
    """An authority that runs the network in an area of its own."""


class RuleSubject(StrEnum):
    """What a rule of eligibility looks at."""

    TYPE = "type"
    KIND = "kind"
    OWNERSHIP = "ownership"
    AREA = "area"
    """The area the organisation stands in, or one above it."""
    INDICATOR = "indicator"
    """The latest value of an indicator, as of the day of granting."""


_WORDS: dict[RuleSubject, frozenset[str]] = {
    RuleSubject.TYPE: frozenset(OrganisationType),
    RuleSubject.KIND: frozenset(OrganisationKind),
    RuleSubject.OWNERSHIP: frozenset(Ownership),
}
_MANDATE = {"title": {"kk": "Мемлекет басшысының тапсырмасы", "ru": "Поручение Главы государства"}, "number": "1024"}


class Basis(In):
    """The act something stands on."""

    title: LocalisedText = Field(description="What the act is called", examples=[_MANDATE["title"]])
    number: FilledLine | None = Field(default=None, description="Its number", examples=["1024"])
    on: Date | None = Field(default=None, description="Its day", examples=["2025-09-08"])
    url: Website | None = Field(
        default=None, description="Where it can be read", examples=["https://adilet.zan.kz/rus"]
    )


class EligibilityRule(In):
    """One condition of belonging: a word of a list, or bounds of an indicator."""

    subject: RuleSubject = Field(description="What it looks at", examples=["type"])
    one_of: Annotated[list[Code], AfterValidator(_distinct), _UNIQUE] = Field(
        default_factory=list,
        max_length=50,
        description="What is allowed: types, kinds, forms of ownership or KATO codes; empty for an indicator",
        examples=[["school"]],
    )
    indicator: IndicatorCode | None = Field(
        default=None, description="The indicator, where the rule looks at one", examples=["SCH_UNT_MEAN"]
    )
    at_least: Finite | None = Field(default=None, description="The least value allowed", examples=[70.0])
    at_most: Finite | None = Field(default=None, description="The greatest value allowed", examples=[None])
    roles: Annotated[list[MembershipRole], AfterValidator(_distinct), _UNIQUE] = Field(
        default_factory=list, max_length=5, description="Roles it is asked of; empty: of all", examples=[["leading"]]
    )

    @model_validator(mode="after")
    def _whole(self) -> "EligibilityRule":
        of_indicator = self.subject is RuleSubject.INDICATOR
        bounded = self.at_least is not None or self.at_most is not None
        if of_indicator != (self.indicator is not None) or of_indicator != bounded or of_indicator == bool(self.one_of):
            raise wrong(
                "rule_incomplete",
                kk="Көрсеткіш ережесіне indicator мен at_least не at_most, басқаларына one_of керек",
                ru="Правилу о показателе нужны indicator и at_least или at_most, остальным — one_of",
                en="A rule of an indicator needs indicator and at_least or at_most, the others need one_of",
            )
        if strange := set(self.one_of) - _WORDS.get(self.subject, frozenset(self.one_of)):
            raise wrong(
                "rule_word_unknown",
                kk=f"Белгісіз сөз: {sorted(strange)[0]}",
                ru=f"Неизвестное слово: {sorted(strange)[0]}",
                en=f"Unknown word: {sorted(strange)[0]}",
            )
        return self


class Mentoring(In):
    """Which members have a mentor, and who may be one."""

    roles: Annotated[list[MembershipRole], AfterValidator(_distinct), _UNIQUE] = Field(
        min_length=1, max_length=5, description="Roles that have exactly one mentor at any time", examples=[["leading"]]
    )
    kinds: Annotated[list[OrganisationKind], AfterValidator(_distinct), _UNIQUE] = Field(
        min_length=1,
        max_length=10,
        description="Kinds of organisation that may be a mentor: `intellectual` is a campus of NIS",
        examples=[["intellectual"]],
    )


class NetworkCreate(In):
    """A network to be defined."""

    code: NetworkCode = Field(description="Its lasting name", examples=["nis-leading-schools"])
    kind: NetworkKind = Field(description="What kind of network it is", examples=["leading_schools"])
    name: FullText = Field(
        description="What it is called", examples=[{"kk": "НЗМ жетекші мектептері", "ru": "Ведущие школы НИШ"}]
    )
    area: Kato | None = Field(
        default=None, description="The area it works in; null: the whole country", examples=["430000000"]
    )
    indicator: IndicatorCode | None = Field(
        default=None,
        description="The indicator that counts its members, if there is one",
        examples=["REG_NIS_LEADING_SCHOOLS"],
    )
    basis: Basis | None = Field(default=None, description="The act it stands on", examples=[_MANDATE])
    term_months: Annotated[Whole, Field(ge=1, le=600)] | None = Field(
        default=None, description="For how long a membership is granted; null: without end", examples=[36]
    )
    mentoring: Mentoring | None = Field(
        default=None,
        description="Who has a mentor; leading schools have a campus of NIS unless it is said otherwise",
        examples=[{"roles": ["leading"], "kinds": ["intellectual"]}],
    )
    eligibility: list[EligibilityRule] = Field(
        default_factory=list,
        max_length=50,
        description="What has to be so for a membership to be granted",
        examples=[[{"subject": "type", "one_of": ["school"]}]],
    )


class NetworkUpdate(In):
    """A JSON Merge Patch (RFC 7396) of a network; code and kind stay what they are."""

    name: FullText | None = Field(default=None, description="What it is called", json_schema_extra=stays)
    indicator: IndicatorCode | None = Field(default=None, description="The indicator that counts its members")
    basis: Basis | None = Field(default=None, description="The act it stands on")
    term_months: Annotated[Whole, Field(ge=1, le=600)] | None = Field(
        default=None, description="For how long a membership is granted", examples=[24]
    )
    mentoring: Mentoring | None = Field(default=None, description="Who has a mentor; null: nobody")
    eligibility: list[EligibilityRule] | None = Field(
        default=None, max_length=50, description="The rules, replaced as a whole; null: none"
    )


class OrganisationBrief(Out):
    """An organisation as it is named in a network."""

    id: UUID = Field(description="The organisation", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])
    name: TextOut | None = Field(description="What it is called; null if it did not exist that day")
    type: OrganisationType | None = Field(default=None, description="What it is for", examples=["school"])
    kind: OrganisationKind | None = Field(default=None, description="The kind within its type", examples=["general"])
    area: str | None = Field(default=None, max_length=9, description="Where it stands", examples=["790000000"])


class OperatorCreate(In):
    """Who operates a network from a day on."""

    organisation_id: UUID = Field(description="The operator", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])
    valid_from: Date = Field(description="The first day", examples=["2025-09-08"])
    basis: Basis | None = Field(default=None, description="The act it was appointed by", examples=[_MANDATE])


class OperatorRead(Out):
    """An operator, and from when to when."""

    organisation: OrganisationBrief = Field(description="The operator")
    valid_from: Date | None = Field(description="The first day", examples=["2025-09-08"])
    valid_to: Date | None = Field(description="First day it no longer is; null: still is", examples=[None])
    basis: Basis | None = Field(description="The act it was appointed by")
    recorded_at: Instant = Field(description="Since when it is known", examples=["2026-09-01T09:00:00+05:00"])


class OperatorHistory(Out):
    """All operators of a network, one after another."""

    items: list[OperatorRead] = Field(max_length=1000, description="In the order of their days")


class FigureCreate(In):
    """How many members a network has in the whole country, as somebody said."""

    value: Count = Field(description="How many", examples=[700])
    valid_from: Date = Field(description="The day it speaks of; it stands until a later one", examples=["2018-09-01"])
    source: FilledLine = Field(description="Who said so", examples=["cpm.kz"])
    source_url: Website | None = Field(default=None, description="Where", examples=["https://www.cpm.kz"])
    qualifier: Literal["exact", "about"] = Field(
        default="exact", description="Whether the source says it exactly", examples=["about"]
    )


class FigureRead(Out):
    """A national figure, and for which days it stands."""

    value: int = Field(ge=0, description="How many", examples=[700])
    valid_from: Date | None = Field(description="The day it speaks of", examples=["2018-09-01"])
    valid_to: Date | None = Field(description="The day of the next figure; null: none yet", examples=[None])
    source: str = Field(max_length=500, description="Who said so", examples=["cpm.kz"])
    source_url: str | None = Field(max_length=500, description="Where", examples=["https://www.cpm.kz"])
    qualifier: str = Field(max_length=10, description="`exact` or `about`", examples=["about"])
    recorded_at: Instant = Field(description="Since when it is known", examples=["2026-09-01T09:00:00+05:00"])


class FigureHistory(Out):
    """All national figures of a network: a series, not a conflict."""

    items: list[FigureRead] = Field(max_length=1000, description="In the order of their days")


class NetworkSummary(Out):
    """A network in a list."""

    id: UUID = Field(description="The network", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4602"])
    code: str = Field(max_length=64, description="Its lasting name", examples=["nis-leading-schools"])
    kind: NetworkKind = Field(description="What kind of network it is", examples=["leading_schools"])
    name: TextOut = Field(description="What it is called")
    area: str | None = Field(max_length=9, description="The area it works in; null: the country", examples=[None])
    indicator: str | None = Field(max_length=64, description="What counts its members", examples=["SCH_UNT_MEAN"])
    term_months: int | None = Field(description="For how long a membership is granted", examples=[36])


class NetworkRead(NetworkSummary):
    """A network with its rules and its operator of a day."""

    basis: Basis | None = Field(description="The act it stands on")
    mentoring: Mentoring | None = Field(description="Which members have a mentor")
    eligibility: list[EligibilityRule] = Field(max_length=50, description="What a membership is granted by")
    operator: OperatorRead | None = Field(description="Who operates it on the day asked for")
    version: int = Field(ge=1, description="Counts changes of its definition", examples=[1])
    updated_at: Instant = Field(description="Last change of its definition", examples=["2026-09-01T09:00:00+05:00"])


class NetworksQuery(PageQuery):
    """Which networks."""

    kind: NetworkKind | None = Field(default=None, description="Only of this kind", examples=["league"])
    area: Kato | None = Field(
        default=None, description="Only those of this area or of the whole country", examples=["430000000"]
    )


class NetworkAsOfQuery(In):
    """As of which day, and as known when."""

    as_of: Date | None = Field(default=None, description="The day; by default today", examples=["2026-09-01"])
    known_at: Instant | None = Field(
        default=None, description="As it was known at a moment; by default now", examples=["2026-09-01T09:00:00+05:00"]
    )


class KnownAtQuery(In):
    """As known when."""

    known_at: Instant | None = Field(
        default=None, description="As it was known at a moment; by default now", examples=["2026-09-01T09:00:00+05:00"]
    )
