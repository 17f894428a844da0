"""HTTP of assessments and of outcomes."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.assessments import service as assessments
from services.training_api.dependencies import Key, answer_list, answer_one, answer_written, seen_by
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.assessments import (
    AssessmentCreate,
    AssessmentQuery,
    AssessmentRead,
    CohortComplete,
    CohortCompletion,
    CompleteCommand,
    OutcomeExplained,
    ResitCommand,
)
from shared.schemas.training.enrolments import EnrolmentRead, ReasonedCommand
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/assessments", tags=["assessments"])
outcomes = Router("/v1/enrolments", tags=["assessments"])
cohorts = Router("/v1/cohorts", tags=["assessments"])
routers: tuple[Router, ...] = (router, outcomes, cohorts)
_PAGE = TypeAdapter(Page[AssessmentRead])
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]
AssessmentPath = Annotated[UUID, Path(description="The assessment", examples=["0198c0de-0000-7000-8000-000000000b01"])]
EnrolmentPath = Annotated[UUID, Path(description="The enrolment", examples=["0198c0de-0000-7000-8000-000000000501"])]
CohortPath = Annotated[UUID, Path(description="The cohort", examples=["0198c0de-0000-7000-8000-000000000301"])]


@router.get(
    "",
    summary="List assessments",
    description="Tasks and final assessments of people within your reach, the oldest first; voided ones among them.",
    response_model=Page[AssessmentRead],
    dependencies=_READER,
)
async def list_assessments(
    request: Request, session: Reading, actor: Caller, query: Annotated[AssessmentQuery, Query()]
) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "assessments", **seen_by(actor)},
        parse=[UUID],
        fetch=lambda after: assessments.page(session, actor, query, after=after),
        count=lambda: assessments.count(session, actor, query),
        keys=lambda assessment: [assessment.id],
    )


@router.post(
    "",
    summary="Record an assessment",
    description="A task, or the first attempt at the final assessment; it is never changed, only voided with a reason. "
    "Where the programme keeps trainers from evaluating, a final assessment names who made it, and that is nobody who "
    "teaches the cohort (409 `evaluator_teaches`).",
    status_code=201,
    response_model=AssessmentRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def record_assessment(body: AssessmentCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    assessment = await assessments.record(session, actor, body, now=clock.now())
    return answer_written(assessment, status=201, location=f"/v1/assessments/{assessment.id}")


@router.get(
    "/{assessment_id}",
    summary="Read an assessment",
    description="One assessment, if within your reach; otherwise 404.",
    response_model=AssessmentRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_assessment(request: Request, session: Reading, actor: Caller, assessment_id: AssessmentPath) -> Response:
    assessment = await assessments.get(session, actor, assessment_id)
    return answer_one(request, assessment, 1 if assessment.voided_at is None else 2)


@router.post(
    "/{assessment_id}/void",
    summary="Void an assessment",
    description="Takes it back, with a reason of the list `outcome`; it stays to be read. An outcome that may rest on "
    "it is voided first.",
    response_model=AssessmentRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def void_assessment(
    session: Writing, actor: Caller, assessment_id: AssessmentPath, body: ReasonedCommand, _key: Key = None
) -> Response:
    return answer_written(await assessments.void(session, actor, assessment_id, body, now=clock.now()))


@outcomes.post(
    "/{enrolment_id}/complete",
    summary="Complete an enrolment",
    description="Establishes the outcome by the completion rule of the programme: attendance and tasks and score. What "
    "is left out is taken from the records of sessions and assessments. `outcome.unmet` names the parts that were not "
    "met.",
    response_model=EnrolmentRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def complete_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: CompleteCommand, _key: Key = None
) -> Response:
    return _answer(await assessments.complete(session, actor, enrolment_id, body, now=clock.now()))


@outcomes.post(
    "/{enrolment_id}/resit",
    summary="Take the final assessment again",
    description="Another attempt, as often and as long as the programme's rule allows, and the outcome anew.",
    response_model=EnrolmentRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def resit_final_assessment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: ResitCommand, _key: Key = None
) -> Response:
    return _answer(await assessments.resit(session, actor, enrolment_id, body, now=clock.now()))


@outcomes.post(
    "/{enrolment_id}/void-outcome",
    summary="Void an outcome",
    description="Takes an outcome back, with a reason of the list `outcome`. A document that was given for it is "
    "revoked first.",
    response_model=EnrolmentRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def void_outcome(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: ReasonedCommand, _key: Key = None
) -> Response:
    return _answer(await assessments.void_outcome(session, actor, enrolment_id, body, now=clock.now()))


@outcomes.get(
    "/{enrolment_id}/outcome",
    summary="Explain an outcome",
    description="What a person's course came to, part by part: what is asked, what was reached, whether it is enough; "
    "before it is established, what it would come to by the records. And whether the final assessment may be taken "
    "again, or why not.",
    dependencies=_READER,
)
async def explain_outcome(session: Reading, actor: Caller, enrolment_id: EnrolmentPath) -> OutcomeExplained:
    return await assessments.explain(session, actor, enrolment_id, now=clock.now())


@cohorts.post(
    "/{cohort_id}/complete",
    summary="Complete everybody in a cohort",
    description="Establishes the outcome of everybody who takes part, by the records of sessions and assessments, up "
    "to 500 people a request: repeat it while `left` is more than those who cannot be told. A dry run tells each "
    "person's outcome and what is unmet, and writes nothing.",
    response_model=CohortCompletion,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def complete_cohort(
    session: Writing,
    actor: Caller,
    cohort_id: CohortPath,
    body: Annotated[CohortComplete, Body(examples=[{"dry_run": True}])],
    _key: Key = None,
) -> Response:
    return answer_written(await assessments.complete_cohort(session, actor, cohort_id, body, now=clock.now()))


def _answer(enrolment: EnrolmentRead) -> Response:
    return answer_written(enrolment, version=enrolment.version)
