"""HTTP of the one page."""

from shared.web.routing import Router

router = Router("/v1/reports", tags=["reports"])

routers = (router,)
