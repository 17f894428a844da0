"""What must hold for any tree and any data."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Problem
from tests.unit.rating.cases import Columns, Json, simulate

POSITIVE: list[Json] = [
    {"kind": "weighted_arithmetic"},
    {"kind": "weighted_geometric"},
    {"kind": "weighted_harmonic"},
    {"kind": "power_mean", "power": 2},
    {"kind": "power_mean", "power": -3},
    {"kind": "power_mean", "power": 0.5},
]
ANY: list[Json] = [*POSITIVE, {"kind": "copeland"}]
POSTS: Json = {"kind": "goalposts", "low": 0, "high": 100, "cap": True, "scale": [0, 100]}
WEIGHTS = st.sampled_from([0.1, 0.3, 1, 2.5, 7, 34, 1e-6, 1e6])
CELLS = st.one_of(st.none(), st.floats(-20, 120), st.sampled_from([0.0, 100.0, 50.0]))


@st.composite
def trees(draw: st.DrawFn, kinds: list[Json], normalisations: tuple[Json, ...] = (POSTS,)) -> Json:
    """A tree of up to three levels over at most six indicators."""
    codes = iter(range(6))
    names = iter(range(50))

    def node(depth: int) -> Json:
        children: list[Json] = []
        for _ in range(draw(st.integers(1, 3))):
            if depth < 2 and draw(st.booleans()):
                children.append(node(depth + 1))
            elif (code := next(codes, None)) is not None:
                direction = draw(st.sampled_from(["higher", "lower"]))
                scaled = draw(st.sampled_from(normalisations))
                children.append({"indicator": f"x{code}", "direction": direction, "normalisation": scaled})
        if not children:
            children.append({"indicator": f"y{next(names)}", "normalisation": POSTS})
        for child in children:
            child["weight"] = draw(WEIGHTS)
        below = any(map(goes_below_zero, children))
        fitting = [kind for kind in kinds if not below or kind["kind"] in ("weighted_arithmetic", "copeland")]
        aggregation = draw(st.sampled_from(fitting or [{"kind": "weighted_arithmetic"}]))
        return {"code": f"n{next(names)}", "aggregation": aggregation, "children": children}

    return node(0)


def goes_below_zero(child: Json) -> bool:
    """Whether somebody's defeats may count in it."""
    if "children" not in child:
        return False
    return child["aggregation"]["kind"] == "copeland" or any(map(goes_below_zero, child["children"]))


def leaves(tree: Json) -> list[Json]:
    """The leaves below."""
    return [leaf for child in tree["children"] for leaf in (leaves(child) if "children" in child else [child])]


@st.composite
def cases(draw: st.DrawFn, kinds: list[Json], normalisations: tuple[Json, ...] = (POSTS,)) -> tuple[Json, Columns]:
    """A tree and a table for it."""
    tree = draw(trees(kinds, normalisations))
    count = draw(st.integers(1, 8))
    columns = {leaf["indicator"]: draw(st.lists(CELLS, min_size=count, max_size=count)) for leaf in leaves(tree)}
    return tree, columns


@settings(max_examples=300, deadline=None)
@given(cases(ANY), st.sampled_from(["renormalise", "penalise", "require"]), st.sampled_from([0, 0.5]))
def test_contributions_sum_to_the_score_and_no_answer_holds_a_nan(
    case: tuple[Json, Columns], policy: str, threshold: float
) -> None:
    tree, columns = case

    rated = simulate(tree, columns, missing={"policy": policy, "min_node_coverage": threshold})

    assert "NaN" not in rated.model_dump_json()
    for place, score in enumerate(rated.score):
        parts = [column[place] for column in rated.contributions.values()]
        if score is None:
            assert rated.status[place] == "not_rated"
            assert rated.reason[place] is not None
            assert rated.rank[place] is None
            assert parts == [None] * len(parts)
        else:
            assert rated.status[place] == "rated"
            assert math.isclose(math.fsum(part or 0 for part in parts), score, rel_tol=1e-12, abs_tol=1e-9)


