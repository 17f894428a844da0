"""HTTP of answering: open to everybody who has a token."""

from services.training_api.feedback import service as feedback
from services.training_api.feedback.router.sessions import Lane, OfNobody
from shared import clock
from shared.schemas.training.feedback import FeedbackCreate, FeedbackTaken
from shared.web.routing import Router

router = Router("/v1/feedback", tags=["feedback"])


@router.post(
    "",
    summary="Answer without a name",
    description="One answer for one token. Every question with a scale is answered; texts may be left out, and what "
    "looks like an IIN, a telephone or an address of mail is refused (422). A token that was used: 409; an unknown "
    "one: 404; a round that is not open yet: 409, closed: 410. Nothing that is kept leads from the answer to the "
    "token or the time; so a repeated request is told 409 `feedback_token_used`, and no `Idempotency-Key` is taken. "
    "Public.",
    status_code=201,
    responses={404: {}, 409: {}, 410: {"description": "The round is closed"}},
)
async def give_feedback(body: FeedbackCreate, _lane: Lane, session: OfNobody) -> FeedbackTaken:
    await feedback.take(session, body, now=clock.now())
    return FeedbackTaken()
