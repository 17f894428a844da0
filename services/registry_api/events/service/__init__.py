"""What is done with events; what is done with plans of them is in `plans`."""

from services.registry_api.events.service.commands import change, enter, lock, move
from services.registry_api.events.service.reads import (
    Brief,
    Dated,
    Seen,
    briefly,
    count,
    for_calendar,
    get,
    page,
    position,
    wanted_by,
)

__all__ = [
    "Brief",
    "Dated",
    "Seen",
    "briefly",
    "change",
    "count",
    "enter",
    "for_calendar",
    "get",
    "lock",
    "move",
    "page",
    "position",
    "wanted_by",
]
