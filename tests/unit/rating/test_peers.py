"""Who is compared with whom, and where each stands among its peers."""

import random

import numpy as np
import pytest

from services.rating_engine.core.steps import peers
from services.rating_engine.core.types import Column, Dataset, Floats, Nearest, PeerGroups
from tests.unit.rating.cases import close, simulate

GAP = float("nan")


def of(context: dict[str, list[float]], attributes: dict[str, tuple[str | None, ...]] | None = None) -> Dataset:
    count = len(next(iter(context.values())))
    return Dataset(
        tuple(f"u{place:02d}" for place in range(count)),
        {code: Column(np.array(cells)) for code, cells in context.items()},
        attributes or {},
    )


def neighbours(data: Dataset, rule: PeerGroups) -> list[set[str]]:
    found = peers.groups(data, rule).neighbours
    assert found is not None
    return [{data.units[place] for place in row if place >= 0} for row in found.tolist()]


def test_the_nearest_are_those_with_the_most_alike_context() -> None:
    data = of({"size": [100.0, 110.0, 120.0, 500.0, 510.0], "poverty": [5.0, 5.0, 6.0, 30.0, 31.0]})

    found = neighbours(data, PeerGroups(nearest=Nearest(("size", "poverty"), 2)))

    assert found == [{"u01", "u02"}, {"u00", "u02"}, {"u00", "u01"}, {"u04", "u02"}, {"u03", "u02"}]


def test_the_unit_of_measure_of_the_context_makes_no_difference() -> None:
    generator = np.random.default_rng(4)
    size, poverty = generator.normal(size=(2, 40)).round(3)
    rule = PeerGroups(nearest=Nearest(("size", "poverty"), 7))

    one = neighbours(of({"size": size.tolist(), "poverty": poverty.tolist()}), rule)
    two = neighbours(of({"size": (1000 * size + 7).tolist(), "poverty": (poverty / 8).tolist()}), rule)

    assert one == two


def test_ties_go_to_the_lower_id_whatever_the_order_of_rows() -> None:
    generator = random.Random(3)
    names = [f"u{place:02d}" for place in range(30)]
    context = {name: float(generator.randint(0, 3)) for name in names}
    rule = PeerGroups(nearest=Nearest(("x",), 5))
    expected: dict[str, set[str]] = {}

    for _ in range(20):
        generator.shuffle(names)
        data = Dataset(tuple(names), {"x": Column(np.array([context[name] for name in names]))})
        found = dict(zip(names, neighbours(data, rule), strict=True))
        expected = expected or found
        assert found == expected
    for name, near in expected.items():
        others = sorted((abs(context[name] - context[other]), other) for other in names if other != name)
        assert near == {other for _, other in others[:5]}


def test_neighbours_are_sought_within_the_declared_group_and_a_unit_without_context_has_none() -> None:
    data = of({"x": [1.0, 2.0, 3.0, GAP, 1.1]}, {"kind": ("a", "a", "b", "a", "b")})

    found = neighbours(data, PeerGroups(("kind",), 1, Nearest(("x",), 3)))

    assert found == [{"u01"}, {"u00"}, {"u04"}, set(), {"u02"}]


def test_a_context_without_any_spread_counts_nothing() -> None:
    data = of({"x": [5.0] * 4, "y": [1e308, -1e308, 1.0, 2.0]})

    assert neighbours(data, PeerGroups(nearest=Nearest(("x", "y"), 1)))[2] == {"u03"}


def test_percentile_ranks_are_taken_among_the_nearest() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "normalisation": {"kind": "percentile_rank"}}]}
    lower = {
        "code": "i",
        "children": [{"indicator": "x", "direction": "lower", "normalisation": {"kind": "rank"}}],
    }
    columns: dict[str, list[float | None]] = {
        "x": [10.0, 20.0, 30.0, 1.0, 2.0, None],
        "size": [1.0, 2.0, 3.0, 101.0, 102.0, 103.0],
    }
    near = {"nearest": {"on": ["size"], "k": 2}}

    answer = simulate(tree, columns, peer_groups=near)
    ranked = simulate(lower, columns, peer_groups=near)

    assert close(answer.score, [0.0, 0.5, 1.0, 0.0, 1.0, None])
    assert close(ranked.score, [3.0, 2.0, 1.0, 2.0, 1.0, None])


def wilson(below: int, n: int) -> tuple[float, float]:
    z = peers.Z95
    p = below / n
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def test_the_percentile_among_peers_has_the_interval_of_wilson() -> None:
    data = of({"x": [0.0] * 5}, {"kind": ("a", "a", "a", "a", "b")})
    values: Floats = np.array([3.0, 1.0, 2.0, GAP, 9.0])

    share, low, high = peers.percentile(values, peers.groups(data, PeerGroups(("kind",))))

    assert share[:3].tolist() == [1.0, 0.0, 0.5]
    for place, below in enumerate((2, 0, 1)):
        assert (low[place], high[place]) == pytest.approx(wilson(below, 2), abs=1e-12)
    assert np.isnan([share[3], low[3], share[4], high[4]]).all(), "no value, and nobody to compare with"


def test_the_percentile_among_the_nearest_counts_only_them() -> None:
    data = of({"x": [1.0, 2.0, 3.0, 50.0]})
    groups = peers.groups(data, PeerGroups(nearest=Nearest(("x",), 2)))

    share, low, high = peers.percentile(np.array([1.0, 2.0, 3.0, 0.0]), groups)

    assert share.tolist() == [0.0, 0.5, 1.0, 0.0]
    assert (low <= share).all()
    assert (share <= high).all()


def test_the_nearest_of_a_country_are_found_in_a_moment() -> None:
    generator = np.random.default_rng(1)
    columns = {name: Column(generator.normal(size=8000)) for name in ("a", "b", "c")}
    data = Dataset(tuple(f"u{place:05d}" for place in range(8000)), columns)

    found = peers.groups(data, PeerGroups(nearest=Nearest(("a", "b", "c"), 20))).neighbours

    assert found is not None
    assert (found >= 0).all()
    assert not (found == np.arange(8000)[:, None]).any()


def test_where_most_contexts_are_the_same_the_nearest_are_found_as_quickly() -> None:
    generator = np.random.default_rng(1)
    columns = {name: Column(generator.integers(0, 4, 8000).astype(np.float64)) for name in ("a", "b")}
    data = Dataset(tuple(f"u{place:05d}" for place in range(8000)), columns)

    found = peers.groups(data, PeerGroups(nearest=Nearest(("a", "b"), 20))).neighbours

    assert found is not None
    assert not (found == np.arange(8000)[:, None]).any()
    for unit in (0, 17, 7999):
        alike = np.flatnonzero(
            (columns["a"].values == columns["a"].values[unit]) & (columns["b"].values == columns["b"].values[unit])
        )
        assert found[unit].tolist() == alike[alike != unit][:20].tolist()