@settings(max_examples=200, deadline=None)
@given(cases(POSITIVE, normalisations=(POSTS, {"kind": "min_max", "scale": [0, 100]}, {"kind": "distance_to_maximum"})))
def test_scores_and_nodes_stay_within_the_scale(case: tuple[Json, Columns]) -> None:
    rated = simulate(*case)

    for values in (rated.score, *rated.nodes.values(), *rated.normalised.values()):
        assert all(value is None or 0 <= value <= 100 for value in values)
    assert all(0 <= share <= 1 for share in rated.coverage)


@settings(max_examples=200, deadline=None)
@given(cases(ANY), st.sampled_from([0.5, 2, 3, 1000, 1 / 7]))
def test_weights_are_relative_within_a_node(case: tuple[Json, Columns], factor: float) -> None:
    tree, columns = case
    heavier = tree | {"children": [child | {"weight": child["weight"] * factor} for child in tree["children"]]}

    for one, other in zip(simulate(tree, columns).score, simulate(heavier, columns).score, strict=True):
        assert (one is None) == (other is None)
        assert one is None or other is None or math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)


@settings(max_examples=300, deadline=None)
@given(cases(ANY), st.data())
def test_a_better_value_never_lowers_the_own_score_or_place(case: tuple[Json, Columns], data: st.DataObject) -> None:
    tree, columns = case
    leaf = data.draw(st.sampled_from(leaves(tree)))
    code, count = leaf["indicator"], len(columns[leaf["indicator"]])
    present = [place for place in range(count) if columns[code][place] is not None]
    if not present:
        return
    unit = data.draw(st.sampled_from(present))
    step = data.draw(st.floats(0, 60)) * (1 if leaf["direction"] == "higher" else -1) if "direction" in leaf else 0.0
    better = columns | {
        code: [(value or 0) + step if place == unit else value for place, value in enumerate(columns[code])]
    }

    before, after = simulate(tree, columns), simulate(tree, better)

    old, new = before.score[unit], after.score[unit]
    assert old is not None
    assert new is not None
    assert new >= old - 1e-12 * abs(old)
    if new > old * (1 + 1e-9):
        assert (after.rank[unit] or 0) <= (before.rank[unit] or 0)


@settings(max_examples=100, deadline=None)
@given(cases(POSITIVE))
def test_a_unit_more_does_not_reorder_the_others(case: tuple[Json, Columns]) -> None:
    tree, columns = case

    alone = simulate(tree, columns).score
    joined = simulate(tree, {code: [*values, 42.0] for code, values in columns.items()}).score

    assert joined[:-1] == alone


@settings(max_examples=200, deadline=None)
@given(cases(ANY))
def test_ranks_are_one_plus_the_number_of_better_scores(case: tuple[Json, Columns]) -> None:
    rated = simulate(*case)

    told = [None if score is None else _forty_bits(score) for score in rated.score]
    known = [score for score in told if score is not None]
    assert rated.rank == [None if score is None else 1 + sum(other > score for other in known) for score in told]


def _forty_bits(score: float) -> float:
    mantissa, power = math.frexp(score)
    try:
        return math.ldexp(round(math.ldexp(mantissa, 40)), power - 40)
    except OverflowError:  # the largest double rounds up
        return math.copysign(math.inf, score)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 100), st.floats(-50, 50), st.lists(st.floats(-100, 100), min_size=2, max_size=9))
def test_an_affine_change_of_the_unit_of_measure_changes_no_relative_scale(
    factor: float, shift: float, values: list[float]
) -> None:
    rounded = [round(value, 3) for value in values]
    for kind in ({"kind": "min_max"}, {"kind": "z_score"}, {"kind": "distance_to_maximum"}):
        tree = {"code": "i", "children": [{"indicator": "x", "normalisation": kind}]}
        before = simulate(tree, {"x": rounded}).score
        after = simulate(tree, {"x": [factor * value + shift for value in rounded]}).score
        if max(rounded) - min(rounded) >= 0.001:
            assert all(
                math.isclose(one or 0, other or 0, rel_tol=1e-6, abs_tol=1e-6)
                for one, other in zip(before, after, strict=True)
            )


