"""HTTP of rounds of feedback: planned, tokens handed out, closed, and what they came to."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from services.training_api.feedback import service as feedback
from services.training_api.feedback.router.sessions import Unrepeated
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.feedback import (
    FeedbackOpinions,
    FeedbackQuestions,
    FeedbackResults,
    FeedbackRoundQuery,
    FeedbackRoundRead,
    FeedbackRounds,
    FeedbackScheduleCreate,
    FeedbackTrend,
    FeedbackTrendQuery,
    HandedTokens,
    TokensCreate,
)
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/feedback-rounds", tags=["feedback"])
reports = Router("/v1/reports/feedback", tags=["feedback"])
_PAGE = TypeAdapter(Page[FeedbackRoundRead])
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]
RoundPath = Annotated[UUID, Path(description="The round", examples=["0198c0de-0000-7000-8000-000000000911"])]


@router.post(
    "",
    summary="Plan the rounds of a cohort",
    description="At the end of the course and 3, 6 and 12 months later, where the questionnaire asks something. Rounds "
    "open and close by themselves on their days.",
    status_code=201,
    response_model=FeedbackRounds,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def schedule_feedback(
    body: FeedbackScheduleCreate, session: Writing, actor: Caller, _key: Key = None
) -> Response:
    rounds = FeedbackRounds(items=await feedback.schedule(session, actor, body, now=clock.now()))
    return answer_written(rounds, status=201, location=f"/v1/feedback-rounds?cohort_id={body.cohort_id}")


@router.get(
    "",
    summary="List rounds of feedback",
    description="When which cohort is asked, the earliest first.",
    response_model=Page[FeedbackRoundRead],
    dependencies=_READER,
)
async def list_feedback_rounds(
    request: Request, session: Reading, query: Annotated[FeedbackRoundQuery, Query()]
) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "feedback-rounds"},
        parse=[date.fromisoformat, UUID],
        fetch=lambda after: feedback.page(session, query, after=after),
        count=lambda: feedback.count(session, query),
        keys=lambda one: [one.opens_on.isoformat(), one.id],
    )


@router.get(
    "/{round_id}",
    summary="Read a round of feedback",
    description="One round.",
    response_model=FeedbackRoundRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_feedback_round(request: Request, session: Reading, round_id: RoundPath) -> Response:
    round_ = await feedback.get(session, round_id)
    return answer_one(request, round_, round_.version, round_.invited)


@router.get(
    "/{round_id}/questions",
    summary="Read the questions of a round",
    description="What is asked, in three languages. Public: whoever has a token needs it.",
)
async def read_feedback_questions(session: Reading, round_id: RoundPath) -> FeedbackQuestions:
    return await feedback.questions(session, round_id)


@router.post(
    "/{round_id}/tokens",
    summary="Hand out tokens",
    description="A one-time token for everybody who took part and has none yet. The list is shown once and kept "
    "nowhere: of a token only its hash stays, and not for whom it is. A lost list: `renew`, as long as nobody has "
    "answered. No `Idempotency-Key` is to be sent: the kept answer would hold the tokens.",
    status_code=201,
    response_model=HandedTokens,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def hand_out_feedback_tokens(
    body: TokensCreate, session: Unrepeated, actor: Caller, round_id: RoundPath
) -> Response:
    return answer_written(await feedback.hand_out(session, actor, round_id, body), status=201)


@router.post(
    "/{round_id}/close",
    summary="Close a round of feedback",
    description="Ends an open round before its day, for good: a closed round never opens again.",
    response_model=FeedbackRoundRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def close_feedback_round(session: Writing, actor: Caller, round_id: RoundPath, _key: Key = None) -> Response:
    round_ = await feedback.close(session, actor, round_id, now=clock.now())
    return answer_written(round_, version=round_.version)


@router.get(
    "/{round_id}/results",
    summary="Read the results of a round",
    description="Of a closed round: response rate, mean and share of favourable answers by question, means by Guskey's "
    "level, each with its 95 % interval; by venue where there are several. Nothing that rests on fewer than 10 "
    "answers is shown, nor anything from which such a figure could be had by subtraction.",
    dependencies=_READER,
)
async def read_feedback_results(session: Reading, round_id: RoundPath) -> FeedbackResults:
    return await feedback.results(session, round_id)


@router.get(
    "/{round_id}/opinions",
    summary="Read what was written",
    description="Texts by question in the order of the alphabet, for those who manage the course; not which answers "
    "came together. Of a closed round with 10 answers or more.",
    dependencies=_MANAGER,
)
async def read_feedback_opinions(session: Reading, actor: Caller, round_id: RoundPath) -> FeedbackOpinions:
    return await feedback.opinions(session, actor, round_id)


@reports.get(
    "",
    summary="Report feedback over time",
    description="Guskey's five levels of one cohort from wave to wave, and the change since the first wave shown, by "
    "the questions asked at both, with intervals.",
    dependencies=_READER,
)
async def report_feedback(session: Reading, query: Annotated[FeedbackTrendQuery, Query()]) -> FeedbackTrend:
    return await feedback.trend(session, query.cohort_id)
