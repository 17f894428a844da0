"""HTTP of eligibility."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
