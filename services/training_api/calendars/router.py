"""HTTP of calendars."""

from shared.web.routing import Router

routers: tuple[Router, ...] = ()
