"""HTTP of surveys."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
