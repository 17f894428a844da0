"""HTTP of impact."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
