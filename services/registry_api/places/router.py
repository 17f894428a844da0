"""HTTP of reports about places."""

from shared.web.routing import Router

router = Router("/v1/reports", tags=["reports"])

routers = (router,)
