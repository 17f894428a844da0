"""HTTP of organisations that enrol as a team."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, Locking, answer_list, answer_written
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
    TeamMemberList,
    TeamMembersCreate,
    TeamRead,
)
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/organisation-enrolments", tags=["organisation enrolments"])
reports = Router("/v1/reports/organisations", tags=["reports"])
routers = (router, reports)
_PAGE = TypeAdapter(Page[OrganisationEnrolmentRead])
_ENROLS = [requires("training:enrol")]
TeamPath = Annotated[
    UUID, Path(description="The organisation in the cohort", examples=["0198c0de-0000-7000-8000-000000000701"])
]


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
    description="Lets an organisation within your reach take part in a cohort as a team. Its members, where some are "
    "named, are enrolled each on their own: `named` tells of each whether there is a seat, a place in line, or why "
    "neither.",
    status_code=201,
    response_model=TeamRead,
    dependencies=_ENROLS,
)
async def enrol_organisation(
    body: OrganisationEnrolmentCreate, session: Writing, actor: Caller, locking: Locking, _key: Key = None
) -> Response:
    team = await organisation_enrolments.enrol(session, actor, body, locking=locking, now=clock.now())
    return answer_written(team, status=201, location=f"/v1/organisation-enrolments/{team.id}")


@router.get(
    "/{team_id}",
    summary="Read an enrolled organisation",
    description="An organisation in a cohort, and how many of its educators came with it. Public.",
)
async def read_organisation_enrolment(session: Reading, team_id: TeamPath) -> OrganisationEnrolmentRead:
    return await organisation_enrolments.get(session, team_id)


@router.post(
    "/{team_id}/members",
    summary="Add members to a team",
    description="Enrols more educators of the organisation; each is answered for in `named`.",
    response_model=TeamRead,
    dependencies=_ENROLS,
)
async def add_team_members(
    session: Writing, actor: Caller, locking: Locking, team_id: TeamPath, body: TeamMembersCreate, _key: Key = None
) -> Response:
    return answer_written(
        await organisation_enrolments.add_members(session, actor, team_id, body, locking=locking, now=clock.now())
    )


@router.get(
    "/{team_id}/members",
    summary="List the members of a team",
    description="The enrolments made for the team, if its organisation is within your reach; otherwise 404.",
    dependencies=[requires("training:read")],
)
async def list_team_members(session: Reading, actor: Caller, team_id: TeamPath) -> TeamMemberList:
    return TeamMemberList(items=await organisation_enrolments.members(session, actor, team_id, now=clock.now()))


@reports.get(
    "",
    summary="Count enrolled organisations",
    description="How many organisations took part as teams, by type; each counts once. Public.",
)
async def count_organisations(
    session: Reading, query: Annotated[OrganisationEnrolmentCountQuery, Query()]
) -> OrganisationEnrolmentCount:
    return await organisation_enrolments.count_by_type(session, query.cohort_id)
