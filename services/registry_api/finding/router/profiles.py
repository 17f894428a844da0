"""HTTP of one organisation on one page."""

from fastapi import Response
from pydantic import TypeAdapter

from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.router.rendering import OrganisationPath
from shared import clock
from shared.auth import MaybeCaller
from shared.schemas.registry.organisation_lists import OrganisationProfile
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/organisations", tags=["organisations"])

_PROFILE = TypeAdapter(OrganisationProfile)


@router.get(
    "/{organisation_id}/profile",
    summary="Read the profile of an organisation",
    description="What a parent wants to see at once: the organisation, its district and region by name, what it "
    "belongs to, its branches, its former names. Public.",
    response_model=OrganisationProfile,
    responses={410: {}},
)
async def get_organisation_profile(session: Reading, actor: MaybeCaller, organisation_id: OrganisationPath) -> Response:
    found = await organisations.profile(session, organisation_id, actor=actor, now=clock.now())
    return Response(_PROFILE.dump_json(_PROFILE.validate_python(found)), media_type="application/json")
