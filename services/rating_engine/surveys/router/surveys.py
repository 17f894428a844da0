"""HTTP of surveys: made, changed, opened, closed, published."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.surveys import service as surveys
from services.rating_engine.surveys.router.sessions import SeesDrafts, SurveyPath
from shared import clock
from shared.auth import requires
from shared.schemas.pages import Page
from shared.schemas.rating.surveys import SurveyCreate, SurveyQuery, SurveyRead, SurveyUpdate
from shared.web import conditional, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/surveys", tags=["surveys"])
_PAGE = TypeAdapter(Page[SurveyRead])
_RUNS = [requires("rating:run")]


@router.post("", status_code=201, response_model=SurveyRead, summary="Make a survey", dependencies=_RUNS)
async def create_survey(
    body: SurveyCreate, session: Writing, response: Response, key: IdempotencyKey = None
) -> SurveyRead:
    """A draft: questions with scales, yes or no, or options; no free text, since it could carry what belongs to a
    person. Kazakh and Russian are needed to open it."""
    survey = await surveys.create(session, body, now=clock.now())
    response.headers["Location"] = f"/v1/surveys/{survey.id}"
    response.headers["ETag"] = conditional.etag(survey.version)
    return survey


@router.get("", response_model=Page[SurveyRead], summary="List surveys")
async def list_surveys(
    request: Request, query: Annotated[SurveyQuery, Query()], session: Reading, drafts: SeesDrafts
) -> Response:
    """The latest first; drafts only for those who may read ratings before they are public."""
    asked: dict[str, Any] = {"status": query.status, "period": query.period, "drafts": drafts}
    of = {"list": "surveys", **asked}
    start = pages.start(request, query.cursor, of=of, length=2)
    after = [datetime.fromisoformat(str(start[0])), UUID(str(start[1]))] if start else None
    rows = await surveys.page(session, **asked, after=after, limit=query.limit + 1)
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.created_at, row.id])
    total = await surveys.count(session, **asked) if query.count else None
    return pages.answer(request, _PAGE, [surveys.read(row) for row in page], next_cursor=cursor, total=total)


@router.get(
    "/{survey_id}",
    response_model=SurveyRead,
    summary="Read a survey",
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_survey(
    survey_id: SurveyPath, request: Request, session: Reading, drafts: SeesDrafts, response: Response
) -> object:
    """What is asked, from when until when, and where it stands."""
    survey = await surveys.get(session, survey_id, drafts=drafts)
    tag = conditional.etag(survey.version)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return survey


@router.patch(
    "/{survey_id}",
    response_model=SurveyRead,
    summary="Change a draft survey",
    dependencies=_RUNS,
    responses={409: {}},
)
async def update_survey(
    survey_id: SurveyPath,
    body: Annotated[SurveyUpdate, Body(media_type="application/merge-patch+json")],
    request: Request,
    session: Writing,
    response: Response,
    if_match: IfMatch = None,
) -> SurveyRead:
    """Of a draft; once it is open, questions stand."""
    conditional.check_match(request, await surveys.held(session, survey_id))
    survey = await surveys.update(session, survey_id, body, now=clock.now())
    response.headers["ETag"] = conditional.etag(survey.version)
    return survey


@router.post(
    "/{survey_id}/open",
    response_model=SurveyRead,
    summary="Open a survey",
    dependencies=_RUNS,
    responses={409: {}},
)
async def open_survey(
    survey_id: SurveyPath, session: Writing, response: Response, key: IdempotencyKey = None
) -> SurveyRead:
    """From now on questions and frame stand and tokens can be handed out; ballots are taken between `opens_at` and
    `closes_at`. Refused without Kazakh and Russian in every text and without a frame."""
    survey = await surveys.open_(session, survey_id, now=clock.now())
    response.headers["ETag"] = conditional.etag(survey.version)
    return survey


@router.post(
    "/{survey_id}/close",
    status_code=202,
    response_model=SurveyRead,
    summary="Close a survey",
    dependencies=_RUNS,
    responses={409: {}},
)
async def close_survey(
    survey_id: SurveyPath, session: Writing, response: Response, key: IdempotencyKey = None
) -> SurveyRead:
    """Before its instant, and for good; at the instant it closes by itself. A job screens and counts the ballots, opens
    investigations where marked ballots matter, and erases what was kept of times and networks. While it is closed and
    not counted (its job was cancelled), another job can be asked for the same way."""
    survey, job_id = await surveys.close(session, survey_id, now=clock.now())
    response.headers["Location"] = f"/v1/jobs/{job_id}"
    response.headers["ETag"] = conditional.etag(survey.version)
    return survey


@router.post(
    "/{survey_id}/publish",
    response_model=SurveyRead,
    summary="Publish the results of a survey",
    dependencies=[requires("rating:publish")],
    responses={409: {}},
)
async def publish_survey(
    survey_id: SurveyPath, session: Writing, response: Response, key: IdempotencyKey = None
) -> SurveyRead:
    """By the decisions that were taken, for good; refused while an investigation is not decided. From then on ratings
    of the period take the results as `ORG_PARENT_SATISFACTION` and `ORG_SURVEY_RESPONSE`."""
    survey = await surveys.publish(session, survey_id, now=clock.now())
    response.headers["ETag"] = conditional.etag(survey.version)
    return survey
