"""HTTP of issuing."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
