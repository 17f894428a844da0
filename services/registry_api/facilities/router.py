"""HTTP of facilities."""

from shared.web.routing import Router

standards = Router("/v1/facility-standards", tags=["facilities"])
assessments = Router("/v1/facility-assessments", tags=["facilities"])
gaps = Router("/v1/facility-gaps", tags=["facilities"])

routers = (standards, assessments, gaps)
