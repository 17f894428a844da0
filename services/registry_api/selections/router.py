"""HTTP of selections."""

from shared.web.routing import Router

router = Router("/v1/selections", tags=["selections"])

routers = (router,)
