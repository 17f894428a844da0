"""HTTP of data quality."""

from shared.web.routing import Router

router = Router("/v1/data-quality", tags=["data-quality"])

routers = (router,)
