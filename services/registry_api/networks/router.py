"""HTTP of networks."""

from shared.web.routing import Router

router = Router("/v1/networks", tags=["networks"])

routers = (router,)
