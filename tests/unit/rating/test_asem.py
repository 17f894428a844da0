"""The ASEM Sustainable Connectivity index of COINr: 51 countries, 49 indicators, four levels."""

from typing import Any

import pytest

from tests.unit.rating.cases import Columns, Json, close, rows, simulate, table

ASEM = "coinr_asem"


def _directions() -> dict[str, int]:
    return {line["iCode"]: int(line["Direction"]) for line in rows(f"{ASEM}/input_iMeta.csv") if line["Direction"]}


def _tree(*kinds: Json, leaf: Json | None = None) -> Json:
    """The index; `kinds` are the aggregations of pillars, sub-indexes and index (the last one repeats)."""
    meta = [line for line in rows(f"{ASEM}/input_iMeta.csv") if line["Level"]]
    levels = [kinds[min(level, len(kinds) - 1)] for level in range(3)]

    def build(code: str, level: int) -> Json:
        if level == 1:
            return {"indicator": code, **(leaf or {})}
        children = [line["iCode"] for line in meta if line["Parent"] == code]
        return {
            "code": code,
            "aggregation": levels[level - 2],
            "children": [build(child, level - 1) for child in children],
        }

    return build("Index", 4)


def _normalised(kind: Json, columns: Columns) -> Columns:
    """The columns through one node holding them all, with their directions."""
    directions = _directions()
    children = [
        {"indicator": code, "direction": "lower" if directions[code] < 0 else "higher", "normalisation": kind}
        for code in columns
    ]
    return simulate({"code": "all", "children": children}, columns).normalised


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("norm_minmax_0_1", {"kind": "min_max"}),
        ("norm_minmax_0_100", {"kind": "min_max", "scale": [0, 100]}),
        ("norm_minmax_1_100", {"kind": "min_max", "scale": [1, 100]}),
        ("norm_zscore_0_1", {"kind": "z_score"}),
        ("norm_zscore_10_2", {"kind": "z_score", "mean": 10, "sd": 2}),
        ("norm_rank_min", {"kind": "rank"}),
        ("norm_prank", {"kind": "percentile_rank"}),
        ("norm_minmax_0_1", {"kind": "distance_to_maximum"}),
    ],
)
def test_normalisations_equal_coinr(file: str, kind: Json) -> None:
    _, treated = table(f"{ASEM}/step_Treated.csv", "uCode")
    _, expected = table(f"{ASEM}/{file}.csv", "uCode")

    actual = _normalised(kind, treated)

    assert [code for code in expected if not close(actual[code], expected[code])] == []


def test_distance_to_a_reference_equals_coinr_wherever_coinr_has_a_number() -> None:
    units, treated = table(f"{ASEM}/step_Treated.csv", "uCode")
    _, expected = table(f"{ASEM}/norm_dist2ref_1.csv", "uCode")
    kind = {"kind": "distance_to_reference", "reference": "u0"}

    actual = _normalised(kind, treated)

    assert units[0] == "AUS"
    undefined = {code for code, column in expected.items() if None in column}
    assert undefined == {"Bord", "Elec", "TIRcon", "MatCon"}
    assert [code for code in expected if code not in undefined and not close(actual[code], expected[code])] == []
    assert all(set(actual[code]) == {1.0} for code in undefined)


def test_the_normalised_step_of_the_pipeline_equals_coinr() -> None:
    _, treated = table(f"{ASEM}/step_Treated.csv", "uCode")
    _, expected = table(f"{ASEM}/step_Normalised.csv", "uCode")

    actual = _normalised({"kind": "min_max", "scale": [0, 100]}, treated)

    assert all(close(actual[code], expected[code]) for code in expected)


ARITHMETIC: Json = {"kind": "weighted_arithmetic"}
GEOMETRIC: Json = {"kind": "weighted_geometric"}


@pytest.mark.parametrize("leaf", [{}, {"normalisation": {"kind": "min_max", "scale": [1, 100]}}])
@pytest.mark.parametrize(
    ("file", "kinds"),
    [
        ("agg_amean", [ARITHMETIC]),
        ("agg_gmean", [GEOMETRIC]),
        ("agg_hmean", [{"kind": "weighted_harmonic"}]),
        ("agg_genmean_p2", [{"kind": "power_mean", "power": 2}]),
        ("agg_amean_then_gmean", [ARITHMETIC, ARITHMETIC, GEOMETRIC]),
        ("agg_amean", [{"kind": "power_mean", "power": 1}]),
        ("agg_gmean", [{"kind": "power_mean", "power": 0}]),
        ("agg_hmean", [{"kind": "power_mean", "power": -1}]),
    ],
)
def test_aggregations_equal_coinr(file: str, kinds: list[Json], leaf: Json) -> None:
    units, columns = table(f"{ASEM}/agg_input_norm_1_100.csv", "uCode")
    _, expected = table(f"{ASEM}/{file}.csv", "uCode")

    rated = simulate(_tree(*kinds, leaf=leaf), columns, units=units)

    assert [code for code in expected if not close(rated.nodes[code], expected[code])] == []
    assert close(rated.score, expected["Index"])


@pytest.mark.parametrize(("file", "threshold"), [("missing_amean_thresh_0", 0), ("missing_amean_thresh_0.8", 0.8)])
def test_missing_values_equal_coinr(file: str, threshold: float) -> None:
    units, columns = table(f"{ASEM}/missing_input_norm_1_100.csv", "uCode")
    _, expected = table(f"{ASEM}/{file}.csv", "uCode")
    missing: Any = {"policy": "renormalise", "min_node_coverage": threshold}

    rated = simulate(_tree(ARITHMETIC), columns, units=units, missing=missing)

    assert [code for code in expected if not close(rated.nodes[code], expected[code])] == []
    assert {reason for reason in rated.reason if reason} == ({"below_node_coverage"} if threshold else set())


def test_scores_and_ranks_of_the_whole_pipeline_equal_coinr() -> None:
    units, treated = table(f"{ASEM}/step_Treated.csv", "uCode")
    directions = _directions()
    tree = _tree(ARITHMETIC)

    def direct(item: Json) -> None:
        for child in item.get("children", []):
            direct(child)
        if "indicator" in item:
            item["direction"] = "lower" if directions[item["indicator"]] < 0 else "higher"
            item["normalisation"] = {"kind": "min_max", "scale": [0, 100]}

    direct(tree)

    rated = simulate(tree, treated, units=units)

    scores = {line["uCode"]: float(line["Index"]) for line in rows(f"{ASEM}/step_Aggregated.csv")}
    ranks = {line["uCode"]: int(line["Index"]) for line in rows(f"{ASEM}/results_ranks_full.csv")}
    assert close(rated.score, [scores[unit] for unit in units])
    assert rated.rank == [ranks[unit] for unit in units]
