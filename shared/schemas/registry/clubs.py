"""Clubs for children: who provides them, who takes the voucher of the social wallet, and monthly counts."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from shared.schemas.base import (
    Count,
    Date,
    Flag,
    In,
    Instant,
    Kato,
    Line,
    LocalisedText,
    Out,
    TextOut,
    Whole,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.event_plans import Month
from shared.schemas.registry.organisation_words import Contacts
from shared.schemas.registry.organisations import ContactsRead, TextPatch
from shared.schemas.registry.texts import UNIQUE, Named, Word, distinct

Age = Annotated[Whole, Field(ge=0, le=25)]
"""Full years."""

Directions = Annotated[list[Word], AfterValidator(distinct), UNIQUE]
"""What a club is about, as an open list: sport, music, robotics, chess, …"""

_NAME = {"kk": "«Самұрық» робототехника үйірмесі", "ru": "Кружок робототехники «Самрук»"}
_PROVIDER = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c01"
_SCHOOL = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"


class ClubProviderAttributes(In):
    """Everything of a provider of clubs."""

    name: LocalisedText = Field(description="What it is called", examples=[_NAME])
    organisation_id: UUID | None = Field(
        default=None, description="The organisation of the registry that it is, if it is one", examples=[None]
    )
    area: Kato | None = Field(
        default=None, description="Where it works; by default where its organisation stands", examples=["751210000"]
    )
    directions: Directions = Field(
        min_length=1, max_length=50, description="What its clubs are about", examples=[["robotics", "chess"]]
    )
    age_from: Age = Field(default=6, description="From which age", examples=[6])
    age_to: Age = Field(default=18, description="Up to which age, included", examples=[14])
    accepts_social_wallet: Flag = Field(
        default=False, description="Whether it takes the voucher of the social wallet", examples=[True]
    )
    address: LocalisedText | None = Field(default=None, description="Street and house", examples=[{"kk": "Абай, 10"}])
    contacts: Contacts | None = Field(
        default=None, description="Its public contacts", examples=[{"phone": "+7 727 000 00 46"}]
    )
    works_from: Date | None = Field(default=None, description="First day it works", examples=["2025-09-01"])
    works_until: Date | None = Field(default=None, description="Last day it works", examples=[None])

    @model_validator(mode="after")
    def _in_order(self) -> "ClubProviderAttributes":
        if self.age_from > self.age_to:
            raise wrong(
                "ages_reversed",
                kk="age_from мәні age_to мәнінен аспауы керек",
                ru="age_from не может превышать age_to",
                en="age_from cannot exceed age_to",
            )
        if self.works_from is not None and self.works_until is not None and self.works_until < self.works_from:
            raise wrong(
                "period_reversed",
                kk="Соңғы күн бірінші күннен бұрын",
                ru="Последний день раньше первого",
                en="The last day is before the first",
            )
        return self


class ClubProviderCreate(ClubProviderAttributes):
    """A provider to be entered."""


class ClubProviderUpdate(In):
    """A JSON Merge Patch (RFC 7396): what is absent stays, null removes, objects are merged, lists are replaced."""

    name: TextPatch | None = Field(default=None, description="What it is called", examples=[{"en": "Samruk"}])
    organisation_id: UUID | None = Field(
        default=None,
        description="The organisation of the registry that it is",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"],
    )
    area: Kato | None = Field(default=None, description="Where it works", examples=["751210000"])
    directions: Directions | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="What its clubs are about",
        json_schema_extra=stays,
        examples=[["robotics"]],
    )
    age_from: Age | None = Field(default=None, description="From which age", examples=[6], json_schema_extra=stays)
    age_to: Age | None = Field(default=None, description="Up to which age", examples=[14], json_schema_extra=stays)
    accepts_social_wallet: Flag | None = Field(
        default=None, description="Whether it takes the voucher", examples=[True], json_schema_extra=stays
    )
    address: TextPatch | None = Field(default=None, description="Street and house", examples=[{"kk": "Абай, 10"}])
    contacts: Contacts | None = Field(
        default=None, description="Its public contacts", examples=[{"phone": "+7 727 000 00 46"}]
    )
    works_from: Date | None = Field(default=None, description="First day it works", examples=["2025-09-01"])
    works_until: Date | None = Field(default=None, description="Last day it works", examples=["2026-08-31"])


class ClubProviderRead(Out):
    """A provider of clubs."""

    id: UUID = Field(description="The provider", examples=[_PROVIDER])
    name: TextOut = Field(description="What it is called", examples=[_NAME])
    organisation: Named | None = Field(default=None, description="The organisation of the registry that it is")
    area: str = Field(max_length=9, description="KATO code of where it works", examples=["751210000"])
    directions: list[str] = Field(max_length=50, description="What its clubs are about", examples=[["robotics"]])
    age_from: int = Field(ge=0, description="From which age", examples=[6])
    age_to: int = Field(ge=0, description="Up to which age, included", examples=[14])
    accepts_social_wallet: bool = Field(description="Whether it takes the voucher", examples=[True])
    address: TextOut | None = Field(default=None, description="Street and house", examples=[{"kk": "Абай, 10"}])
    contacts: ContactsRead | None = Field(default=None, description="Its public contacts")
    works_from: Date | None = Field(default=None, description="First day it works", examples=["2025-09-01"])
    works_until: Date | None = Field(default=None, description="Last day it works", examples=[None])
    version: int = Field(ge=1, description="How many times it was changed", examples=[1])


class ClubProvidersQuery(PageQuery):
    """Which providers."""

    q: Line | None = Field(default=None, description="Words of the name", examples=["самрук"])
    area: Kato | None = Field(
        default=None, description="Only inside this area and everything under it", examples=["750000000"]
    )
    direction: Word | None = Field(default=None, description="Only with clubs about this", examples=["robotics"])
    age: int | None = Field(default=None, ge=0, le=25, description="Only for this age", examples=[10])
    accepts_social_wallet: bool | None = Field(
        default=None, description="Only those that take the voucher, or only those that do not", examples=[True]
    )
    on: Date | None = Field(default=None, description="Only those that work on this day", examples=["2026-03-01"])


class ClubCountCreate(In):
    """A month of one club of one school: how many, and never who."""

    month: Month = Field(description="The month", examples=["2026-03"])
    school_id: UUID = Field(description="The school the children come from", examples=[_SCHOOL])
    provider_id: UUID = Field(description="Who provides the club", examples=[_PROVIDER])
    direction: Word = Field(description="What the club is about", examples=["robotics"])
    children: Count = Field(description="How many children came at least once", examples=[24])
    vouchers: Count = Field(default=0, description="How many of them were paid for by a voucher", examples=[11])
    visits: Count = Field(default=0, description="How many visits they made together", examples=[180])

    @model_validator(mode="after")
    def _adds_up(self) -> "ClubCountCreate":
        if self.vouchers > self.children:
            raise wrong(
                "more_vouchers_than_children",
                kk="Ваучер саны бала санынан аспауы керек",
                ru="Ваучеров не может быть больше, чем детей",
                en="There cannot be more vouchers than children",
            )
        return self


class ClubCountBatch(In):
    """Months of clubs, all taken or none."""

    counts: list[ClubCountCreate] = Field(
        min_length=1,
        max_length=5000,
        description="The months, each of a school, a provider and a direction once",
        examples=[
            [
                {
                    "month": "2026-03",
                    "school_id": _SCHOOL,
                    "provider_id": _PROVIDER,
                    "direction": "robotics",
                    "children": 24,
                    "vouchers": 11,
                    "visits": 180,
                }
            ]
        ],
    )


class ClubCountsTaken(Out):
    """What became of a batch."""

    added: int = Field(ge=0, description="Months that were not known", examples=[118])
    changed: int = Field(ge=0, description="Months that were known otherwise", examples=[2])
    unchanged: int = Field(ge=0, description="Months that were known so already", examples=[0])


class ClubCountRead(Out):
    """A month of one club of one school."""

    id: UUID = Field(description="This month of this club", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c02"])
    month: Month = Field(description="The month", examples=["2026-03"])
    school: Named = Field(description="The school the children come from")
    provider_id: UUID = Field(description="Who provides the club", examples=[_PROVIDER])
    provider_name: TextOut = Field(description="What the provider is called", examples=[_NAME])
    direction: str = Field(max_length=40, description="What the club is about", examples=["robotics"])
    children: int | None = Field(default=None, ge=0, description="How many children came", examples=[24])
    vouchers: int | None = Field(default=None, ge=0, description="How many were paid for by a voucher", examples=[11])
    visits: int | None = Field(default=None, ge=0, description="How many visits they made", examples=[180])
    suppressed: list[str] = Field(
        max_length=3,
        description="Numbers not shown in public because fewer than 5 children stand behind them, or because they "
        "would give such a number away",
        examples=[["children", "vouchers", "visits"]],
    )
    recorded_at: Instant = Field(description="When it was last told", examples=["2026-04-03T09:00:00+05:00"])


class ClubCountsQuery(PageQuery):
    """Which months of which clubs."""

    since: Month | None = Field(default=None, alias="from", description="From this month on", examples=["2025-09"])
    until: Month | None = Field(default=None, description="Up to this month, included", examples=["2026-05"])
    school_id: UUID | None = Field(
        default=None, description="Only of this school", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]
    )
    provider_id: UUID | None = Field(
        default=None, description="Only of this provider", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c01"]
    )
    area: Kato | None = Field(
        default=None, description="Only of schools inside this area and everything under it", examples=["750000000"]
    )
    direction: Word | None = Field(default=None, description="Only of clubs about this", examples=["robotics"])
