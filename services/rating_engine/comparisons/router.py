"""HTTP of comparisons."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
