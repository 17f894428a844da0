"""HTTP of attendance."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
