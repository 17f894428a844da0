"""What is done with construction projects: entered, moved on, opened, counted, given to others."""

from services.registry_api.construction.repository.listing import Wanted
from services.registry_api.construction.service.commands import (
    amend,
    assess_risk,
    change_stage,
    lock,
    state_cost,
    state_date,
    state_fact,
    state_idle_reason,
)
from services.registry_api.construction.service.creation import create, create_many
from services.registry_api.construction.service.oc4ids import package
from services.registry_api.construction.service.opening import open_school
from services.registry_api.construction.service.reads import (
    Due,
    costs,
    count,
    delivered,
    due_by,
    facts,
    get,
    idle,
    page,
    plans,
    risks,
    slips,
    state_plan,
    steps,
    timetable,
    totals,
)

__all__ = [
    "Due",
    "Wanted",
    "amend",
    "assess_risk",
    "change_stage",
    "costs",
    "count",
    "create",
    "create_many",
    "delivered",
    "due_by",
    "facts",
    "get",
    "idle",
    "lock",
    "open_school",
    "package",
    "page",
    "plans",
    "risks",
    "slips",
    "state_cost",
    "state_date",
    "state_fact",
    "state_idle_reason",
    "state_plan",
    "steps",
    "timetable",
    "totals",
]
