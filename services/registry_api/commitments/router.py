"""HTTP of commitments."""

from shared.web.routing import Router

router = Router("/v1/commitments", tags=["commitments"])
reports = Router("/v1/reports", tags=["reports"])

routers = (router, reports)
