"""HTTP of indicators and of who was taught."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.training_api.coverage import service as coverage
from services.training_api.dependencies import answer_one
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.tables import IndicatorTable
from shared.schemas.training.coverage import (
    CertifiedQuery,
    CertifiedRead,
    CoverageQuery,
    CoverageRead,
    IndicatorTableQuery,
)
from shared.web.routing import Router
from shared.web.sessions import Reading

table = Router("/v1/indicator-table", tags=["indicators"])
reports = Router("/v1/reports/coverage", tags=["reports"])
certified = Router("/v1/reports/certified", tags=["reports"])
routers = (table, reports, certified)
_READER = [requires("training:read")]


@table.get(
    "",
    summary="Read indicators of organisations",
    description="Columns in the shape of the registry's observation table, counted from this service's own data. "
    "`TCH_PD_3Y_SHARE`: percent of the teachers employed on the day who hold a certificate that counts towards the "
    "norm and was issued within its window before that day. Beyond the caller's reach a share that tells of fewer than "
    "five persons is `suppressed`.",
    response_model=IndicatorTable,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_indicator_table(
    request: Request, session: Reading, actor: Caller, query: Annotated[IndicatorTableQuery, Query()]
) -> Response:
    found = await coverage.indicator_table(session, actor, query, now=clock.now())
    return answer_one(request, found, found.digest)


@reports.get(
    "",
    summary="Report coverage",
    description="How many persons were taught and how many certificates they hold on the day: a person with two "
    "certificates counts once. With `by` also the teachers employed on the day in groups, each with its denominator; a "
    "share without a denominator is null. Figures of persons outside your reach are not shown where fewer than five "
    "could be recognised, or others by subtraction; outside your reach ask for whole regions.",
    responses={403: {}},
    dependencies=_READER,
)
async def report_coverage(session: Reading, actor: Caller, query: Annotated[CoverageQuery, Query()]) -> CoverageRead:
    return await coverage.coverage(session, actor, query, now=clock.now())


@certified.get(
    "",
    summary="Report certified teachers by area",
    description="How many teachers hold a certificate that counts towards the norm on a day, by the area they work in: "
    "each person once. Numbers only, of areas within the caller's reach: what new schools can be staffed with.",
    responses={403: {}},
    dependencies=_READER,
)
async def report_certified_teachers(
    session: Reading, actor: Caller, query: Annotated[CertifiedQuery, Query()]
) -> CertifiedRead:
    return await coverage.certified(session, actor, query, now=clock.now())
