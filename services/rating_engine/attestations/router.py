"""HTTP of attestations."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
