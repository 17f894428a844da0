"""HTTP of computed indicators and of shares of organisations."""

from typing import Annotated

from fastapi import Path, Query

from services.registry_api.derived import service as derived
from shared import clock
from shared.auth import requires
from shared.clock import day_in_kazakhstan
from shared.schemas.registry.derived import DerivedList, DerivedQuery, DerivedRead, ShareQuery, ShareRead
from shared.schemas.registry.indicators import IndicatorCode
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/derived-indicators", tags=["indicators"])
shares = Router("/v1/organisation-shares", tags=["indicators"])

routers = (router, shares)
_READER = [requires("registry:read")]


@router.get(
    "",
    summary="List computed indicators",
    description="Indicators that the registry computes from what it knows itself: nobody reports them.",
    response_model=DerivedList,
    dependencies=_READER,
)
async def list_derived_indicators(session: Reading) -> DerivedList:
    return DerivedList.model_validate({"items": await derived.catalogue(session)})


@router.get(
    "/{code}",
    summary="Compute an indicator",
    description="The value of an area or an organisation on a day, the organisations it was computed from, and how: "
    "three-shift schools, leading schools, schools built by sponsors, colleges with demonstration exams; employer "
    "partners of a college.",
    response_model=DerivedRead,
    dependencies=_READER,
)
async def compute_derived_indicator(
    session: Reading,
    code: Annotated[IndicatorCode, Path(description="The indicator's code", examples=["REG_THREE_SHIFT_SCHOOLS"])],
    query: Annotated[DerivedQuery, Query()],
) -> DerivedRead:
    now = clock.now()
    on = query.as_of or day_in_kazakhstan(now)
    found = await derived.read(session, code, query, on=on, now=now)
    return DerivedRead.model_validate(found)


@shares.get(
    "",
    summary="Tell of how many organisations something holds",
    description="Of the organisations of some types that work on a day, how many have a value of an indicator that "
    "fits, by type and together, and which lag behind. Who has not reported lags behind; every form of ownership "
    "counts.",
    response_model=ShareRead,
    dependencies=_READER,
)
async def tell_share(session: Reading, query: Annotated[ShareQuery, Query()]) -> ShareRead:
    on = query.as_of or day_in_kazakhstan(clock.now())
    return ShareRead.model_validate(await derived.read_share(session, query, on=on))
