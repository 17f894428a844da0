"""HTTP of reasons."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
