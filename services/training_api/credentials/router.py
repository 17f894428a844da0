"""HTTP of credentials."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
