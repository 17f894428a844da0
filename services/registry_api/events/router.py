"""HTTP of events."""

from shared.web.routing import Router

plans = Router("/v1/event-plans", tags=["events"])
router = Router("/v1/events", tags=["events"])
calendar = Router("/v1/calendar.ics", tags=["events"])

routers = (plans, router, calendar)
