"""HTTP of questionnaires."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from services.training_api.feedback import service as feedback
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.feedback import QuestionnaireCreate, QuestionnaireQuery, QuestionnaireRead
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/feedback-questionnaires", tags=["feedback"])
_PAGE = TypeAdapter(Page[QuestionnaireRead])
_READER = [requires("training:read")]
FormPath = Annotated[UUID, Path(description="The questionnaire", examples=["0198c0de-0000-7000-8000-000000000901"])]


@router.get(
    "",
    summary="List questionnaires",
    description="Every version of every questionnaire, by code and number.",
    response_model=Page[QuestionnaireRead],
    dependencies=_READER,
)
async def list_feedback_questionnaires(
    request: Request, session: Reading, query: Annotated[QuestionnaireQuery, Query()]
) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "feedback-questionnaires"},
        parse=[str, int],
        fetch=lambda after: feedback.page_questionnaires(session, query, after=after),
        count=lambda: feedback.count_questionnaires(session, query),
        keys=lambda form: [form.code, form.number],
    )


@router.post(
    "",
    summary="Write a questionnaire",
    description="Writes the next version: questions in all three languages, each with its scale, the one of Guskey's "
    "five levels it speaks of, and the waves it is asked in. Rounds keep the version they were planned with.",
    status_code=201,
    response_model=QuestionnaireRead,
    dependencies=[requires("training:manage")],
)
async def write_feedback_questionnaire(
    body: QuestionnaireCreate, session: Writing, actor: Caller, _key: Key = None
) -> Response:
    form = await feedback.write_questionnaire(session, actor, body, now=clock.now())
    return answer_written(form, status=201, location=f"/v1/feedback-questionnaires/{form.id}")


@router.get(
    "/{questionnaire_id}",
    summary="Read a questionnaire",
    description="One version; it never changes.",
    response_model=QuestionnaireRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_feedback_questionnaire(request: Request, session: Reading, questionnaire_id: FormPath) -> Response:
    return answer_one(request, await feedback.get_questionnaire(session, questionnaire_id), 1)
