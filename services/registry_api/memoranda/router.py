"""HTTP of memoranda."""

from shared.web.routing import Router

router = Router("/v1/memoranda", tags=["memoranda"])

routers = (router,)
