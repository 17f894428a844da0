"""The words in which lists of organisations are asked for."""

from services.registry_api.organisations.queries import understood
from services.registry_api.organisations.repository.listing import (
    FACETS,
    Among,
    Order,
    SortField,
    Wanted,
    depth,
    position,
)
from services.registry_api.organisations.rules import HIDDEN_FROM_STRANGERS

__all__ = [
    "FACETS",
    "HIDDEN_FROM_STRANGERS",
    "Among",
    "Order",
    "SortField",
    "Wanted",
    "depth",
    "position",
    "understood",
]
