"""Who is compared with whom."""

from collections.abc import Sequence

import numpy as np

from services.rating_engine.core.types import Dataset, Flags, PeerGroups

Groups = Sequence[tuple[Flags, Flags]]
"""Members, and the population they are compared with."""


def groups(dataset: Dataset, rule: PeerGroups | None) -> list[tuple[Flags, Flags]]:
    """The peer groups as (members, population they are compared with).

    Units are peers when all attributes of the rule are equal. A group below the minimum, and a unit lacking one of the
    attributes, is compared with the whole population; without a rule there is one group, everyone.
    """
    everyone = np.ones(len(dataset.units), dtype=np.bool_)
    if rule is None:
        return [(everyone, everyone)]
    keys: list[tuple[str | None, ...]] = list(
        zip(*(dataset.attributes[attribute] for attribute in rule.by), strict=True)
    )
    sizes: dict[tuple[str | None, ...], int] = {}
    for key in keys:
        sizes[key] = sizes.get(key, 0) + 1
    large = [key for key, size in sizes.items() if size >= rule.minimum and None not in key]
    found = []
    rest = everyone.copy()
    for key in large:
        members = np.array([other == key for other in keys], dtype=np.bool_)
        rest &= ~members
        found.append((members, members))
    if rest.any():
        found.append((rest, everyone))
    return found
