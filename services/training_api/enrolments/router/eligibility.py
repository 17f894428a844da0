"""HTTP of what was set aside when somebody enrolled."""

from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.router.enrolments import EnrolmentPath
from shared.auth import Caller, requires
from shared.schemas.training.eligibility import OverrideList
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/enrolments", tags=["eligibility"])


@router.get(
    "/{enrolment_id}/overrides",
    summary="List the rules set aside",
    description="Which rules of joining said no when this person enrolled, who set them aside and why; empty if all of "
    "them held.",
    dependencies=[requires("training:read")],
)
async def list_overrides(session: Reading, actor: Caller, enrolment_id: EnrolmentPath) -> OverrideList:
    return OverrideList(items=await enrolments.overrides(session, actor, enrolment_id))
