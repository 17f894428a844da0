"""Providers: organisations that give courses."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import In, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import OrganisationId, ProviderId

ProviderCode = Annotated[str, StringConstraints(max_length=12, pattern=r"^[A-Z][A-Z0-9]{1,11}$")]
"""Two to twelve capital Latin letters and digits; certificate numbers begin with it."""

_ID = "0198c0de-0000-7000-8000-000000000101"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"


class ProviderCreate(In):
    """An organisation of the registry that will give courses."""

    organisation_id: OrganisationId = Field(description="The organisation in the registry", examples=[_ORGANISATION])
    code: ProviderCode = Field(description="Short code that certificate numbers begin with", examples=["ORLEU"])


class ProviderRead(Out):
    """A provider."""

    id: ProviderId = Field(description="Its identifier", examples=[_ID])
    organisation_id: OrganisationId = Field(description="The organisation in the registry", examples=[_ORGANISATION])
    code: str = Field(description="Short code that certificate numbers begin with", max_length=12, examples=["ORLEU"])
    name: TextOut = Field(
        description="The name of the organisation, as the registry's feed last told it",
        examples=[{"kk": "«Өрлеу» біліктілікті арттыру орталығы", "ru": "Центр повышения квалификации «Өрлеу»"}],
    )


class ProviderQuery(PageQuery):
    """Which providers."""

    organisation_id: OrganisationId | None = Field(
        default=None, description="Only the provider this organisation is", examples=[_ORGANISATION]
    )
    code: ProviderCode | None = Field(default=None, description="Only the provider of this code", examples=["ORLEU"])
