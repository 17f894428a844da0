"""HTTP of eligibility."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import answer_list, seen_by
from services.training_api.eligibility import service as eligibility
from shared import clock
from shared.auth import Caller, requires
from shared.clock import day_in_kazakhstan
from shared.schemas.pages import Page
from shared.schemas.training.eligibility import EligibilityQuery, EligibilityRead, EligibleCount, EligibleQuery
from shared.web.routing import Router
from shared.web.sessions import Reading

cohorts = Router("/v1/cohorts", tags=["eligibility"])
programmes = Router("/v1/programmes", tags=["eligibility"])
routers: tuple[Router, ...] = (cohorts, programmes)
_PAGE = TypeAdapter(Page[EligibleCount])
_READER = [requires("training:read")]
CohortPath = Annotated[UUID, Path(description="The cohort", examples=["0198c0de-0000-7000-8000-000000000301"])]
ProgrammePath = Annotated[
    UUID, Path(description="The version of the programme", examples=["0198c0de-0000-7000-8000-000000000201"])
]


@cohorts.get(
    "/{cohort_id}/eligibility",
    summary="Ask why not",
    description="What every rule of the cohort's programme says of a person within your reach: whether it holds, what "
    "is asked and what is so, in words and in figures. Rules are asked as of the first day of the course.",
    dependencies=_READER,
)
async def read_eligibility(
    session: Reading, actor: Caller, cohort_id: CohortPath, query: Annotated[EligibilityQuery, Query()]
) -> EligibilityRead:
    return await eligibility.why_not(session, actor, cohort_id, query, on=day_in_kazakhstan(clock.now()))


@programmes.get(
    "/{programme_id}/eligible-educators",
    summary="Count who may join",
    description="For planning: how many people of each workplace within your reach may join the programme, and for how "
    "many each rule does not hold. No persons, only numbers; by the workplaces' identifiers.",
    response_model=Page[EligibleCount],
    dependencies=_READER,
)
async def count_eligible_educators(
    request: Request,
    session: Reading,
    actor: Caller,
    programme_id: ProgrammePath,
    query: Annotated[EligibleQuery, Query()],
) -> Response:
    on = query.on or day_in_kazakhstan(clock.now())
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "eligible", "programme": programme_id, **seen_by(actor)},
        parse=[UUID],
        fetch=lambda after: eligibility.count_eligible(session, actor, programme_id, query, on=on, after=after),
        count=lambda: eligibility.count_workplaces(session, actor, query, on=on),
        keys=lambda row: [row.organisation_id],
    )
