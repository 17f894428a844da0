"""Selections of organisations that are saved under a name: criteria to be asked anew, or a list."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from shared.schemas.base import Flag, In, Instant, Name, Out, Whole, one_of, stays, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.registry.organisation_lists import OrganisationCriteria, SelectionId

MOST_ORGANISATIONS = 5000
_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise wrong("repeated", kk="Қайталанған мән бар", ru="Есть повторы", en="Something is repeated")
    return ids


Ids = Annotated[list[UUID], AfterValidator(_each_once), Field(json_schema_extra={"uniqueItems": True})]


class SelectionCriteria(OrganisationCriteria):
    """What is asked of organisations each time the selection is used."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"area": "790000000", "type": ["school"]}]})

    shift: list[Annotated[Whole, Field(ge=1, le=4)]] = Field(
        default_factory=list, max_length=4, description="Only with so many shifts", examples=[[1, 2]]
    )
    capacity_min: Annotated[Whole, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="Only with at least so many places", examples=[600]
    )
    capacity_max: Annotated[Whole, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="Only with at most so many places", examples=[1500]
    )
    radius_km: Annotated[float, Field(gt=0, le=2000, allow_inf_nan=False, strict=True)] = Field(
        default=5, description="How far from `near`", examples=[5]
    )
    inclusive: Flag | None = Field(
        default=None, description="Only those with conditions for inclusive education, or without", examples=[True]
    )
    voucher: Flag | None = Field(
        default=None, description="Only those where a club takes the voucher, or where none does", examples=[True]
    )


class SelectionCreate(In):
    """A selection to be saved."""

    model_config = ConfigDict(json_schema_extra=one_of("criteria", "organisation_ids"))

    name: Name = Field(description="What its owner calls it", examples=["Үш ауысымды мектептер"])
    criteria: SelectionCriteria | None = Field(default=None, description="What is asked anew each time")
    organisation_ids: Annotated[Ids, Field(min_length=1, max_length=MOST_ORGANISATIONS)] | None = Field(
        default=None, description="Or exactly these organisations", examples=[[_ID]]
    )
    shared: Flag = Field(
        default=False, description="Whether whoever has its id may use it; else its owner only", examples=[True]
    )

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if (self.criteria is None) == (self.organisation_ids is None):
            raise wrong(
                "criteria_or_list",
                kk="criteria немесе organisation_ids керек, екеуі бірге емес",
                ru="Нужно criteria или organisation_ids, но не оба",
                en="Give either criteria or organisation_ids",
            )
        return self


class SelectionUpdate(In):
    """A JSON Merge Patch (RFC 7396); what is asked for and a list take each other's place."""

    name: Name | None = Field(default=None, description="What its owner calls it", json_schema_extra=stays)
    criteria: SelectionCriteria | None = Field(
        default=None, description="What is asked anew each time, replaced as a whole", json_schema_extra=stays
    )
    organisation_ids: Annotated[Ids, Field(min_length=1, max_length=MOST_ORGANISATIONS)] | None = Field(
        default=None, description="Or exactly these organisations", json_schema_extra=stays
    )
    shared: Flag | None = Field(
        default=None, description="Whether whoever has its id may use it", json_schema_extra=stays
    )


class SelectionSummary(Out):
    """A selection in a list."""

    id: SelectionId = Field(description="Its short name, for `selection=`", examples=["7k2m9qpx4dfw"])
    name: str = Field(description="What its owner calls it", examples=["Үш ауысымды мектептер"])
    shared: bool = Field(description="Whether whoever has its id may use it", examples=[True])
    kind: str = Field(description="`criteria` or `list`", examples=["criteria"])
    version: int = Field(ge=1, description="How many times it was saved", examples=[1])
    created_at: Instant = Field(description="When it was saved first")
    updated_at: Instant = Field(description="When it was saved last")


class SelectionRead(SelectionSummary):
    """A saved selection."""

    criteria: SelectionCriteria | None = Field(default=None, description="What is asked anew each time")
    organisation_ids: list[UUID] | None = Field(
        default=None, description="The organisations, if it is a list", max_length=MOST_ORGANISATIONS
    )


class SelectionsQuery(PageQuery):
    """One's own selections, the newest first."""
