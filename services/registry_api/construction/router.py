"""HTTP of construction."""

from shared.web.routing import Router

router = Router("/v1/construction-projects", tags=["construction"])

routers = (router,)
