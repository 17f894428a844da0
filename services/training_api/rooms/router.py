"""HTTP of rooms."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
