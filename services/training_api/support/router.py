"""HTTP of support."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
