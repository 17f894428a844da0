"""HTTP of one organisation on one page."""

from fastapi import Response
from pydantic import TypeAdapter

from services.registry_api.finding import profiling
from services.registry_api.organisations.router.rendering import OrganisationPath
from shared import clock
from shared.auth import MaybeCaller
from shared.schemas.registry.profiles import OrganisationProfile
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/organisations", tags=["organisations"])

_PROFILE = TypeAdapter(OrganisationProfile)


@router.get(
    "/{organisation_id}/profile",
    summary="Read the profile of an organisation",
    description="What a parent wants to see at once: the organisation and its place, how full it is, whether a child "
    "with special needs can learn there, its rooms, clubs and networks, others near by, whom to ask, and what the "
    "rating means. Public. Callers with `registry:read` whose reach it is also get what its director asks: its "
    "indicators beside those of others like it, what it has not reported, commitments that are due, its targets.",
    response_model=OrganisationProfile,
    responses={410: {}},
)
async def get_organisation_profile(session: Reading, actor: MaybeCaller, organisation_id: OrganisationPath) -> Response:
    found = await profiling.profile(session, organisation_id, actor=actor, now=clock.now())
    return Response(_PROFILE.dump_json(_PROFILE.validate_python(found)), media_type="application/json")
