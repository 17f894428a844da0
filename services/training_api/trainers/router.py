"""HTTP of trainers."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
