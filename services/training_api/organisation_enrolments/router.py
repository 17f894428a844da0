"""HTTP of organisations that enrol as a team."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_written
from services.training_api.organisation_enrolments import service as organisation_enrolments
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.organisation_enrolments import (
    OrganisationEnrolmentCount,
    OrganisationEnrolmentCountQuery,
    OrganisationEnrolmentCreate,
    OrganisationEnrolmentQuery,
    OrganisationEnrolmentRead,
)
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/organisation-enrolments", tags=["organisation enrolments"])
reports = Router("/v1/reports/organisations", tags=["reports"])
routers = (router, reports)
_PAGE = TypeAdapter(Page[OrganisationEnrolmentRead])


@router.get(
    "",
    summary="List enrolled organisations",
    description="Organisations that take part in cohorts as teams, the earliest enrolled first. Public.",
    response_model=Page[OrganisationEnrolmentRead],
)
async def list_organisation_enrolments(
    request: Request, session: Reading, query: Annotated[OrganisationEnrolmentQuery, Query()]
) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "organisation-enrolments"},
        parse=[UUID],
        fetch=lambda after: organisation_enrolments.page(session, query, after=after),
        count=lambda: organisation_enrolments.count(session, query),
        keys=lambda enrolment: [enrolment.id],
    )


@router.post(
    "",
    summary="Enrol an organisation",
    description="Lets an organisation within your reach take part in a cohort as a team.",
    status_code=201,
    response_model=OrganisationEnrolmentRead,
    dependencies=[requires("training:enrol")],
)
async def enrol_organisation(
    body: OrganisationEnrolmentCreate, session: Writing, actor: Caller, _key: Key = None
) -> Response:
    enrolment = await organisation_enrolments.enrol(session, actor, body, now=clock.now())
    return answer_written(enrolment, status=201, location=f"/v1/organisation-enrolments?cohort_id={body.cohort_id}")


@reports.get(
    "",
    summary="Count enrolled organisations",
    description="How many organisations took part as teams, by type; each counts once. Public.",
)
async def count_organisations(
    session: Reading, query: Annotated[OrganisationEnrolmentCountQuery, Query()]
) -> OrganisationEnrolmentCount:
    return await organisation_enrolments.count_by_type(session, query.cohort_id)
