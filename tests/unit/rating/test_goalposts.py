"""Fixed posts: what a population gave once holds for all who come later."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core import pipeline
from services.rating_engine.core.pipeline import goalposts
from services.rating_engine.core.types import (
    BoxCox,
    Cap,
    Column,
    Copeland,
    Dataset,
    Direction,
    DistanceToMaximum,
    DistanceToReference,
    DistanceToTarget,
    Floats,
    FractionOfMaximum,
    Goalposts,
    Identity,
    Imputation,
    ImputationKind,
    Leaf,
    Log,
    Methodology,
    MinMax,
    Missing,
    MissingPolicy,
    Node,
    Normalisation,
    NoTreatment,
    PeerGroups,
    PercentileRank,
    Rank,
    Treatment,
    Winsorise,
    WinsoriseShares,
    ZScore,
)
from tests.unit.rating.test_asem_pipeline import ASEM, in_order, meta, raw

KINDS: list[Normalisation] = [
    MinMax((1.0, 100.0)),
    ZScore(10.0, 2.0),
    Rank(),
    PercentileRank(),
    DistanceToMaximum(),
    DistanceToTarget(25.0),
    DistanceToTarget(-3.0, cap=True),
    DistanceToReference("u1"),
    Identity(),
]
TREATMENTS: list[Treatment] = [
    NoTreatment(),
    Winsorise(3, 0.5, 1.0),
    Winsorise(1, 0.1, -9.0, fallback=True),
    WinsoriseShares(0.1, 0.9),
    Log(),
    BoxCox(0.5),
]


def of(columns: dict[str, list[float]]) -> Dataset:
    count = len(next(iter(columns.values())))
    return Dataset(
        tuple(f"u{place}" for place in range(count)),
        {code: Column(np.array(cells, dtype=np.float64)) for code, cells in columns.items()},
    )


def frozen(data: Dataset, methodology: Methodology) -> Methodology:
    fixed = goalposts.freeze(data, methodology)

    def rebuilt(node: Node) -> Node:
        return replace(
            node,
            children=tuple(
                fixed[child.indicator] if isinstance(child, Leaf) else rebuilt(child) for child in node.children
            ),
        )

    return replace(methodology, tree=rebuilt(methodology.tree))


def scores(data: Dataset, methodology: Methodology) -> Floats:
    return pipeline.rate(data, methodology).score


VALUES = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 70.0]


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_freezing_changes_no_score_of_the_population(
    kind: Normalisation, treatment: Treatment, direction: Direction
) -> None:
    data = of({"x": VALUES, "y": VALUES[::-1]})
    tree = Node("i", (Leaf("x", 2.0, direction, treatment, kind), Leaf("y", 1.0, normalisation=Goalposts(0, 9))))
    methodology = Methodology("m", tree)

    fixed = frozen(data, methodology)

    assert np.allclose(scores(data, fixed), scores(data, methodology), rtol=0, atol=1e-9)
    assert not any(goalposts.depends_on_population(leaf) for leaf in fixed.tree.leaves())


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.floats(-50, 50).map(lambda value: round(value, 2)), min_size=3, max_size=9, unique=True),
    st.floats(-500, 500),
    st.sampled_from(KINDS),
    st.sampled_from(TREATMENTS),
    st.sampled_from(list(Direction)),
)
def test_with_frozen_posts_another_unit_never_reorders_the_rest(
    values: list[float], another: float, kind: Normalisation, treatment: Treatment, direction: Direction
) -> None:
    data = of({"x": values, "y": sorted(values)})
    tree = Node("i", (Leaf("x", 2.0, direction, treatment, kind), Leaf("y", 1.0, normalisation=PercentileRank())))
    fixed = frozen(data, Methodology("m", tree))

    alone = scores(data, fixed)
    joined = scores(of({"x": [*values, another], "y": [*sorted(values), another]}), fixed)

    assert joined[:-1].tolist() == alone.tolist()


@pytest.mark.parametrize("policy", [MissingPolicy.PENALISE, MissingPolicy.ZERO])
def test_what_a_gap_is_charged_with_is_frozen_too(policy: MissingPolicy) -> None:
    data = of({"x": [*VALUES, np.nan], "y": [*VALUES, 5.0]})
    tree = Node("i", (Leaf("x", normalisation=ZScore()), Leaf("y", normalisation=MinMax())))
    methodology = Methodology("m", tree, Missing(policy))
    fixed = frozen(data, methodology)

    alone = scores(data, fixed)
    joined = scores(of({"x": [*VALUES, np.nan, -400.0], "y": [*VALUES, 5.0, 6.0]}), fixed)

    assert np.allclose(alone, scores(data, methodology), rtol=0, atol=1e-9)
    assert joined[:-1].tolist() == alone.tolist()


@pytest.mark.parametrize(
    ("methodology", "part"),
    [
        (Methodology("m", Node("i", (Leaf("x"), Leaf("y")), aggregation=Copeland())), "copeland"),
        (
            Methodology("m", Node("i", (Leaf("x", normalisation=Rank()),)), peer_groups=PeerGroups(("kind",))),
            "peers",
        ),
        (
            Methodology("m", Node("i", (Leaf("x"),)), imputation=Imputation(ImputationKind.MEAN)),
            "imputation",
        ),
        (
            Methodology("m", Node("i", (Leaf("x"),)), Missing(MissingPolicy.PENALISE, 0.0, 0.5)),
            "node_charge",
        ),
        (
            Methodology("m", Node("i", (Leaf("x", 1.0, Direction.LOWER, normalisation=FractionOfMaximum()),))),
            "turning",
        ),
        (Methodology("m", Node("i", (Leaf("z", normalisation=MinMax()), Leaf("x")))), "no_values"),
    ],
)
def test_what_is_about_the_others_by_its_nature_is_not_frozen(methodology: Methodology, part: str) -> None:
    data = of({"x": VALUES, "y": VALUES, "z": [np.nan] * 10})
    data = replace(data, attributes={"kind": ("a",) * 10})

    with pytest.raises(goalposts.NotFreezableError) as refused:
        goalposts.freeze(data, methodology)

    assert refused.value.part == part


def test_a_constant_column_stays_in_the_middle_whoever_comes() -> None:
    data = of({"x": [5.0, 5.0], "y": [1.0, 2.0]})
    tree = Node("i", (Leaf("x", normalisation=MinMax((0.0, 100.0))), Leaf("y", normalisation=MinMax((0.0, 100.0)))))
    fixed = frozen(data, Methodology("m", tree))

    assert scores(of({"x": [5.0, 7.0], "y": [1.0, 3.0]}), fixed).tolist() == [25.0, 75.0]
    assert next(iter(fixed.tree.leaves())).treatment == NoTreatment()


def test_long_tables_are_thinned_and_keep_the_order() -> None:
    values = np.random.default_rng(1).normal(size=5000)
    data = of({"x": values.tolist()})
    methodology = Methodology("m", Node("i", (Leaf("x", normalisation=PercentileRank()),)))

    fixed = frozen(data, methodology)

    assert np.max(np.abs(scores(data, fixed) - scores(data, methodology))) < 1e-3
    assert np.array_equal(np.argsort(scores(data, fixed), kind="stable"), np.argsort(values, kind="stable"))


def test_leaving_out_one_asem_country_reorders_others_until_the_posts_are_frozen() -> None:
    """ENGINE 2: with min-max of the current population 20 of 51 countries reorder the others by being left out."""
    units, _, _ = raw()
    treated = in_order("step_Treated.csv", units)
    lines = meta()

    def build(line: dict[str, str]) -> Node | Leaf:
        direction = Direction.LOWER if line["Direction"] == "-1" else Direction.HIGHER
        if line["Type"] == "Indicator":
            return Leaf(line["iCode"], 1.0, direction, normalisation=MinMax((0.0, 100.0)))
        return Node(line["iCode"], tuple(build(other) for other in lines if other["Parent"] == line["iCode"]))

    tree = build(next(line for line in lines if line["Level"] == "4"))
    assert isinstance(tree, Node), ASEM
    data = of({code: [float(cell or 0) for cell in cells] for code, cells in treated.items()})
    methodology = Methodology("asem", tree)
    fixed = frozen(data, methodology)

    assert _reordering(data, methodology) == 20
    assert _reordering(data, fixed) == 0


def _reordering(data: Dataset, methodology: Methodology) -> int:
    """How many units reorder the others by being left out."""
    everyone = scores(data, methodology)
    count = 0
    for unit in range(len(data.units)):
        kept = np.arange(len(data.units)) != unit
        rest = Dataset(
            tuple(name for name, stays in zip(data.units, kept.tolist(), strict=True) if stays),
            {code: Column(column.values[kept]) for code, column in data.columns.items()},
        )
        count += not np.array_equal(np.argsort(everyone[kept]), np.argsort(scores(rest, methodology)))
    return count


def test_one_sided_winsorising_becomes_a_cap_on_that_side() -> None:
    data = of({"x": VALUES})
    tree = Node("i", (Leaf("x", treatment=Winsorise(3, 0.5, 1.0), normalisation=MinMax()),))

    fixed = goalposts.freeze(data, Methodology("m", tree))["x"]

    assert isinstance(fixed.treatment, Cap)
    assert fixed.treatment.low is None
