"""HTTP of targets."""

from shared.web.routing import Router

router = Router("/v1/targets", tags=["targets"])

routers = (router,)
