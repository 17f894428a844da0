"""HTTP of bundles."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
