"""HTTP of directives."""

from shared.web.routing import Router

router = Router("/v1/directives", tags=["directives"])

routers = (router,)
