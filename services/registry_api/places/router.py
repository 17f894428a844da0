"""HTTP of reports about places."""

from typing import Annotated

from fastapi import Depends, Query, Request

from services.registry_api.dependencies import training_of
from services.registry_api.places import service as places
from shared import clock
from shared.auth import requires
from shared.clients.errors import RemoteAnswerInvalid, RemoteProblem, RemoteUnavailable
from shared.schemas.registry.places import (
    DeficitQuery,
    DeficitReport,
    StaffingQuery,
    StaffingReport,
    ThreeShiftQuery,
    ThreeShiftReport,
)
from shared.schemas.training.coverage import CertifiedRead
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/reports", tags=["reports"])
routers = (router,)
_READER = [requires("registry:read")]


async def _certified(request: Request, query: Annotated[StaffingQuery, Query()]) -> CertifiedRead | None:
    try:
        return await training_of(request.app).certified(
            as_of=query.as_of, area=query.area, programme_code=query.programme_code, source=query.source
        )
    except (RemoteProblem, RemoteUnavailable, RemoteAnswerInvalid):
        return None


Certified = Annotated[CertifiedRead | None, Depends(_certified)]
"""What training says of certified teachers, asked before a transaction is begun; None when it could not be asked."""


@router.get(
    "/three-shift",
    summary="Report schools of three shifts",
    description="Schools that teach in three shifts on a day, against the promise that there be none, and those of one "
    "or two shifts that have more pupils than two shifts hold: they are the next to slip.",
    dependencies=_READER,
)
async def report_three_shift_schools(session: Reading, query: Annotated[ThreeShiftQuery, Query()]) -> ThreeShiftReport:
    return ThreeShiftReport.model_validate(await places.three_shift(session, query, now=clock.now()))


@router.get(
    "/place-deficit",
    summary="Report the deficit of places",
    description="By the areas right under the one asked for (without one: by region): pupils, places at the norm of "
    "two shifts, the deficit school by school, and all that foreseen for the school year of a day with its 95 % "
    "interval, the schools that open until then counted. The answer tells the method.",
    dependencies=_READER,
)
async def report_place_deficit(session: Reading, query: Annotated[DeficitQuery, Query()]) -> DeficitReport:
    return DeficitReport.model_validate(await places.deficit(session, query, now=clock.now()))


@router.get(
    "/staffing",
    summary="Report the staff of schools to come",
    description="For each school that is to open until a day: trained teachers it needs by the norm, those it can "
    "have, and the gap. Certified teachers are counted by training; each is given to one project at most, the first to "
    "open first, from its own area and then wider within its region. When training cannot be reached, the report tells "
    "what is needed and says that the rest is not known.",
    dependencies=_READER,
)
async def report_staffing(
    certified: Certified, session: Reading, query: Annotated[StaffingQuery, Query()]
) -> StaffingReport:
    return StaffingReport.model_validate(await places.staffing(session, query, certified, now=clock.now()))
