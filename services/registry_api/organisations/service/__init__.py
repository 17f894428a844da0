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
from services.registry_api.organisations.service.telling import announce_days
from services.registry_api.organisations.service.views import summary, trusts

__all__ = [
    "Registration",
    "Seen",
    "amend",
    "announce_days",
    "count",
    "facets",
    "get",
    "give_identifier",
    "history",
    "lock",
    "move",
    "page",
    "profile",
    "register",
    "register_many",
    "reopen",
    "resolve",
    "summary",
    "trusts",
    "undo_many",
    "withdraw",
]
