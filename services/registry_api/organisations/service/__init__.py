"""What is done with organisations: commands upon one, ways of looking, and thousands at once."""

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
    adopt,
    demand_all,
    hold,
    portraits,
    succeed,
    take_back,
)
from services.registry_api.organisations.service.telling import announce_days
from services.registry_api.organisations.service.views import summary, trusts

__all__ = [
    "Difference",
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
