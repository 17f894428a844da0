"""Whatever the rules for gaps, peers and limits, and whatever the numbers: an answer, or a refusal with its reason."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core import pipeline
from services.rating_engine.core.pipeline import goalposts
from services.rating_engine.core.withholding import disclosure
from services.rating_engine.methodologies import documents
from services.rating_engine.simulations import tables
from shared.errors import Problem
from shared.schemas.rating.simulations import SimulationCreate
from shared.schemas.tables import MissingReason
from tests.unit.rating.cases import Json, simulate

EXTREME = st.sampled_from([0.0, 1.0, -1.0, 5e-324, -5e-324, 1e-300, 1e300, 1e308, -1e308, 50.0])
NUMBERS = st.one_of(EXTREME, st.floats(-1e308, 1e308, allow_nan=False), st.floats(-100, 100))
PAIRS = st.lists(NUMBERS, min_size=2, max_size=2).map(sorted)
NORMALISATIONS: st.SearchStrategy[Json] = st.one_of(
    st.lists(NUMBERS, min_size=2, max_size=4, unique=True).map(
        lambda x: {"kind": "piecewise", "points": [[one, place] for place, one in enumerate(sorted(x))]}
    ),
    st.sampled_from(
        ["min_max", "z_score", "rank", "percentile_rank", "identity", "fraction_of_maximum", "distance_to_maximum"]
    ).map(lambda kind: {"kind": kind}),
    NUMBERS.map(lambda target: {"kind": "distance_to_target", "target": target}),
    st.just({"kind": "goalposts", "low": -10, "high": 10, "cap": True}),
)
TREATMENTS = st.one_of(
    st.just({"kind": "winsorise", "fallback": "log"}),
    st.just({"kind": "winsorise_shares", "low": 0.2, "high": 0.8}),
    PAIRS.map(lambda ends: {"kind": "log", "ends": ends}),
    NUMBERS.map(lambda low: {"kind": "box_cox", "lambda": 2, "low": low}),
    st.just({"kind": "none"}),
)
POLICIES = st.sampled_from(["renormalise", "penalise", "require", "zero", "impute"])
RULES = st.one_of(
    st.none(),
    POLICIES.map(lambda policy: {"policy": policy}),
    st.builds(lambda charge: {"policy": "penalise", "charge": charge}, st.floats(-1e9, 1e9)),
    st.builds(lambda expected: {"policy": "zero", "expected": expected}, NUMBERS),
)
MEANS = st.sampled_from(
    [
        {"kind": kind}
        for kind in (
            "weighted_arithmetic",
            "weighted_arithmetic",
            "weighted_geometric",
            "weighted_harmonic",
            "copeland",
        )
    ]
    + [{"kind": "power_mean", "power": power} for power in (-100, -0.5, 2, 100)]
)
IMPUTATIONS = st.sampled_from(
    [None, {"kind": "mean"}, {"kind": "median"}, {"kind": "group_mean", "by": ["g"]}, {"kind": "group_median"}]
)
PEERS = st.sampled_from(
    [
        None,
        {"by": ["g"], "minimum": 2},
        {"nearest": {"on": ["c"], "k": 2}},
        {"by": ["g"], "nearest": {"on": ["c", "a"], "k": 1}},
    ]
)
LIMITS = st.lists(
    st.builds(
        lambda of, bar, side, band: {"of": of, side: bar, "band": band},
        st.sampled_from(["a", "c", "p", "i"]),
        NUMBERS,
        st.sampled_from(["at_least", "at_most"]),
        st.sampled_from(["A", "B"]),
    ),
    max_size=2,
)


@st.composite
def bodies(draw: st.DrawFn) -> Json:
    """Everything of a simulation but its method's name."""
    count = draw(st.integers(1, 6))

    def column(cells: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(st.one_of(st.none(), cells), min_size=count, max_size=count))

    def leaf(code: str) -> Json:
        direction = draw(st.sampled_from(["higher", "lower"]))
        scale: Json = draw(NORMALISATIONS)
        if scale["kind"] == "piecewise" and direction == "lower":
            scale = scale | {"points": [[x, -y] for x, y in scale["points"]]}
        return {
            "indicator": code,
            "weight": draw(st.sampled_from([1.0, 1.0, 0.0, 1e-9, 1e9])),
            "direction": direction,
            "treatment": draw(TREATMENTS),
            "normalisation": scale,
            "missing": draw(RULES),
            "denominator": draw(st.sampled_from([None, None, "c"])),
        }

    inner = {"code": "p", "aggregation": draw(MEANS), "children": [leaf("a"), leaf("b")]}
    policy = draw(POLICIES)
    fills = draw(IMPUTATIONS) if policy in ("renormalise", "impute") else None
    reason = st.sampled_from([one.value for one in MissingReason])
    return {
        "tree": {"code": "i", "aggregation": draw(MEANS), "children": [inner, leaf("d")]},
        "columns": {code: column(NUMBERS) for code in "abcd"},
        "reason": {code: column(reason) for code in "ab"},
        "previous": {"a": column(NUMBERS)},
        "n": {code: column(st.integers(0, 60).map(float)) for code in "abd"},
        "variance": {"a": column(st.floats(0, 1e308))} if draw(st.booleans()) else {},
        "attributes": {"g": column(st.sampled_from(["u", "v"]))},
        "missing": {
            "policy": policy,
            "min_coverage": draw(st.sampled_from([0, 0.6])),
            "min_node_coverage": draw(st.sampled_from([0, 0.5, 1])),
        },
        "imputation": fills,
        "screening": draw(st.sampled_from([None, {"min_available": 0.5}, {"min_available": 1}])),
        "peer_groups": draw(PEERS),
        "context": draw(st.sampled_from([["c"], ["c"], []])),
        "limits": draw(LIMITS),
        "precision": {"min_n": draw(st.sampled_from([0, 5])), "suppress_below": 10, "shrink": draw(st.booleans())},
        "bands": {"kind": "cuts", "labels": ["A", "B"], "cuts": [draw(NUMBERS)]},
    }


