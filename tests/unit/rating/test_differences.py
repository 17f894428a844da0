"""What differs between two versions, in the words of the tree."""

from typing import Any

from services.rating_engine.methodologies import differences
from shared.schemas.rating.methodologies import TreeChange
from shared.schemas.rating.methodology import MethodologyDocument


def document(*children: Any, **more: Any) -> MethodologyDocument:
    return MethodologyDocument.model_validate({"code": "m", "tree": {"code": "index", "children": children, **more}})


def told(first: MethodologyDocument, second: MethodologyDocument) -> list[tuple[str, str]]:
    return [(change.kind.value, change.code) for change in differences.of_trees(first, second)]


A, B, C = {"indicator": "a"}, {"indicator": "b"}, {"indicator": "c"}


def test_the_same_tree_in_another_order_or_on_another_scale_of_weights_is_the_same() -> None:
    assert told(document(A, B), document(B, A)) == []
    assert told(document(A, B), document({**A, "weight": 20}, {**B, "weight": 20})) == []
    assert told(document(A, B), document(A, B, weighting={"kind": "equal"})) == []


def test_what_is_added_takes_weight_from_the_others() -> None:
    changes = differences.of_trees(document(A, B), document(A, C, B, C | {"indicator": "d"}))

    assert [(change.kind.value, change.code) for change in changes] == [
        ("reweighted", "a"),
        ("added", "c"),
        ("reweighted", "b"),
        ("added", "d"),
    ]
    added = changes[1]
    assert (added.parent_before, added.parent_after, added.share_before, added.share_after) == (
        None,
        "index",
        None,
        0.25,
    )
    assert added.text.en == "c was added to index with a share of 0.25 of the whole weight"
    assert added.text.kk
    assert added.text.ru


def test_what_is_removed_moved_and_computed_differently_is_told_of_indicators_and_nodes() -> None:
    first = document({"code": "p", "children": [A, B]}, {"code": "q", "children": [C]})
    second = document(
        {"code": "p", "children": [A], "aggregation": {"kind": "weighted_geometric"}},
        {"code": "q", "children": [B | {"normalisation": {"kind": "min_max"}, "direction": "lower"}]},
    )

    changes = differences.of_trees(first, second)

    def one(kind: str, code: str) -> TreeChange:
        return next(change for change in changes if (change.kind.value, change.code) == (kind, code))

    assert one("redefined", "p").fields == ["aggregation"]
    assert one("redefined", "p").what == "node"
    assert (one("moved", "b").parent_before, one("moved", "b").parent_after) == ("p", "q")
    assert one("redefined", "b").fields == ["direction", "normalisation"]
    assert (one("reweighted", "a").share_before, one("reweighted", "a").share_after) == (0.25, 0.5)
    assert one("removed", "c").share_before == 0.5
    assert changes[-1] == one("removed", "c")


def test_weights_by_judgement_are_compared_by_what_follows_from_them() -> None:
    judged = document(A, B, weighting={"kind": "ahp", "matrix": [[1, 3], [0.3333, 1]]})

    assert told(document(A | {"weight": 3}, B), judged) == []
    assert told(document(A, B), judged) == [("reweighted", "a"), ("reweighted", "b")]
