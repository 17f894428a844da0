"""Missing values and peers of a document for the core."""

from services.rating_engine.core import types as core
from shared.schemas.rating import gaps as wire


def missing(item: wire.Missing) -> core.Missing:
    """What a gap costs."""
    return core.Missing(core.MissingPolicy(item.policy), item.min_coverage, item.min_node_coverage)


def peer_groups(item: wire.PeerGroups | None) -> core.PeerGroups | None:
    """Who is compared with whom, or everyone."""
    return None if item is None else core.PeerGroups(tuple(item.by), item.minimum)
