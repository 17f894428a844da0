"""HTTP of assessments."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
