"""HTTP of reservations."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
