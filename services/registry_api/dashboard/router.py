"""HTTP of the one page."""

from typing import Annotated

from fastapi import Query

from services.registry_api.dashboard import service as dashboard
from shared import clock
from shared.auth import requires
from shared.schemas.registry.dashboard import DashboardQuery, DashboardRead
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/reports/dashboard", tags=["reports"])


@router.get(
    "",
    summary="Read the dashboard",
    description="All on one page: the items of the directive with their lights, those without data among them; the "
    "targets of the area and of areas under it, worst first and counted by light; what changed since a month before; "
    "how many schools work in three shifts; commitments by light and memoranda without progress; the places that are "
    "missing and will be.",
    response_model=DashboardRead,
    dependencies=[requires("registry:read")],
)
async def read_dashboard(session: Reading, query: Annotated[DashboardQuery, Query()]) -> DashboardRead:
    return await dashboard.page(session, query, now=clock.now())


routers = (router,)
