"""HTTP of projects."""

from shared.web.routing import Router

router = Router("/v1/projects", tags=["projects"])
plans = Router("/v1/development-plans", tags=["projects"])
visits = Router("/v1/study-visits", tags=["projects"])

routers = (router, plans, visits)
