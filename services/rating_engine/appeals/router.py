"""HTTP of appeals."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
