"""What an audit measures and remarks, on the ASEM index and on data made to be wrong in one way each."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.audits import texts
from services.rating_engine.core import pipeline
from services.rating_engine.core.audit import coherence, remarks
from services.rating_engine.core.audit.coherence import Coherence
from services.rating_engine.core.types import (
    Column,
    Dataset,
    Floats,
    Goalposts,
    Leaf,
    Methodology,
    MinMax,
    Node,
    PercentileRank,
)
from tests.unit.rating.cases import Columns, Json, rows, simulate, table

ASEM = "coinr_asem"
NORMALISED = Goalposts(0, 100, (0, 100))


def leaf(code: str, weight: float = 1.0, **more: Any) -> Leaf:
    return Leaf(code, weight, normalisation=more.get("normalisation", NORMALISED))


def two_pillars(*more: Leaf) -> Node:
    return Node(
        "index", (Node("p", (leaf("a"), leaf("b"), *more), weight=2), Node("q", (leaf("c"), leaf("d")), weight=1))
    )


def sound(count: int = 60, seed: int = 1) -> dict[str, Floats]:
    """Four indicators that share something and are not the same."""
    generator = np.random.default_rng(seed)
    common = generator.normal(0, 1, count)
    return {code: 50 + 10 * common + 12 * generator.normal(0, 1, count) for code in "abcd"}


def audited(columns: dict[str, Floats], tree: Node | None = None, **more: Any) -> Coherence:
    count = len(next(iter(columns.values())))
    dataset = Dataset(
        tuple(f"u{place}" for place in range(count)),
        {code: more.get("column", Column)(values) for code, values in columns.items()},
        more.get("attributes", {}),
    )
    methodology = Methodology("m", tree or two_pillars())
    return coherence.audit(dataset, methodology, pipeline.rate(dataset, methodology))


def codes(found: Coherence) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in found.findings]


def asem() -> Coherence:
    _, columns = table(f"{ASEM}/step_Normalised.csv", "uCode")
    meta = [line for line in rows(f"{ASEM}/input_iMeta.csv") if line["Level"]]

    def build(code: str) -> Node | Leaf:
        below = tuple(build(line["iCode"]) for line in meta if line["Parent"] == code)
        return Node(code, below) if below else leaf(code)

    tree = build("Index")
    assert isinstance(tree, Node)
    return audited({code: np.array(values, dtype=float) for code, values in columns.items()}, tree)


def test_the_audit_of_asem_has_coinrs_weights_alphas_and_correlations() -> None:
    found = asem()

    nominal = {part.code: part.nominal for part in found.parts}
    for line in rows(f"{ASEM}/weights_effective.csv"):
        if line["iCode"] != "Index":
            assert nominal[line["iCode"]] == pytest.approx(float(line["EffWeight"]), abs=1e-12)
    alphas = {one.code: one.alpha for one in found.composites}
    for line in rows(f"{ASEM}/cronbach.csv"):
        assert alphas[line["pillar"]] == pytest.approx(float(line["cronbach_alpha"]), abs=1e-9)
    with_index = {part.code: part.with_index for part in found.parts}
    for line in rows(f"{ASEM}/corr_ind_index.csv"):
        assert with_index[line["Var2"]] == pytest.approx(float(line["Correlation"]), abs=1e-9)
    assert found.between is not None
    assert found.between.shape == (49, 49)
    for one in found.composites:
        assert sum(one.eigenvalues) == pytest.approx(len(one.children))


def test_the_audit_of_asem_remarks_what_is_known_of_it() -> None:
    found = asem()

    told = set(codes(found))
    negative = {line["Var2"] for line in rows(f"{ASEM}/corr_ind_index.csv") if float(line["Correlation"]) < 0}
    assert ("alpha_low", "SusEcFin") in told
    assert {"FDI", "PRemit"} <= negative
    assert all(finding.severity in remarks.SEVERITIES for finding in found.findings)
    assert [finding.severity for finding in found.findings] == sorted(
        (finding.severity for finding in found.findings), key=remarks.SEVERITIES.index
    )


def test_a_sound_methodology_has_nothing_that_stops_it() -> None:
    found = audited(sound())

    assert [finding for finding in found.findings if finding.severity == "stops"] == []
    assert found.rated == 60
    assert sum(part.effective for part in found.parts if part.parent == "index") == pytest.approx(1)


def test_each_fault_is_remarked_upon_by_its_name() -> None:
    columns = sound()
    generator = np.random.default_rng(4)
    gaps = np.where(generator.random(60) < 0.5, np.nan, columns["b"])
    nearly = np.where(np.arange(60) == 7, 20.0, 50.0)

    constant = audited(columns | {"a": np.full(60, 40.0)})
    empty = audited(columns | {"a": np.full(60, np.nan)})
    rare = audited(columns | {"b": gaps})
    near = audited(columns | {"a": nearly})
    twins = audited(columns | {"b": columns["a"] * 0.9 + 3})
    across = audited(columns | {"c": columns["a"] * 0.9 + 3})
    turned = audited(columns | {"c": 100 - columns["a"], "d": 100 - columns["b"]})
    against = audited(columns | {"b": 60 - 0.3 * (columns["a"] - 50)})

    assert ("indicator_constant", "a") in codes(constant)
    assert ("indicator_without_values", "a") in codes(empty)
    assert ("indicator_missing_often", "b") in codes(rare)
    assert ("indicator_nearly_constant", "a") in codes(near)
    assert ("indicators_redundant", "a") in codes(twins)
    assert ("indicators_redundant_across_nodes", "a") in codes(across)
    assert ("node_opposes_index", "q") in codes(turned)
    assert ("alpha_low", "p") in codes(against)
    assert ("indicator_against_node", "b") in codes(against)
    assert [one.severity for one in constant.findings if one.code == "indicator_constant"] == ["stops"]


def test_what_has_no_weight_is_measured_and_not_remarked_on() -> None:
    columns = sound() | {"gate": np.full(60, 1.0)}

    found = audited(columns, two_pillars(leaf("gate", 0.0)))

    assert [part.commonest for part in found.parts if part.code == "gate"] == [1]
    assert not any(finding.subject == "gate" for finding in found.findings)


def test_size_intake_and_classes_that_the_score_follows_are_told() -> None:
    columns = sound()
    place = columns["a"] + columns["b"]
    setting = tuple("city" if value > 100 else "rural" for value in place)

    found = audited(
        columns | {"INTAKE": place * 2},
        attributes={"setting": setting, "name_kk": tuple(f"n{place}" for place in range(60))},
    )

    outside = {one.name: one for one in found.outside}
    assert set(outside) == {"INTAKE", "setting"}, "names are no classes"
    assert outside["INTAKE"].value > 0.5
    assert {("score_follows_context", "INTAKE"), ("score_follows_context", "setting")} <= set(codes(found))

    sized = audited(columns, column=lambda values: Column(values, n=np.round(place)))
    assert [one.name for one in sized.outside] == ["n"]


def test_scales_that_move_with_the_population_are_counted() -> None:
    tree = Node("index", (leaf("a"), leaf("b", normalisation=MinMax()), leaf("c", normalisation=PercentileRank())))

    found = audited({code: values for code, values in sound().items() if code != "d"}, tree)

    assert [one.value for one in found.findings if one.code == "scale_moves_with_population"] == [2]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_few_units_and_units_without_values_have_a_stated_answer(count: int) -> None:
    few = audited({code: values[:count] for code, values in sound().items()})
    empty = audited({code: np.full(count, np.nan) for code in "abcd"})

    assert codes(few) == [("too_few_units", "index")]
    assert codes(empty) == [("nothing_rated", "index")]
    json.dumps([few.document(), empty.document()], allow_nan=False)


def test_the_order_of_the_units_leaves_no_trace() -> None:
    columns = sound() | {"b": np.where(np.arange(60) % 7 == 0, np.nan, sound()["b"])}
    order = np.random.default_rng(0).permutation(60)

    straight = audited(columns).document()

    assert audited({code: values[order] for code, values in columns.items()}).document() == straight


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 12).flatmap(
        lambda count: st.lists(
            st.lists(st.none() | st.floats(-1e308, 1e308), min_size=count, max_size=count), min_size=4, max_size=4
        )
    )
)
def test_any_data_whatever_have_an_audit_without_nan(columns: list[list[float | None]]) -> None:
    values = {
        code: np.array([np.nan if cell is None else cell for cell in cells], dtype=float)
        for code, cells in zip("abcd", columns, strict=True)
    }

    json.dumps(audited(values).document(), allow_nan=False)


def test_a_tree_wider_than_anybody_reads_has_no_matrices() -> None:
    generator = np.random.default_rng(1)
    wide = {f"i{place}": generator.uniform(0, 100, 12) for place in range(coherence.MOST_PAIRED + 1)}

    found = audited(wide, Node("index", tuple(leaf(code) for code in wide)))

    assert found.between is None
    assert found.composites[0].correlations is None
    assert replace(found, findings=()).document()["between"] is None


def test_a_simulation_tells_the_same_as_an_audit_with_sentences_in_three_languages() -> None:
    columns = {code: values.tolist() for code, values in (sound() | {"b": np.full(60, 40.0)}).items()}
    posts = {"kind": "goalposts", "low": 0, "high": 100, "scale": [0, 100]}
    children = [{"indicator": code, "normalisation": posts} for code in "abc"]
    matrix = [[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]]
    tree = {"code": "index", "weighting": {"kind": "ahp", "matrix": matrix}, "children": children}

    found = simulate(tree, {code: columns[code] for code in "abc"}, ask=["coherence"]).coherence

    assert found is not None
    stops = [finding for finding in found.findings if finding.severity == "stops"]
    assert [(finding.code, finding.subject) for finding in stops] == [("indicator_constant", "b")]
    assert stops[0].text.kk
    assert stops[0].text.ru
    assert stops[0].text.en
    judgement = found.composites[0].judgement
    assert judgement is not None
    assert judgement["consistency_ratio"] == 0
    assert judgement["weights"] == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert [part.with_index for part in found.parts if part.code == "b"] == [None]
    assert simulate(tree, {code: columns[code] for code in "abc"}).coherence is None


def test_every_remark_has_a_sentence_and_every_sentence_a_remark() -> None:
    assert {remark.code for remark in remarks.REMARKS} == set(texts.FINDINGS)
    assert len(texts.STEPS) == 10


def test_a_rating_without_places_is_measured_like_any_other_and_tells_none() -> None:
    tree = {"code": "i", "children": [{"indicator": "x"}, {"indicator": "y"}]}
    columns: Columns = {"x": [1.0, 2, 3, 4, 5, 6], "y": [2.0, 1, 4, 3, 6, 5]}
    varied: Json = {"replicates": 20, "weights": {"kind": "uniform", "spread": 0.5}}
    asked: Json = {"uncertainty": varied, "ask": ["coherence", "uncertainty"]}

    ranked = simulate(tree, columns, **asked)
    unranked = simulate(tree, columns, ranking=False, **asked)

    assert unranked.rank == [None] * 6
    assert unranked.coherence == ranked.coherence
    assert ranked.coherence is not None
    assert ranked.coherence.rated == 6
    assert ranked.uncertainty is not None
    assert unranked.uncertainty is not None
    assert unranked.uncertainty.rank_median == [None] * 6
    assert unranked.uncertainty.factors == ranked.uncertainty.factors
