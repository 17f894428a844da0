"""HTTP of reorganisations."""

from shared.web.routing import Router

router = Router("/v1/reorganisations", tags=["reorganisations"])

routers = (router,)
