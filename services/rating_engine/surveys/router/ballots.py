"""HTTP of frames, tokens and ballots."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.dependencies import source_of
from services.rating_engine.surveys import service as surveys
from services.rating_engine.surveys.router.sessions import Lane, OfNobody, Pepper, SurveyPath, Unrepeated
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.rating.survey_ballots import (
    BallotCreate,
    BallotTaken,
    Participation,
    ParticipationQuery,
    SurveyForm,
    TokensIssue,
    TokensIssued,
)
from shared.schemas.rating.surveys import FrameRead, FrameWrite
from shared.schemas.tables import IndicatorTable
from shared.web import conditional, export, pages
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/surveys", tags=["surveys"])
_PAGE = TypeAdapter(Page[Participation])
_RUNS = [requires("rating:run")]
_NEVER_KEPT = {"Cache-Control": "no-store"}


async def _registry(survey_id: SurveyPath, body: FrameWrite, request: Request) -> IndicatorTable:
    async with database_of(request).reading() as session:
        survey = await surveys.get(session, survey_id)
    wanted = body.from_registry
    return await source_of(request.app).organisations(
        organisation_type=survey.organisation_type,
        period=survey.period,
        indicator=wanted.indicator if wanted else surveys.CODES[0],
        as_of=clock.day_in_kazakhstan(clock.now()),
        area=wanted.area if wanted else None,
    )


Registry = Annotated[IndicatorTable, Depends(_registry)]
"""The registry's organisations of the survey's type; asked before a transaction is begun."""


@router.put(
    "/{survey_id}/frame",
    response_model=FrameRead,
    summary="Set the frame of a survey",
    dependencies=_RUNS,
    responses={409: {}},
)
async def replace_survey_frame(
    survey_id: SurveyPath,
    body: FrameWrite,
    registry: Registry,
    request: Request,
    session: Writing,
    response: Response,
    if_match: IfMatch = None,
) -> FrameRead:
    """How many parents there are in each organisation, and if known in each group of grades by language of instruction:
    counts alone, nobody by name. Given here, or taken from the registry as what an indicator rests on. Of several parts
    of an organisation none has fewer than 10."""
    conditional.check_match(request, await surveys.held(session, survey_id))
    frame = await surveys.replace_frame(
        session,
        survey_id,
        body.organisations,
        registry,
        indicator=body.from_registry.indicator if body.from_registry else "",
        now=clock.now(),
    )
    response.headers["ETag"] = conditional.etag(await surveys.held(session, survey_id))
    return frame


@router.get(
    "/{survey_id}/participation",
    response_model=Page[Participation],
    summary="Read how many have answered",
    dependencies=[requires("rating:read")],
)
async def list_survey_participation(
    survey_id: SurveyPath,
    request: Request,
    query: Annotated[ParticipationQuery, Query()],
    session: Reading,
    actor: Caller,
) -> Response:
    """Live, by organisation, within the caller's reach: a director sees the own school, a region its own. How many, and
    nothing of what they answered."""
    of = {"list": "participation", "survey": survey_id, "only": query.organisation_id, "seen_by": actor.principal}
    start = pages.start(request, query.cursor, of=of, length=1)
    after = UUID(str(start[0])) if start else None
    rows = await surveys.participation(
        session, actor, survey_id, only=query.organisation_id, after=after, limit=query.limit + 1
    )
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.organisation_id])
    total = None
    if query.count:
        total = await surveys.count_participation(session, actor, survey_id, only=query.organisation_id)
    return pages.answer(request, _PAGE, page, next_cursor=cursor, total=total)


@router.post(
    "/{survey_id}/tokens",
    status_code=201,
    response_model=TokensIssued,
    summary="Hand out tokens",
    dependencies=_RUNS,
    responses={
        409: {},
        201: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    },
)
async def issue_survey_tokens(
    survey_id: SurveyPath, body: TokensIssue, request: Request, session: Unrepeated, actor: Caller
) -> Response:
    """One-time tokens for a part of an organisation's frame, never more than there are parents; `Accept: text/csv`
    gives a list to print. Shown once and kept nowhere: of a token its hash stays, and not whose it is. A lost list:
    `renew`. No `Idempotency-Key` is taken: the kept answer would hold the tokens."""
    format_ = export.wanted(request, offered=("json", "csv"))
    issued = await surveys.hand_out(session, actor, survey_id, body)
    if format_ == "csv":
        lines = "\r\n".join(["token", *issued.tokens, ""])
        headers = {**_NEVER_KEPT, "Content-Disposition": 'attachment; filename="tokens.csv"', "Vary": "Accept"}
        return Response(lines, status_code=201, media_type="text/csv; charset=utf-8", headers=headers)
    headers = {**_NEVER_KEPT, "Vary": "Accept"}
    return Response(issued.model_dump_json(), status_code=201, media_type="application/json", headers=headers)


@router.get("/{survey_id}/form", summary="Read the form of a survey", responses={409: {}})
async def get_survey_form(survey_id: SurveyPath, session: Reading, response: Response) -> SurveyForm:
    """What an open survey asks, in all its languages, with a signed stamp of when it was handed out, to be given back
    with the ballot. No token is needed to read it. Public."""
    response.headers.update(_NEVER_KEPT)
    return await surveys.form(session, survey_id, now=clock.now())


@router.post("/{survey_id}/ballots", status_code=201, summary="Answer a survey", responses={404: {}, 409: {}})
async def cast_survey_ballot(
    survey_id: SurveyPath, body: BallotCreate, request: Request, _lane: Lane, session: OfNobody, pepper: Pepper
) -> BallotTaken:
    """One ballot for one token; every question is answered. A token that does not do is 404, whether it never was or
    was used: so a repeated request is told 404, and no `Idempotency-Key` is taken. A survey that takes no ballots now:
    409. Nothing that is kept leads from the ballot to the token, the minute or the address. Public."""
    address = request.client.host if request.client else None
    await surveys.take(session, survey_id, body, address=address, pepper=pepper, now=clock.now())
    return BallotTaken()
