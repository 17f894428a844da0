"""What is done with directives and school years."""

from services.registry_api.directives.service.setting import (
    add_item,
    change_item,
    count,
    get,
    latest_of,
    lock,
    page,
    roll_over,
    set_directive,
    summary,
    update,
)
from services.registry_api.directives.service.years import (
    count_years,
    enter_year,
    get_year,
    lock_year,
    replace_year,
    years,
)

__all__ = [
    "add_item",
    "change_item",
    "count",
    "count_years",
    "enter_year",
    "get",
    "get_year",
    "latest_of",
    "lock",
    "lock_year",
    "page",
    "replace_year",
    "roll_over",
    "set_directive",
    "summary",
    "update",
    "years",
]
