"""What is done with targets."""

from services.registry_api.targets.service.carrying import bound, carry, take_back
from services.registry_api.targets.service.cascading import cascade, split
from services.registry_api.targets.service.observing import observe
from services.registry_api.targets.service.progressing import progress, summaries, worst
from services.registry_api.targets.service.reading import count, find, get, history, page, require, wanted
from services.registry_api.targets.service.stating import amend, lock, state, withdraw

__all__ = [
    "amend",
    "bound",
    "carry",
    "cascade",
    "count",
    "find",
    "get",
    "history",
    "lock",
    "observe",
    "page",
    "progress",
    "require",
    "split",
    "state",
    "summaries",
    "take_back",
    "wanted",
    "withdraw",
    "worst",
]
