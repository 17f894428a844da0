"""HTTP of what surveys came to, and of investigations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.surveys import service as surveys
from services.rating_engine.surveys.router.sessions import InvestigationPath, SurveyPath
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.rating.survey_results import (
    InvestigationCreate,
    InvestigationDecide,
    InvestigationQuery,
    InvestigationRead,
    ScreenedOrganisation,
    ScreenQuery,
    SurveyOrganisationResult,
    SurveyResultQuery,
    SurveyTotals,
)
from shared.web import conditional, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/surveys", tags=["surveys"])
_RESULTS = TypeAdapter(Page[SurveyOrganisationResult])
_SCREENS = TypeAdapter(Page[ScreenedOrganisation])
_INVESTIGATIONS = TypeAdapter(Page[InvestigationRead])
_RUNS = [requires("rating:run")]


@router.get(
    "/{survey_id}/results",
    response_model=Page[SurveyOrganisationResult],
    summary="Read the results of a survey",
    responses={409: {}},
)
async def list_survey_results(
    survey_id: SurveyPath, request: Request, query: Annotated[SurveyResultQuery, Query()], session: Reading
) -> Response:
    """Of a published survey, by organisation: mean satisfaction raked to the frame with its 95 % margin (corrected for
    the finite population), response rate, each question, with marked ballots and without. Nothing that rests on fewer
    than 10 ballots is shown, nor anything from which such a figure could be had by subtraction. Public."""
    of = {"list": "survey-results", "survey": survey_id, "only": query.organisation_id, "area": query.area}
    start = pages.start(request, query.cursor, of=of, length=1)
    after = UUID(str(start[0])) if start else None
    rows = await surveys.page_results(
        session, survey_id, only=query.organisation_id, area=query.area, after=after, limit=query.limit + 1
    )
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.organisation_id])
    total = None
    if query.count:
        total = await surveys.count_results(session, survey_id, only=query.organisation_id, area=query.area)
    return pages.answer(request, _RESULTS, page, next_cursor=cursor, total=total)


@router.get(
    "/{survey_id}/totals",
    response_model=SurveyTotals,
    summary="Read the totals of a survey",
    responses={304: {"description": "Not changed since it was read"}, 409: {}},
)
async def get_survey_totals(survey_id: SurveyPath, request: Request, session: Reading, response: Response) -> object:
    """Of a published survey, everywhere and by area; each organisation counts by its frame. What could tell of a small
    school by subtraction is withheld. Public."""
    found = await surveys.totals(session, survey_id)
    tag = conditional.etag("totals", survey_id)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return found


@router.get(
    "/{survey_id}/screens",
    response_model=Page[ScreenedOrganisation],
    summary="Read what the screens say",
    dependencies=_RUNS,
    responses={409: {}},
)
async def list_survey_screens(
    survey_id: SurveyPath, request: Request, query: Annotated[ScreenQuery, Query()], session: Reading
) -> Response:
    """Of a closed survey that is counted: how many ballots each screen marks, and what they change. For those who run
    the survey; no ballot is shown to anybody."""
    of = {"list": "survey-screens", "survey": survey_id, "only": query.organisation_id}
    start = pages.start(request, query.cursor, of=of, length=1)
    after = UUID(str(start[0])) if start else None
    rows = await surveys.screens(session, survey_id, only=query.organisation_id, after=after, limit=query.limit + 1)
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.organisation_id])
    total = None
    if query.count:
        total = await surveys.count_results(session, survey_id, only=query.organisation_id, area=None)
    return pages.answer(request, _SCREENS, page, next_cursor=cursor, total=total)


@router.post(
    "/{survey_id}/investigations",
    status_code=201,
    response_model=InvestigationRead,
    summary="Open an investigation",
    dependencies=_RUNS,
    responses={409: {}},
)
async def open_survey_investigation(
    survey_id: SurveyPath,
    body: InvestigationCreate,
    session: Writing,
    actor: Caller,
    response: Response,
    key: IdempotencyKey = None,
) -> InvestigationRead:
    """Look into the ballots of an organisation, between counting and publication. The screens open one by themselves
    where marked ballots move the mean by more than a standard error."""
    found = await surveys.investigate(session, actor, survey_id, body.organisation_id, body.reason, now=clock.now())
    response.headers["Location"] = f"/v1/surveys/{survey_id}/investigations/{found.id}"
    response.headers["ETag"] = conditional.etag(found.version)
    return found


@router.get(
    "/{survey_id}/investigations",
    response_model=Page[InvestigationRead],
    summary="List investigations",
    dependencies=_RUNS,
)
async def list_survey_investigations(
    survey_id: SurveyPath, request: Request, query: Annotated[InvestigationQuery, Query()], session: Reading
) -> Response:
    """The latest first, each with its record: why, what was decided, by whom."""
    of = {"list": "survey-investigations", "survey": survey_id, "status": query.status}
    start = pages.start(request, query.cursor, of=of, length=2)
    after = [datetime.fromisoformat(str(start[0])), UUID(str(start[1]))] if start else None
    rows = await surveys.page_investigations(
        session, survey_id, status=query.status, after=after, limit=query.limit + 1
    )
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.opened_at, row.id])
    total = await surveys.count_investigations(session, survey_id, status=query.status) if query.count else None
    return pages.answer(request, _INVESTIGATIONS, page, next_cursor=cursor, total=total)


@router.get(
    "/{survey_id}/investigations/{investigation_id}",
    response_model=InvestigationRead,
    summary="Read an investigation",
    dependencies=_RUNS,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_survey_investigation(
    survey_id: SurveyPath,
    investigation_id: InvestigationPath,
    request: Request,
    session: Reading,
    response: Response,
) -> object:
    """One investigation with its record."""
    found = await surveys.get_investigation(session, survey_id, investigation_id)
    tag = conditional.etag(found.version)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return found


@router.post(
    "/{survey_id}/investigations/{investigation_id}/decision",
    response_model=InvestigationRead,
    summary="Decide an investigation",
    dependencies=_RUNS,
    responses={409: {}},
)
async def decide_survey_investigation(
    survey_id: SurveyPath,
    investigation_id: InvestigationPath,
    body: InvestigationDecide,
    session: Writing,
    actor: Caller,
    response: Response,
    key: IdempotencyKey = None,
) -> InvestigationRead:
    """Marked ballots stay or are left out of what counts, with the grounds in Kazakh and Russian. Nothing is deleted:
    the figures with them and without both remain."""
    found = await surveys.decide(session, actor, survey_id, investigation_id, body, now=clock.now())
    response.headers["ETag"] = conditional.etag(found.version)
    return found
