"""HTTP of audits."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
