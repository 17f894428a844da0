"""What stands beside a result: how sure it is, what it owes to choices, what leads further, what is not shown.

Each function gives records, one a unit, for a column of the rows, or an artefact of the step, or both.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from services.rating_engine.core.audit import coherence
from services.rating_engine.core.doubt import kernel, sensitivity, sobol, uncertainty
from services.rating_engine.core.doubt.uncertainty import Placed, Spread
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.core.evidence import standing
from services.rating_engine.core.explanation import against, reach
from services.rating_engine.core.steps.peers import alike
from services.rating_engine.core.types import Dataset, Leaf, Methodology, Result
from services.rating_engine.core.withholding import disclosure
from services.rating_engine.runs.artefacts import Artefact, artefact, numbers

Records = list[dict[str, Any] | None]
_PLACES = ("_low", "_high")
"""How the columns of places end; 0 means that there is none."""


def standings(dataset: Dataset, methodology: Methodology, result: Result, *, seed: int) -> tuple[Records, Artefact]:
    """How sure the places are, by the data."""
    top = methodology.precision.top
    found = standing.standing(result, groups=alike(dataset, methodology.peer_groups), top=top, seed=seed)
    columns: dict[str, Any] = {name: getattr(found, name) for name in standing.Standing.__slots__}
    chances = _by_band(result)
    places = {name: [one or None for one in columns[name].tolist()] for name in columns if name.endswith(_PLACES)}
    told = {
        name: places[name] if name in places else column if name == "evidence" else numbers(column)
        for name, column in columns.items()
    }
    records = records_of({**told, **({"band_probability": chances} if chances else {})}, result)
    levels = [level for level in found.evidence if level is not None]
    widths = (found.rank_set_high - found.rank_set_low + 1)[found.rank_set_low > 0]
    return records, artefact(
        "standing",
        {
            "evidence": {level: levels.count(level) for level in sorted(set(levels))},
            "misordered": result.misordered,
            "widest_set": int(widths.max(initial=0)),
            "mean_set": float(widths.mean()) if len(widths) else None,
        },
    )


def warm() -> None:
    """Load what thousands of replicates are made with: seconds the first time, so best beside waiting for data."""
    kernel.warm()
    sobol.warm()


def spreads(variants: Variants, result: Result) -> tuple[Records, Artefact]:
    """How sure the places are, by the choices of the method; sampling noise alone stands apart."""
    found = uncertainty.spread(variants)
    columns = {**_placed(found), **({"sampling": _together(_placed(found.sampling))} if found.sampling else {})}
    return (
        records_of(columns, result),
        artefact(
            "uncertainty",
            {
                "replicates": variants.uncertainty.replicates,
                "seed": variants.uncertainty.seed,
                "outside_interval": found.outside_interval,
                "mean_shift": found.mean_shift,
                "is_exact": found.is_exact,
                "combinations": dict(found.combinations),
                "factors": [{**asdict(one), "used": dict(one.used), "moved": one.moved} for one in found.factors],
                "sampling": None
                if found.sampling is None
                else {
                    "replicates": found.sampling.replicates,
                    "outside_interval": found.sampling.outside_interval,
                    "mean_shift": found.sampling.mean_shift,
                },
            },
        ),
    )


def parameters(variants: Variants) -> Artefact:
    """What every replicate was made with: by factor the alternative taken, and every weight by its node and child."""
    design, given = variants.replicates.design, uncertainty.parameters(variants)
    tree = variants.methodology.tree
    codes = [
        (node.code, child.indicator if isinstance(child, Leaf) else child.code)
        for node in tree.nodes()
        for child in node.children
    ]
    weights: dict[str, dict[str, Any]] = {}
    for (node, child), drawn in zip(codes, given.weights.T, strict=True):
        weights.setdefault(node, {})[child] = drawn
    return artefact(
        "parameters",
        {
            "seed": variants.uncertainty.seed,
            "replicates": len(given),
            "choices": {
                choice.name: [choice.labels[taken] for taken in given.choices[:, place].tolist()]
                for place, choice in enumerate(design.choices)
            },
            "weights": weights,
        },
    )


def sensitivities(variants: Variants, result: Result) -> Artefact | None:
    """Which choice moves the places, of all and of each; none where nothing varies."""
    found = sensitivity.indices(variants)
    if found is None:
        return None
    units = found.units
    return artefact(
        "sensitivity",
        {
            "runs": found.runs,
            "variance": found.variance,
            "moved_nothing": list(found.moved_nothing),
            "factors": {
                name: {
                    "first_order": index.value,
                    "first_order_interval": [index.low, index.high],
                    "total": found.total[name].value,
                    "total_interval": [found.total[name].low, found.total[name].high],
                }
                for name, index in found.first.items()
            },
            "units": {
                "unit": list(result.units),
                "factor": list(units.factor),
                "first_order": units.first,
                "total": units.total,
                "shift": units.shift,
            },
        },
    )


def coherences(dataset: Dataset, methodology: Methodology, result: Result) -> Artefact:
    """Whether the parts hang together."""
    return artefact("coherence", coherence.audit(dataset, methodology, result).document())


def reaches(dataset: Dataset, methodology: Methodology, result: Result) -> Records | None:
    """The smallest changes that lead to the next band."""
    found = reach.next_band(dataset, methodology, result)
    return None if found is None else [found.told(place) for place in range(len(result.units))]


def peers(dataset: Dataset, methodology: Methodology, result: Result, withheld: Records) -> Records:
    """Each unit among those of its peers of which everything is told, and what parts it from them."""
    told = np.array([record is None or not record["values"] for record in withheld], dtype=np.bool_)
    found = against.against_peers(dataset, methodology, result, told)
    return [found.told(place) for place in range(len(result.units))]


def disclosures(
    dataset: Dataset, methodology: Methodology, result: Result, shares: Mapping[str, float]
) -> tuple[Records, Artefact]:
    """What the public is not told of each unit; none for one of which everything may be told."""
    found = disclosure.suppress(dataset, methodology, result, shares=shares)
    together = numbers(found.merged_contribution)
    records: Records = [
        {
            "values": {
                code: found.coded[code][place] if code in found.coded else None
                for code, flags in found.hidden.items()
                if flags[place]
            },
            "merged": [code for code, flags in found.merged.items() if flags[place]],
            "merged_contribution": together[place],
            "nodes": [code for code, flags in found.hidden_nodes.items() if flags[place]],
            "unpublished": bool(found.unpublished[place]),
            "rank": int(found.rank[place]) or None,
        }
        if found.reserved[place] or found.rank[place] != result.rank[place]
        else None
        for place in range(len(result.units))
    ]
    return records, artefact("disclosure", {**found.report, "narrowest": _finite(found.narrowest)})


def records_of(columns: Mapping[str, Any], result: Result) -> Records:
    """One record a rated unit from lists by name; none for a unit that is not rated."""
    names = tuple(columns)
    rated = [reason is None for reason in result.not_rated]
    return [
        dict(zip(names, values, strict=True)) if is_rated else None
        for is_rated, values in zip(rated, zip(*columns.values(), strict=True), strict=True)
    ]


def _placed(found: Spread | Placed) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: numbers(getattr(found, name)) for name in ("p05", "median", "p95", "top_share")
    }
    if found.band_share is not None:
        columns["band_share"] = _together({band: numbers(share) for band, share in found.band_share.items()})
    return columns


def _together(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    names = tuple(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _by_band(result: Result) -> list[dict[str, Any]] | None:
    if result.band_probability is None:
        return None
    return _together({name: numbers(result.band_probability[:, at]) for at, name in enumerate(result.band_names)})


def _finite(value: float) -> float | None:
    return value if value < float("inf") else None
