"""What a methodology document may not say, and how it is named by its content."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.rating_engine.methodologies import documents
from services.rating_engine.methodologies.errors import MethodologyRefused
from shared.schemas.rating.methodology import (
    MOST_LEAVES,
    MOST_LEVELS,
    MethodologyDocument,
    canonical,
    digest,
    indicators,
    leaves,
)
from tests.unit.rating.cases import Json

POSTS: Json = {"kind": "goalposts", "low": 40, "high": 110, "scale": [1, 100], "cap": True}
CONTRACT: Json = {
    "code": "schools-public",
    "title": {"kk": "Мектептер", "ru": "Школы", "en": "Schools"},
    "organisation_types": ["school"],
    "tree": {
        "code": "index",
        "aggregation": {"kind": "weighted_arithmetic"},
        "children": [
            {
                "code": "outcomes",
                "weight": 34,
                "aggregation": {"kind": "weighted_geometric"},
                "children": [
                    {
                        "indicator": "SCH_UNT_MEAN",
                        "weight": 10,
                        "direction": "higher",
                        "treatment": {"kind": "none"},
                        "normalisation": POSTS,
                    }
                ],
            }
        ],
    },
    "missing": {"policy": "renormalise", "min_coverage": 0.6, "min_node_coverage": 0.5},
    "peer_groups": {"by": ["setting", "size_class"], "minimum": 10},
    "precision": {"shrink": True, "min_n": 5, "suppress_below": 10},
    "bands": {"kind": "pairwise_loss", "labels": ["A", "B", "C", "D", "E"], "loss": 9},
    "uncertainty": {
        "replicates": 1000,
        "seed": 20260101,
        "weights": {"kind": "uniform", "spread": 0.25},
        "alternatives": {
            "normalisation": ["goalposts", "z_score"],
            "aggregation": ["weighted_arithmetic", "weighted_geometric"],
        },
    },
}


def _document(**parts: Any) -> MethodologyDocument:
    return MethodologyDocument.model_validate({"code": "m", "tree": _tree({"indicator": "x"})} | parts)


def _tree(*children: Json, kind: str = "weighted_arithmetic", **more: Any) -> Json:
    return {"code": "index", "aggregation": {"kind": kind, **more}, "children": list(children)}


def _leaf(code: str = "x", **more: Any) -> Json:
    return {"indicator": code, **more}


def _scaled(normalisation: Json, **more: Any) -> Json:
    return _leaf(normalisation=normalisation, **more)


def _refusals(document: Json, **how: Any) -> list[tuple[str, str]]:
    """Pointer and code of each reason; empty for a good document."""
    try:
        documents.read(MethodologyDocument.model_validate(document), **how)
    except MethodologyRefused as refused:
        return [(error.pointer, error.code) for error in refused.errors]
    except ValidationError as invalid:
        tags = {
            "leaf",
            "node",
            *(kind for kind in ("goalposts", "thresholds", "cuts", "uniform", "z_score", "box_cox")),
        }
        return [
            ("".join(f"/{step}" for step in error["loc"] if step not in tags), error["type"])
            for error in invalid.errors()
        ]
    return []


def test_the_document_of_the_contract_is_good() -> None:
    assert _refusals(CONTRACT) == []


BAD_TREES: list[tuple[Json, list[tuple[str, str]]]] = [
    (_tree(_leaf(weight=-1)), [("/tree/children/0/weight", "greater_than_equal")]),
    (_tree(_leaf(weight=float("nan"))), [("/tree/children/0/weight", "finite_number")]),
    (_tree(_leaf(weight=1e-10)), [("/tree/children/0/weight", "weight_too_small")]),
    (_tree(_leaf("a", weight=0), _leaf("b", weight=0)), [("/tree/children", "weights_all_zero")]),
    (_tree(), [("/tree/children", "too_short")]),
    (_tree({"code": "empty", "children": []}), [("/tree/children/0/children", "too_short")]),
    (_tree(_leaf("a"), _leaf("a")), [("/tree/children/1/indicator", "indicator_repeated")]),
    (
        _tree({"code": "index", "children": [_leaf("a")]}),
        [("/tree/children/0/code", "node_repeated")],
    ),
    (_tree(_leaf(children=[_leaf("b")])), [("/tree/children/0", "leaf_with_children")]),
    (_tree(_scaled({"kind": "magic"})), [("/tree/children/0/normalisation", "union_tag_invalid")]),
    (_tree(_leaf(treatment={"kind": "magic"})), [("/tree/children/0/treatment", "union_tag_invalid")]),
    (_tree(_leaf(), kind="magic"), [("/tree/aggregation", "union_tag_invalid")]),
    (_tree(_scaled(POSTS | {"low": 110})), [("/tree/children/0/normalisation/low", "not_below")]),
    (_tree(_scaled(POSTS | {"low": 120})), [("/tree/children/0/normalisation/low", "not_below")]),
    (
        _tree(_scaled(POSTS | {"low": -1e308, "high": 1e308})),
        [("/tree/children/0/normalisation/low", "too_far_apart")],
    ),
    (_tree(_scaled(POSTS | {"low": float("nan")})), [("/tree/children/0/normalisation/low", "finite_number")]),
    (
        _tree(_scaled({"kind": "log_goalposts", "low": 0, "high": 10})),
        [("/tree/children/0/normalisation/low", "not_positive")],
    ),
    (_tree(_scaled(POSTS | {"scale": [100, 1]})), [("/tree/children/0/normalisation/scale", "not_below")]),
    (_tree(_scaled(POSTS | {"scale": [0, 50, 100]})), [("/tree/children/0/normalisation/scale", "too_long")]),
    (
        _tree(_scaled({"kind": "thresholds", "cuts": [2, 1], "levels": [0, 1]})),
        [
            ("/tree/children/0/normalisation/cuts", "not_ascending"),
            ("/tree/children/0/normalisation/levels", "one_more_expected"),
        ],
    ),
    (
        _tree(_scaled({"kind": "thresholds", "cuts": [1, 1], "levels": [0, 1, 2]})),
        [("/tree/children/0/normalisation/cuts", "not_ascending")],
    ),
    (_tree(_scaled({"kind": "z_score", "sd": 0})), [("/tree/children/0/normalisation/sd", "greater_than")]),
    (_tree(_leaf(treatment={"kind": "cap"})), [("/tree/children/0/treatment", "cap_empty")]),
    (
        _tree(_leaf(treatment={"kind": "cap", "low": 2, "high": 1})),
        [("/tree/children/0/treatment/low", "not_below")],
    ),
    (_tree(_leaf(), kind="power_mean"), [("/tree/aggregation/power_mean/power", "missing")]),
    (_tree(_leaf(weights=1)), [("/tree/children/0/weights", "extra_forbidden")]),
]


@pytest.mark.parametrize(("tree", "expected"), BAD_TREES)
def test_a_bad_tree_is_refused_with_its_place_and_reason(tree: Json, expected: list[tuple[str, str]]) -> None:
    assert _refusals({"code": "m", "tree": tree}) == expected


GOES_BELOW: list[Json] = [
    _scaled({"kind": "z_score", "mean": 50, "sd": 10}),
    _scaled({"kind": "identity"}),
    _leaf(),
    _scaled(POSTS | {"cap": False}),
    _scaled({"kind": "log_goalposts", "low": 1, "high": 10}),
    _scaled(POSTS | {"scale": [-0.001, 100]}),
    _scaled({"kind": "min_max", "scale": [-1, 1]}),
    _scaled({"kind": "fraction_of_maximum"}),
    _scaled({"kind": "thresholds", "cuts": [1], "levels": [-1, 1]}),
    _leaf(treatment={"kind": "cap", "low": -1}),
    _leaf(treatment={"kind": "cap", "low": 0}, direction="lower"),
    {"code": "inner", "children": [_leaf("a", normalisation=POSTS), _scaled({"kind": "z_score"})]},
    {"code": "inner", "aggregation": {"kind": "copeland"}, "children": [_scaled(POSTS)]},
]
STAYS_ABOVE: list[Json] = [
    _scaled(POSTS),
    _scaled(POSTS | {"scale": [0, 1]}),
    _scaled({"kind": "log_goalposts", "low": 1, "high": 10, "cap": True}, direction="lower"),
    _scaled({"kind": "min_max"}),
    _scaled({"kind": "rank"}),
    _scaled({"kind": "percentile_rank"}),
    _scaled({"kind": "distance_to_target", "target": 5}),
    _scaled({"kind": "distance_to_maximum"}),
    _scaled({"kind": "distance_to_reference", "reference": "u"}),
    _scaled({"kind": "thresholds", "cuts": [1], "levels": [0, 1]}),
    _leaf(treatment={"kind": "cap", "low": 0}),
    _leaf(treatment={"kind": "cap", "high": 0}, direction="lower"),
    {"code": "inner", "children": [_scaled(POSTS)]},
    {"code": "inner", "children": [_scaled(POSTS), _leaf("z", weight=0, normalisation={"kind": "z_score"})]},
]
NEEDING: list[Json] = [
    {"kind": "weighted_geometric"},
    {"kind": "weighted_harmonic"},
    {"kind": "power_mean", "power": -1},
    {"kind": "power_mean", "power": 0},
    {"kind": "power_mean", "power": 2},
]


@pytest.mark.parametrize("aggregation", NEEDING)
@pytest.mark.parametrize("child", GOES_BELOW)
def test_a_mean_over_what_can_go_below_zero_is_refused_when_written(aggregation: Json, child: Json) -> None:
    tree = {"code": "index", "aggregation": aggregation, "children": [child, _leaf("ok", normalisation=POSTS)]}

    assert _refusals({"code": "m", "tree": tree}) == [("/tree/aggregation", "mean_below_zero")]


@pytest.mark.parametrize("aggregation", NEEDING)
@pytest.mark.parametrize("child", STAYS_ABOVE)
def test_a_mean_over_what_ends_at_zero_is_good(aggregation: Json, child: Json) -> None:
    assert _refusals({"code": "m", "tree": {"code": "index", "aggregation": aggregation, "children": [child]}}) == []


@pytest.mark.parametrize("child", GOES_BELOW)
def test_arithmetic_and_copeland_take_any_scale(child: Json) -> None:
    for aggregation in ({"kind": "weighted_arithmetic"}, {"kind": "copeland"}, {"kind": "power_mean", "power": 1}):
        assert (
            _refusals({"code": "m", "tree": {"code": "index", "aggregation": aggregation, "children": [child]}}) == []
        )


@pytest.mark.parametrize("child", GOES_BELOW)
def test_a_scale_is_judged_by_the_data_where_they_are_at_hand(child: Json) -> None:
    document = {"code": "m", "tree": _tree(child, kind="weighted_geometric")}

    assert _refusals(document, data_at_hand=True) == []
    assert _refusals(document) == [("/tree/aggregation", "mean_below_zero")]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"missing": {"min_coverage": 1.1}}, [("/missing/min_coverage", "less_than_equal")]),
        ({"missing": {"policy": "ignore"}}, [("/missing/policy", "enum")]),
        ({"bands": {"kind": "cuts", "labels": ["A"], "cuts": [1]}}, [("/bands/labels", "one_more_expected")]),
        (
            {"bands": {"kind": "cuts", "labels": ["A", "B", "C"], "cuts": [2, 1]}},
            [("/bands/cuts", "not_ascending")],
        ),
        ({"bands": {"kind": "quantiles", "labels": ["A", "A"]}}, [("/bands/labels", "label_repeated")]),
        (
            {"uncertainty": {"alternatives": {"normalisation": ["goalposts"]}}},
            [("/uncertainty/alternatives/normalisation/0", "alternative_without_parameters")],
        ),
        (
            {"uncertainty": {"alternatives": {"aggregation": ["power_mean"]}}},
            [("/uncertainty/alternatives/aggregation/0", "alternative_without_parameters")],
        ),
        (
            {"uncertainty": {"weights": {"kind": "uniform", "spread": 2}}},
            [("/uncertainty/weights/spread", "less_than_equal")],
        ),
    ],
)
def test_other_parts_are_refused_with_their_place_and_reason(parts: Json, expected: list[tuple[str, str]]) -> None:
    assert _refusals({"code": "m", "tree": _tree(_leaf())} | parts) == expected


def test_all_reasons_are_given_at_once() -> None:
    tree = _tree(
        _leaf("a", weight=0),
        {"code": "index", "weight": 0, "children": [_leaf("a", normalisation=POSTS | {"low": 200})]},
    )

    assert {code for _, code in _refusals({"code": "m", "tree": tree})} == {
        "weights_all_zero",
        "node_repeated",
        "indicator_repeated",
        "not_below",
    }


def test_too_deep_or_too_wide_a_tree_is_refused_before_it_is_read() -> None:
    def nested(levels: int) -> Json:
        tree = _leaf()
        for level in range(levels):
            tree = {"code": f"n{level}", "children": [tree]}
        return tree

    assert _refusals({"code": "m", "tree": nested(MOST_LEVELS - 1)}) == []
    assert _refusals({"code": "m", "tree": nested(MOST_LEVELS)}) == [("/tree", "tree_too_deep")]
    assert _refusals({"code": "m", "tree": nested(5000)}) == [("/tree", "tree_too_deep")]

    def wide(count: int) -> Json:
        half = count // 2
        return _tree(
            {"code": "p", "children": [_leaf(f"a{place}") for place in range(half)]},
            {"code": "q", "children": [_leaf(f"b{place}") for place in range(count - half)]},
        )

    assert _refusals({"code": "m", "tree": wide(MOST_LEAVES)}) == []
    assert _refusals({"code": "m", "tree": wide(MOST_LEAVES + 1)}) == [("/tree", "tree_too_large")]


def test_the_digest_names_the_meaning_and_not_the_spelling() -> None:
    short = _document()
    spelt_out = MethodologyDocument.model_validate(
        {
            "tree": {
                "children": [{"weight": 1, "direction": "higher", "indicator": "x"}],
                "aggregation": {"kind": "weighted_arithmetic"},
                "code": "index",
            },
            "missing": {"policy": "renormalise", "min_coverage": 0},
            "code": "m",
        }
    )

    assert digest(short) == digest(spelt_out)
    assert digest(short).startswith("sha256:")
    assert digest(short) != digest(_document(missing={"min_coverage": 0.1}))
    assert MethodologyDocument.model_validate_json(canonical(short)) == short


def test_a_stored_document_reads_back_the_same() -> None:
    document = MethodologyDocument.model_validate(
        CONTRACT | {"tree": _tree(_leaf(treatment={"kind": "box_cox", "lambda": 0.5}))} | {"uncertainty": None}
    )

    stored = document.model_dump(mode="json", exclude_none=True)

    assert stored["tree"]["children"][0]["treatment"] == {"kind": "box_cox", "lambda": 0.5}
    assert digest(MethodologyDocument.model_validate(stored)) == digest(document)


def test_leaves_are_told_with_their_pointers() -> None:
    document = MethodologyDocument.model_validate(CONTRACT)

    assert [pointer for pointer, _ in leaves(document)] == ["/tree/children/0/children/0"]
    assert indicators(document) == ["SCH_UNT_MEAN"]
