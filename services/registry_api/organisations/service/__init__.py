"""What is done with organisations: commands upon one, ways of looking, and thousands at once."""

from services.registry_api.organisations.models import Organisation
from services.registry_api.organisations.service.commands import (
    amend,
    give_identifier,
    lock,
    move,
    register,
    reopen,
    withdraw,
)
from services.registry_api.organisations.service.many import Registration, register_many, undo_many
from services.registry_api.organisations.service.planning import Difference
from services.registry_api.organisations.service.reads import (
    Seen,
    count,
    facets,
    get,
    history,
    page,
    profile,
    resolve,
)
from services.registry_api.organisations.service.reorganising import (
    Portrait,
    adopt,
    demand_all,
    hold,
    part_from,
    parts,
    portraits,
    succeed,
    take_back,
)
from services.registry_api.organisations.service.telling import announce_days
from services.registry_api.organisations.service.views import summary, trusts

__all__ = [
    "Difference",
    "Organisation",
    "Portrait",
    "Registration",
    "Seen",
    "adopt",
    "amend",
    "announce_days",
    "count",
    "demand_all",
    "facets",
    "get",
    "give_identifier",
    "history",
    "hold",
    "lock",
    "move",
    "page",
    "part_from",
    "parts",
    "portraits",
    "profile",
    "register",
    "register_many",
    "reopen",
    "resolve",
    "succeed",
    "summary",
    "take_back",
    "trusts",
    "undo_many",
    "withdraw",
]
