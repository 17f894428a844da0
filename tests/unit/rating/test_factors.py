"""What may vary: how it is declared, drawn and told."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.rating_engine.core import pipeline
from services.rating_engine.core import types as core
from services.rating_engine.core.doubt import factors, uncertainty
from services.rating_engine.core.doubt.parameters import Design
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.methodologies import documents
from services.rating_engine.methodologies.errors import MethodologyRefused
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.simulations import UncertaintyRead
from tests.unit.rating.cases import Columns, Json, simulate

POSTS: Json = {"kind": "goalposts", "low": 0, "high": 100, "cap": True, "scale": [1, 100]}


def _node(code: str, indicators: str, weight: float = 1) -> Json:
    leaves = [{"indicator": one, "weight": 1 + place, "normalisation": POSTS} for place, one in enumerate(indicators)]
    return {"code": code, "weight": weight, "children": leaves}


TREE: Json = {"code": "i", "children": [_node("p", "abc", 2), _node("q", "de")]}


def _columns(count: int = 40) -> Columns:
    generator = np.random.default_rng(8)
    return {code: generator.uniform(1, 99, count).tolist() for code in "abcde"}


def _spread(*varied: Json, columns: Columns | None = None, **more: Any) -> UncertaintyRead:
    declared = {"replicates": more.pop("replicates", 120), "seed": 3, "factors": list(varied)}
    answer = simulate(TREE, columns or _columns(), ask=["uncertainty"], uncertainty=declared, **more)
    assert answer.uncertainty is not None
    return answer.uncertainty


def _refused(*varied: Json, **more: Any) -> list[tuple[str, str]]:
    document = {"code": "m", "tree": TREE, "uncertainty": {"factors": list(varied)} | more.pop("beside", {})} | more
    with pytest.raises(MethodologyRefused) as caught:
        documents.read(MethodologyDocument.model_validate(document))
    return [(error.pointer, error.code) for error in caught.value.errors]


AT = "/uncertainty/factors/0"


@pytest.mark.parametrize(
    ("factor", "found"),
    [
        (
            {"kind": "aggregation", "level": 3, "alternatives": [{"kind": "weighted_geometric"}]},
            ("/level", "level_unknown"),
        ),
        ({"kind": "weights", "spread": 0.2, "levels": [1, 4]}, ("/levels/1", "level_unknown")),
        (
            {"kind": "normalisation", "alternatives": ["rank"], "indicators": ["a", "zz"]},
            ("/indicators/1", "not_in_tree"),
        ),
        (
            {"kind": "treatment", "alternatives": [{"kind": "log"}], "indicators": ["zz"]},
            ("/indicators/0", "not_in_tree"),
        ),
        ({"kind": "weights", "sets": [{"p": 1}, {"zz": 2}]}, ("/sets/1/zz", "not_in_tree")),
        ({"kind": "weights", "sets": [{"p": 0, "q": 0}]}, ("/sets/0", "weights_all_zero")),
        ({"kind": "weights", "sets": [{"p": 1e-12}]}, ("/sets/0/p", "weight_too_small")),
        ({"kind": "weights"}, ("", "one_way_of_weights")),
        ({"kind": "weights", "spread": 0.1, "concentration": 9}, ("", "one_way_of_weights")),
        (
            {"kind": "normalisation", "alternatives": ["goalposts"]},
            ("/alternatives/0", "alternative_without_parameters"),
        ),
        (
            {"kind": "normalisation", "alternatives": [{"kind": "goalposts", "low": 2, "high": 1}]},
            ("/alternatives/0/low", "low_not_below_high"),
        ),
        ({"kind": "treatment", "alternatives": [{"kind": "cap"}]}, ("/alternatives/0", "cap_without_bounds")),
        ({"kind": "missing", "alternatives": ["require"]}, ("/alternatives/0", "require_takes_units_away")),
        ({"kind": "normalisation", "alternatives": [POSTS]}, ("", "factor_changes_nothing")),
        ({"kind": "aggregation", "alternatives": [{"kind": "weighted_arithmetic"}]}, ("", "factor_changes_nothing")),
        ({"kind": "treatment", "alternatives": [{"kind": "none"}]}, ("", "factor_changes_nothing")),
        ({"kind": "missing", "alternatives": ["renormalise"]}, ("", "factor_changes_nothing")),
        ({"kind": "weights", "spread": 0}, ("", "factor_changes_nothing")),
        ({"kind": "weights", "sets": [{"p": 2}]}, ("", "factor_changes_nothing")),
    ],
)
def test_a_factor_that_names_what_is_not_there_or_changes_nothing_is_refused(
    factor: Json, found: tuple[str, str]
) -> None:
    (pointer, code), *others = _refused(factor)

    assert pointer == AT + found[0]
    assert code == found[1] or found[1] in ("low_not_below_high", "cap_without_bounds")
    assert others == []


def test_two_factors_may_not_vary_the_same() -> None:
    geometric: Json = {"kind": "aggregation", "level": 1, "alternatives": [{"kind": "weighted_geometric"}]}
    assert _refused(geometric, geometric | {"level": None}) == [("/uncertainty/factors/1", "factor_repeated")]
    assert _refused(geometric, beside={"alternatives": {"aggregation": ["weighted_harmonic"]}}) == [
        (AT, "factor_repeated")
    ]
    assert _refused({"kind": "indicator_out"}, {"kind": "indicator_out"}) == [
        ("/uncertainty/factors/1", "factor_repeated")
    ]


def test_reliability_needs_sums_all_the_way_up() -> None:
    tree = {"code": "i", "aggregation": {"kind": "weighted_geometric"}, "children": TREE["children"]}
    assert _refused({"kind": "reliability"}, tree=tree) == [(AT, "reliability_needs_arithmetic")]


def _methodology(*varied: core.Factor) -> core.Methodology:
    document = MethodologyDocument.model_validate({"code": "m", "tree": TREE})
    return replace(documents.read(document), uncertainty=core.Uncertainty(400, 5, factors=varied))


VARIED = (
    core.NormalisationFactor(("z_score", core.MinMax())),
    core.AggregationFactor((core.WeightedGeometric(),), level=1),
    core.WeightsFactor(spread=0.25),
    core.IndicatorOutFactor(),
)


def test_parameters_come_from_the_seed_alone_and_begin_with_the_official_ones() -> None:
    design = Design(_methodology(*VARIED))

    first, again = design.drawn(400, 5, lambda setting: True), design.drawn(400, 5, lambda setting: True)
    other = design.drawn(400, 6, lambda setting: True)

    assert first.choices.tobytes() == again.choices.tobytes()
    assert first.weights.tobytes() == again.weights.tobytes()
    assert not np.array_equal(first.weights, other.weights)
    assert first.choices[0].tolist() == [0, 0, 0]
    assert first.weights[0].tolist() == design.official.tolist()
    assert [choice.name for choice in design.choices] == ["normalisation", "aggregation_1", "indicator_out"]
    for column, choice in enumerate(design.choices):
        shares = np.bincount(first.choices[:, column], minlength=len(choice.labels)) / 400
        assert shares == pytest.approx(1 / len(choice.labels), abs=0.08)
    shares = first.weights[first.weights > 0] / np.tile(design.official, (400, 1))[first.weights > 0]
    assert 0.75 <= shares.min() < 0.77
    assert 1.23 < shares.max() <= 1.25
    assert ((first.weights == 0).sum(axis=1) == (first.choices[:, 2] > 0)).all()


def test_what_cannot_go_together_is_drawn_again_until_it_can() -> None:
    design = Design(_methodology(*VARIED))

    drawn = design.drawn(400, 5, lambda setting: setting[:2] != (1, 1))

    assert not ((drawn.choices[:, 0] == 1) & (drawn.choices[:, 1] == 1)).any()
    pairs, counts = np.unique(drawn.choices[:, :2], axis=0, return_counts=True)
    assert len(pairs) == 5
    assert counts / 400 == pytest.approx(0.2, abs=0.07)
    assert not design.drawn(50, 5, lambda setting: not any(setting)).choices[:, :2].any()


def test_dirichlet_weights_keep_their_mean_and_draw_closer_as_the_concentration_grows() -> None:
    spreads = []
    for concentration in (10.0, 1000.0):
        design = Design(_methodology(core.WeightsFactor(concentration=concentration)))
        drawn = design.drawn(400, 5, lambda setting: True).weights
        of_p = drawn[:, factors.slots(design.methodology.tree)["p"]]
        assert of_p.sum(axis=1) == pytest.approx(6.0)
        assert of_p.mean(axis=0) == pytest.approx([1, 2, 3], abs=0.15)
        spreads.append(of_p.std())
    assert spreads[1] < spreads[0]


def test_levels_are_depths_of_nodes_and_of_the_weights_below_them() -> None:
    tree = documents.read(MethodologyDocument.model_validate({"code": "m", "tree": TREE})).tree
    assert [(level, node.code) for level, node in factors.by_level(tree)] == [(1, "i"), (2, "p"), (2, "q")]

    design = Design(_methodology(core.WeightsFactor(spread=0.5, levels=(1,))))
    drawn = design.drawn(5, 1, lambda setting: True).weights

    assert (drawn[1:, :2] != design.official[:2]).all()
    assert (drawn[:, 2:] == design.official[2:]).all()


def test_every_factor_is_told_with_what_it_moves() -> None:
    columns = _columns()
    columns["a"] = [50.0] * 40
    found = _spread(
        {"kind": "normalisation", "alternatives": ["z_score"], "indicators": ["a"]},
        {"kind": "aggregation", "level": 2, "alternatives": [{"kind": "weighted_geometric"}]},
        {"kind": "treatment", "alternatives": [{"kind": "cap", "high": 1000}]},
        {"kind": "weights", "spread": 0.3},
        {"kind": "indicator_out"},
        columns=columns,
    )

    assert {name: factor.moved for name, factor in found.factors.items()} == {
        "normalisation": False,
        "aggregation_2": True,
        "treatment": False,
        "indicator_out": True,
        "weights": True,
    }
    assert found.factors["normalisation"].alone_at_most == 0
    assert sum(found.factors["indicator_out"].used.values()) == 120
    assert set(found.factors["indicator_out"].used) == {"official", *"abcde"}


def test_each_indicator_is_left_out_as_if_it_were_not_in_the_tree() -> None:
    columns = _columns()
    found = _spread({"kind": "indicator_out"}, replicates=2, columns=columns)
    assert found.sampling is None

    method = _methodology(core.IndicatorOutFactor())
    dataset = core.Dataset(tuple(map(str, range(40))), {code: core.Column(np.array(columns[code])) for code in "abcde"})
    result = pipeline.rate(dataset, method)
    replicates = Variants(dataset, method, result.rank).replicates
    given = replicates.parameters()
    place = int(np.flatnonzero(given.choices[:, 0] == 2)[0])
    part = _node("p", "abc", 2)
    part["children"].pop(1)
    without: Json = {"code": "i", "children": [part, _node("q", "de")]}

    ranks = replicates.ranks(given)[place].tolist()

    assert ranks == simulate(without, {code: columns[code] for code in "acde"}).rank


@pytest.mark.parametrize("policy", ["penalise", "zero", "impute"])
def test_a_policy_for_gaps_is_varied_as_if_it_had_been_declared(policy: str) -> None:
    columns = {
        code: [None if (place + ord(code)) % 6 == 0 else value for place, value in enumerate(values)]
        for code, values in _columns().items()
    }
    found = _spread({"kind": "missing", "alternatives": [policy]}, columns=columns, replicates=60)
    official = simulate(TREE, columns).rank
    other = simulate(TREE, columns, missing={"policy": policy}).rank

    assert found.factors["missing"].used.keys() == {"official", policy}
    for low, high, one, two in zip(found.rank_p05, found.rank_p95, official, other, strict=True):
        assert (low, high) == (min(one or 0, two or 0), max(one or 0, two or 0))


def test_sampling_noise_is_told_apart_from_choices_of_method() -> None:
    columns = _columns()
    variance = {code: [25.0] * 40 for code in "abcde"}
    quiet = _spread({"kind": "weights", "spread": 0.2}, columns=columns)
    both = _spread({"kind": "weights", "spread": 0.2}, {"kind": "data_noise"}, columns=columns, variance=variance)
    alone = _spread({"kind": "data_noise"}, columns=columns, variance=variance)
    without = _spread({"kind": "data_noise"}, columns=columns)

    assert both.rank_p95 == quiet.rank_p95
    assert both.sampling is not None
    assert both.sampling == alone.sampling
    assert both.sampling.mean_shift > 0.5
    assert alone.mean_shift == 0
    assert without.sampling is None


@pytest.mark.parametrize("mean", ["weighted_geometric", "weighted_harmonic"])
@pytest.mark.parametrize("inner", ["weighted_arithmetic", None])
def test_draws_below_zero_count_as_zero_where_a_mean_is_not_defined(mean: str, inner: str | None) -> None:
    leaves: list[Json] = [{"indicator": "a"}, {"indicator": "b"}]
    below: list[Json] = leaves if inner is None else [{"code": "p", "aggregation": {"kind": inner}, "children": leaves}]
    tree: Json = {"code": "i", "aggregation": {"kind": mean}, "children": [*below, {"indicator": "c"}]}

    found = simulate(
        tree,
        {"a": [1.0, 2.0, 3.0, 40.0], "b": [-0.5, 1.0, 2.0, 30.0] if inner else [0.0, 1.0, 2.0, 30.0], "c": [5.0] * 4},
        variance={"a": [9.0] * 4, "b": [4.0] * 4},
        uncertainty={
            "replicates": 60,
            "factors": [{"kind": "data_noise"}, {"kind": "indicator_out"}, {"kind": "weights", "spread": 1}],
        },
        ask=["uncertainty", "sensitivity"],
    ).uncertainty

    assert found is not None
    assert found.sampling is not None
    assert found.sampling.rank_p95[3] == 1
    assert all(place is not None for place in [*found.rank_p05, *found.sampling.rank_p95])


@pytest.mark.parametrize(
    "bands",
    [
        {"kind": "quantiles", "labels": ["A", "B", "C"]},
        {"kind": "cuts", "labels": ["A", "B", "C"], "cuts": [45, 55]},
        {"kind": "pairwise_loss", "labels": ["A", "B", "C", "D"], "loss": 2},
    ],
)
def test_shares_of_bands_sum_to_one_and_are_certain_where_nothing_varies(bands: Json) -> None:
    variance = {code: [25.0] * 40 for code in "abcde"}
    columns = _columns() | {"a": [*_columns()["a"][:-1], None]}
    steady = _spread({"kind": "data_noise"}, columns=columns, bands=bands, variance=variance)
    varied = _spread(
        {"kind": "weights", "spread": 0.9},
        {"kind": "normalisation", "alternatives": ["z_score"]},
        columns=columns,
        bands=bands,
        variance=variance,
    )
    official = simulate(TREE, columns, bands=bands, variance=variance).band

    assert steady.band_share is not None
    assert varied.band_share is not None
    for place, band in enumerate(official):
        assert {label: shares[place] for label, shares in steady.band_share.items() if shares[place]} == {band: 1}
        assert sum(shares[place] or 0 for shares in varied.band_share.values()) == pytest.approx(1)
    assert any(0 < (share or 0) < 1 for shares in varied.band_share.values() for share in shares)


def test_a_limit_holds_in_every_replicate() -> None:
    columns = _columns()
    bands = {"kind": "quantiles", "labels": ["A", "B", "C", "D"]}
    limits = [{"of": "b", "at_least": 30, "band": "C"}]
    found = _spread({"kind": "weights", "spread": 0.9}, columns=columns, bands=bands, limits=limits)

    assert found.band_share is not None
    for place, value in enumerate(columns["b"]):
        if (value or 0) < 30:
            assert found.band_share["A"][place] == found.band_share["B"][place] == 0


def test_a_reference_that_is_not_in_the_data_is_never_drawn() -> None:
    found = _spread(
        {"kind": "normalisation", "alternatives": [{"kind": "distance_to_reference", "reference": "nobody"}]}
    )

    assert found.factors["normalisation"].used == {"official": 120, "distance_to_reference": 0}
    assert found.factors["normalisation"].alone_at_most is None


def test_the_shorthand_means_what_the_factors_mean() -> None:
    def spread(declared: Json) -> UncertaintyRead:
        answer = simulate(TREE, _columns(), ask=["uncertainty"], uncertainty={"replicates": 90, "seed": 4} | declared)
        assert answer.uncertainty is not None
        return answer.uncertainty

    short = spread(
        {
            "weights": {"kind": "uniform", "spread": 0.25},
            "alternatives": {"normalisation": ["z_score"], "aggregation": ["weighted_geometric"]},
        }
    )
    long = spread(
        {
            "factors": [
                {"kind": "normalisation", "alternatives": ["z_score"]},
                {"kind": "aggregation", "alternatives": [{"kind": "weighted_geometric"}]},
                {"kind": "weights", "spread": 0.25},
            ]
        }
    )

    assert short == long


def test_nobody_rated_has_no_spread() -> None:
    columns: Columns = {code: [None, None] for code in "abcde"}
    found = _spread({"kind": "indicator_out"}, {"kind": "data_noise"}, columns=columns, replicates=3)

    assert found.rank_p05 == [None, None]
    assert (found.mean_shift, found.outside_interval) == (0, 0)


def test_parameters_can_be_had_for_any_rating() -> None:
    method = _methodology(*VARIED)
    dataset = core.Dataset(("u", "v"), {code: core.Column(np.array([1.0, 2.0])) for code in "abcde"})
    variants = Variants(dataset, method, np.array([2, 1]))

    drawn = uncertainty.parameters(variants)

    assert len(drawn) == 400
    assert drawn.weights.shape == (400, 7)
