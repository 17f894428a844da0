"""HTTP of privacy."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
