"""HTTP of reports."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