EXTREME = st.sampled_from([0.0, 1.0, -1.0, 5e-324, -5e-324, 1e-300, 1e300, 1e308, -1e308, 0.1, 50.0, 100.0])
NUMBERS = st.one_of(EXTREME, st.floats(-1e308, 1e308, allow_nan=False), st.floats(-100, 100))
NORMALISATIONS = st.one_of(
    st.builds(
        lambda kind, low, high, cap: {"kind": kind, "low": low, "high": high, "cap": cap},
        st.sampled_from(["goalposts", "log_goalposts"]),
        NUMBERS,
        NUMBERS,
        st.booleans(),
    ),
    st.sampled_from(["min_max", "z_score", "rank", "percentile_rank", "distance_to_maximum", "identity"]).map(
        lambda kind: {"kind": kind}
    ),
    st.just({"kind": "fraction_of_maximum"}),
    NUMBERS.map(lambda target: {"kind": "distance_to_target", "target": target}),
    st.just({"kind": "distance_to_reference", "reference": "u0"}),
    st.builds(lambda cut: {"kind": "thresholds", "cuts": [cut], "levels": [1, 2]}, NUMBERS),
)
TREATMENTS = st.one_of(
    st.sampled_from([{"kind": "none"}, {"kind": "winsorise"}, {"kind": "log"}, {"kind": "cap", "low": 0}]),
    st.floats(-10, 10).map(lambda power: {"kind": "box_cox", "lambda": power}),
)
AGGREGATIONS = st.one_of(
    st.sampled_from(ANY), st.floats(-100, 100).map(lambda power: {"kind": "power_mean", "power": power})
)
BANDS = st.sampled_from(
    [
        {"kind": "none"},
        {"kind": "quantiles", "labels": ["A", "B"]},
        {"kind": "cuts", "labels": ["A", "B"], "cuts": [0.5]},
        {"kind": "pairwise_loss", "labels": ["A", "B", "C"]},
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_document_over_any_numbers_is_answered_or_refused_with_a_reason(data: st.DataObject) -> None:
    draw = data.draw
    count = draw(st.integers(1, 6))
    column = st.lists(st.one_of(st.none(), NUMBERS), min_size=count, max_size=count)
    evidence = st.lists(st.one_of(st.none(), st.floats(0, 1e308), EXTREME.map(abs)), min_size=count, max_size=count)
    codes = ["a", "b", "c"]
    leaf = {
        code: {
            "indicator": code,
            "weight": draw(st.one_of(st.floats(1e-9, 1e9), st.sampled_from([0.0, 1.0, 1e-9, 1e9]))),
            "direction": draw(st.sampled_from(["higher", "lower"])),
            "treatment": draw(TREATMENTS),
            "normalisation": draw(NORMALISATIONS),
        }
        for code in codes
    }
    inner = {"code": "p", "aggregation": draw(AGGREGATIONS), "children": [leaf["a"], leaf["b"]]}
    tree = {"code": "i", "aggregation": draw(AGGREGATIONS), "children": [inner, leaf["c"]]}
    uncertainty = {
        "replicates": 3,
        "weights": {"kind": "uniform", "spread": 1},
        "alternatives": {"normalisation": ["z_score"], "aggregation": ["copeland", "weighted_harmonic"]},
    }

    refused: Problem | None = None
    try:
        answer = simulate(
            tree,
            {code: draw(column) for code in codes},
            variance={code: draw(evidence) for code in draw(st.sets(st.sampled_from(codes)))},
            precision={"shrink": draw(st.booleans())},
            missing={"policy": draw(st.sampled_from(["renormalise", "penalise", "require"]))},
            bands=draw(BANDS),
            uncertainty=uncertainty,
            ask=["uncertainty"],
        )
    except Problem as problem:
        refused = problem
    if refused is not None:
        assert refused.status == 422
        assert refused.errors
        return

    text = answer.model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    for score, status in zip(answer.score, answer.status, strict=True):
        assert (score is None) == (status == "not_rated")
