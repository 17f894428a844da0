"""Contracts with providers: places that are bought, for whom, and at what price."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Code, Date, FilledLine, In, Kato, Out, Whole, stays
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import ContractId, OrganisationId, ProviderId

_ID = "0198c0de-0000-7000-8000-000000000901"
_PROVIDER = "0198c0de-0000-7000-8000-000000000101"
_BUYER = "0198c0de-0000-7000-8000-000000000001"

Money = Annotated[str, StringConstraints(max_length=19, pattern=r"^(0|[1-9][0-9]{0,15})\.[0-9]{2}$")]
"""A sum in tenge with two decimals, as text: `"72500.00"`."""
Places = Annotated[Whole, Field(ge=1, le=1_000_000)]
"""How many places are bought."""


class ContractCreate(In):
    """Places that somebody buys from a provider."""

    provider_id: ProviderId = Field(description="Who teaches", examples=[_PROVIDER])
    buyer_id: OrganisationId = Field(description="Who pays, as in the registry", examples=[_BUYER])
    number: FilledLine = Field(description="Number of the document", examples=["№ 12-2026"])
    programme_code: Code = Field(description="What is taught: all versions of it", examples=["KELESHEK-LAB"])
    area: Kato = Field(
        description="Whose educators may use the places: those who work in this area", examples=["790000000"]
    )
    places: Places = Field(description="How many places are bought", examples=[400])
    price_per_place: Money = Field(description="Price of one place, in tenge", examples=["72500.00"])
    starts_on: Date = Field(description="First day on which a course under it may begin", examples=["2026-01-01"])
    ends_on: Date = Field(description="Last day on which a course under it may begin", examples=["2026-12-31"])


class ContractUpdate(In):
    """What changes of a contract by an agreement."""

    number: FilledLine | None = Field(
        default=None, description="Number of the document", examples=["№ 12-2026/1"], json_schema_extra=stays
    )
    places: Places | None = Field(
        default=None, description="How many places are bought", examples=[450], json_schema_extra=stays
    )
    price_per_place: Money | None = Field(
        default=None, description="Price of one place, in tenge", examples=["72500.00"], json_schema_extra=stays
    )
    ends_on: Date | None = Field(
        default=None,
        description="Last day on which a course under it may begin",
        examples=["2026-12-31"],
        json_schema_extra=stays,
    )


class ContractRead(Out):
    """A contract with a provider."""

    id: ContractId = Field(description="Its identifier", examples=[_ID])
    provider_id: ProviderId = Field(description="Who teaches", examples=[_PROVIDER])
    buyer_id: OrganisationId = Field(description="Who pays, as in the registry", examples=[_BUYER])
    number: str = Field(description="Number of the document", max_length=500, examples=["№ 12-2026"])
    programme_code: str = Field(description="What is taught", max_length=64, examples=["KELESHEK-LAB"])
    area: str = Field(description="Whose educators may use the places", max_length=9, examples=["790000000"])
    places: int = Field(description="How many places are bought", ge=1, le=1_000_000, examples=[400])
    price_per_place: Money = Field(description="Price of one place, in tenge", examples=["72500.00"])
    starts_on: Date = Field(description="First day on which a course under it may begin", examples=["2026-01-01"])
    ends_on: Date = Field(description="Last day on which a course under it may begin", examples=["2026-12-31"])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class ContractQuery(PageQuery):
    """Which contracts, the oldest first."""

    provider_id: ProviderId | None = Field(default=None, description="Only of this provider", examples=[_PROVIDER])
    buyer_id: OrganisationId | None = Field(default=None, description="Only paid by this one", examples=[_BUYER])
    programme_code: Code | None = Field(default=None, description="Only of this programme", examples=["KELESHEK-LAB"])
    area: Kato | None = Field(default=None, description="Only for exactly this area", examples=["790000000"])
    on: Date | None = Field(default=None, description="Only in force on this day", examples=["2026-09-01"])
