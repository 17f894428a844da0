"""HTTP of outcome measures and of the report of impact."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.training_api.dependencies import Key, answer_written
from services.training_api.impact import service as impact
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.impact import (
    ImpactQuery,
    ImpactRead,
    OutcomeBatchCreate,
    OutcomeBatchTaken,
    OutcomeMeasureCreate,
    OutcomeMeasureTaken,
)
from shared.web.routing import Router
from shared.web.sessions import Writing, database_of

measures = Router("/v1/outcome-measures", tags=["impact"])
batches = Router("/v1/outcome-measure-batches", tags=["impact"])
report = Router("/v1/reports/impact", tags=["impact"])
routers: tuple[Router, ...] = (batches, measures, report)
_WRITER = [requires("training:enrol")]


@measures.post(
    "",
    summary="Record an outcome measure",
    description="A score of a person, 0 to 100, before a course or after it: of participants and of those who applied "
    "and waited alike. It is never shown again; only figures of many persons are.",
    status_code=201,
    response_model=OutcomeMeasureTaken,
    responses={409: {}},
    dependencies=_WRITER,
)
async def record_outcome_measure(
    body: OutcomeMeasureCreate, session: Writing, actor: Caller, _key: Key = None
) -> Response:
    return answer_written(await impact.record(session, actor, body, now=clock.now()), status=201)


@batches.post(
    "",
    summary="Record many outcome measures",
    description="Up to 2,000 scores: all of them or, if one is wrong, none, and `errors` names every fault.",
    status_code=201,
    response_model=OutcomeBatchTaken,
    dependencies=_WRITER,
)
async def record_outcome_measures(
    body: OutcomeBatchCreate, session: Writing, actor: Caller, _key: Key = None
) -> Response:
    return answer_written(await impact.record_many(session, actor, body, now=clock.now()), status=201)


@report.get(
    "",
    summary="Report the impact of a programme",
    description="How much more those with a seat changed than those who applied and waited: difference in differences "
    "within strata, with a 95 % interval that knows of schools. By `instrument`: scores of persons. By `indicator` "
    "with `before` and `after`: organisations with participants against those of which people only waited, by the "
    "registry's figures. Where there is not enough to go by it says so, and gives no figure.",
    dependencies=[requires("training:read")],
)
async def report_impact(request: Request, query: Annotated[ImpactQuery, Query()]) -> ImpactRead:
    today = clock.day_in_kazakhstan(clock.now())
    # The registry is asked before a connection is taken: whoever waits for it holds none.
    asked = await impact.ask(request.app.state.registry, query) if query.indicator is not None else None
    async with database_of(request).reading() as session:
        if asked is None:
            return await impact.of_instrument(session, query, today=today)
        return await impact.of_indicator(session, query, asked, today=today)
