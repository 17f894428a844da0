"""HTTP of clubs."""

from shared.web.routing import Router

router = Router("/v1/club-providers", tags=["clubs"])

routers = (router,)