@settings(max_examples=80, deadline=None)
@given(bodies())
def test_any_rules_over_any_numbers_are_answered_or_refused_with_a_reason(body: Json) -> None:
    told = {key: value for key, value in body.items() if key not in ("tree", "columns")}
    refused: Problem | None = None
    try:
        answer = simulate(body["tree"], body["columns"], **told)
    except Problem as problem:
        refused = problem
    if refused is not None:
        assert refused.status == 422
        assert refused.errors
        return

    text = answer.model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    for place, (score, rank, status) in enumerate(zip(answer.score, answer.rank, answer.status, strict=True)):
        assert (score is None) == (rank is None) == (status == "not_rated") == (answer.reason[place] is not None)


@settings(max_examples=60, deadline=None)
@given(bodies())
def test_any_result_can_be_guarded_and_any_method_frozen_or_refused(body: Json) -> None:
    parts = ("n", "variance", "attributes", "reason", "previous")
    table = {"units": [f"u{place}" for place in range(len(body["columns"]["a"]))], "columns": body["columns"]}
    rest = {key: value for key, value in body.items() if key not in (*parts, "columns")}
    asked = SimulationCreate.model_validate(
        {"methodology": {"code": "m", **rest}, "table": table | {part: body[part] for part in parts}}
    )
    try:
        methodology = documents.read(asked.methodology, data_at_hand=True)
        data = tables.read(asked.table, asked.methodology)
        result = pipeline.rate(data, methodology)
    except (Problem, pipeline.NegativeChildError, pipeline.ReferenceMissingError):
        return

    told = disclosure.suppress(data, methodology, result, shares={"a": 100.0})
    for code, flags in told.primary.items():
        assert not np.any(flags & ~told.hidden[code])
    assert not np.isnan(told.narrowest)
    try:
        fixed = goalposts.freeze(data, methodology)
    except goalposts.NotFreezableError as error:
        fixed, told_why = {}, error.part
    else:
        told_why = ""
    assert told_why in ("", "peers", "copeland", "imputation", "node_charge", "turning", "no_values")
    assert not any(goalposts.depends_on_population(leaf) for leaf in fixed.values())
