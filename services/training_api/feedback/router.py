"""HTTP of feedback."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
