"""Two entries of one edition beside one another: pure."""

import math
from collections.abc import Mapping
from typing import Any

from services.rating_engine.core.explanation import weight_box
from services.rating_engine.core.steps import explain
from services.rating_engine.core.types import Leaf, Node
from shared.schemas.base import TextOut
from shared.schemas.rating.comparisons import ComparedIndicator, ComparedSide, WeightTurn

Entry = Mapping[str, Any]
"""An explained entry as it was rendered, read back."""


def side(entry: Entry) -> ComparedSide:
    """One of the two."""
    return ComparedSide.model_validate(dict(entry))


def indicators(first: Entry, second: Entry) -> list[ComparedIndicator]:
    """Every indicator of both, with the difference of what it brought; nothing brought is 0."""
    others = {told["indicator"]: told for told in second["contributions"]}
    found = []
    for told in first["contributions"]:
        other = others[told["indicator"]]
        found.append(
            ComparedIndicator(
                indicator=told["indicator"],
                name=TextOut.model_validate(told["name"]),
                unit=told["unit"],
                a=told["value"],
                b=other["value"],
                contribution_a=told["contribution"],
                contribution_b=other["contribution"],
                difference=_difference(first, told, second, other),
            )
        )
    return found


def _difference(first: Entry, told: Entry, second: Entry, other: Entry) -> float | None:
    if first["score"] is None or second["score"] is None or _is_kept_back(told) or _is_kept_back(other):
        return None
    return float((told["contribution"] or 0.0) - (other["contribution"] or 0.0))


def _is_kept_back(told: Entry) -> bool:
    """Whether there is a contribution and it is not told: a value of too few people, or one merged with it."""
    return told["contribution"] is None and (
        told["coded"] is not None or told["value"] is not None or told["reason"] == "suppressed"
    )


def probability(first: Entry, second: Entry) -> float | None:
    """Φ((m - m')/sqrt(v + v')): that the first is truly above, by the posteriors of both; one half for equal exact
    scores, none where the noise of one is not known."""
    one, other = first.get("sampling"), second.get("sampling")
    if not one or not other:
        return None
    found = [told.get(name) for told in (one, other) for name in ("posterior_mean", "posterior_sd")]
    if any(value is None for value in found):
        return None
    mean, sd, other_mean, other_sd = (float(value) for value in found if value is not None)
    noise = math.hypot(sd, other_sd)
    if noise == 0.0:
        return 0.5 if mean == other_mean else float(mean > other_mean)
    return round(0.5 * math.erfc(-(mean - other_mean) / noise / math.sqrt(2.0)), 9)


def weights(
    tree: Node, first: Entry, second: Entry, *, spread: float, seed: int
) -> tuple[weight_box.Share | None, list[WeightTurn]]:
    """The share of the weights for which the first is above, and which weight would turn the order."""
    one, other = entering(tree, first), entering(tree, second)
    if one is None or other is None or not weight_box.is_defined(tree):
        return None, []
    share = weight_box.share_above(tree, one, other, spread=spread, seed=seed)
    turns = weight_box.turning(tree, one, other)
    return share, [WeightTurn(code=turn.code, declared=turn.declared, needed=turn.needed) for turn in turns]


def entering(tree: Node, entry: Entry) -> dict[str, float] | None:
    """What entered the tree, by indicator; none where that is not told, or no score is.

    A value that stands in for a missing one is not told itself; in an arithmetic tree it is what it brought over its
    weight.
    """
    if entry["score"] is None:
        return None
    told = {one["indicator"]: one for one in entry["contributions"]}
    if any(_is_kept_back(one) for one in told.values()):
        return None
    shares = _shares(tree, {code for code, one in told.items() if one["contribution"] is not None})
    plain = weight_box.is_defined(tree) and all(explain.power_of(node.aggregation) == 1.0 for node in tree.nodes())
    found = {}
    for code, one in told.items():
        if one["normalised"] is not None:
            found[code] = float(one["normalised"])
        elif one["contribution"] is None or shares.get(code, 0.0) == 0.0:
            found[code] = math.nan
        elif plain:
            found[code] = float(one["contribution"]) / shares[code]
        else:
            return None
    return found


def _shares(tree: Node, present: set[str]) -> dict[str, float]:
    """The weight of each present indicator in the whole, over what is present."""

    def there(child: Node | Leaf) -> bool:
        if isinstance(child, Leaf):
            return child.indicator in present
        return any(leaf.indicator in present for leaf in child.leaves())

    def below(node: Node, share: float) -> dict[str, float]:
        children = [child for child in node.children if there(child)]
        total = math.fsum(child.weight for child in children)
        found: dict[str, float] = {}
        for child in children:
            part = share * child.weight / total if total else 0.0
            found |= {child.indicator: part} if isinstance(child, Leaf) else below(child, part)
        return found

    return below(tree, 1.0)
