"""HTTP of plans of events, of events, and of the calendar made of them."""

from services.registry_api.events.router.calendar import router as calendar
from services.registry_api.events.router.events import router as events
from services.registry_api.events.router.plans import router as plans

routers = (plans, events, calendar)

__all__ = ["routers"]
