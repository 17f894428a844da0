"""HTTP of allocations."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
