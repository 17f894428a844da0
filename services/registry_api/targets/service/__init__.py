"""What is done with targets."""

from services.registry_api.targets.service.reading import count, find, get, history, page, wanted
from services.registry_api.targets.service.stating import amend, lock, state, withdraw

__all__ = ["amend", "count", "find", "get", "history", "lock", "page", "state", "wanted", "withdraw"]
