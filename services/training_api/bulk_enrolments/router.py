"""HTTP of bulk_enrolments."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
