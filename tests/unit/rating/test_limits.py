"""Bars that no sum of points can buy off."""

from typing import Any

import pytest

from tests.unit.rating.cases import Json, simulate

TREE: Json = {
    "code": "index",
    "children": [
        {"code": "p", "weight": 9, "children": [{"indicator": "x"}]},
        {"code": "q", "weight": 1, "children": [{"indicator": "y"}]},
        {"indicator": "gate", "weight": 0},
    ],
}
BANDS: Json = {"kind": "cuts", "labels": ["A", "B", "C", "D"], "cuts": [25, 50, 75]}


def banded(
    limits: list[Json], columns: dict[str, list[float | None]], **more: Any
) -> list[tuple[str | None, list[str]]]:
    answer = simulate(TREE, columns, limits=limits, **{"bands": BANDS, **more})
    assert answer.limited is not None
    return list(zip(answer.band, answer.limited, strict=True))


def test_a_pillar_under_the_bar_caps_the_band() -> None:
    columns: dict[str, list[float | None]] = {"x": [100.0, 100.0, 60.0, 10.0], "y": [20.0, 19.0, 19.0, 0.0]}
    columns["gate"] = [1.0] * 4

    found = banded([{"of": "q", "at_least": 20, "band": "C"}], columns)

    assert found == [("A", []), ("C", ["q"]), ("C", ["q"]), ("D", [])]


def test_of_several_bars_the_strictest_holds_and_all_are_named() -> None:
    limits = [{"of": "q", "at_least": 20, "band": "C"}, {"of": "gate", "at_most": 2, "band": "B"}]

    found = banded(limits, {"x": [100.0, 100.0], "y": [0.0, 50.0], "gate": [3.0, 3.0]})

    assert found == [("C", ["q", "gate"]), ("B", ["gate"])]


@pytest.mark.parametrize(
    ("reason", "missing", "band"),
    [
        (None, "fails", "D"),
        ("not_reported", "fails", "D"),
        ("not_reported", "passes", "A"),
        ("not_applicable", "fails", "A"),
        ("not_sampled", "fails", "A"),
        ("suppressed", "fails", "D"),
    ],
)
def test_a_missing_gate_fails_unless_said_otherwise_or_without_meaning(
    reason: str | None, missing: str, band: str
) -> None:
    limits = [{"of": "gate", "at_least": 1, "band": "D", "missing": missing}]

    found = banded(limits, {"x": [90.0], "y": [90.0], "gate": [None]}, reason={"gate": [reason]})

    assert found[0][0] == band


def test_a_gate_may_stand_in_the_context_and_weigh_nothing() -> None:
    tree = {"code": "index", "children": TREE["children"][:2]}

    answer = simulate(
        tree,
        {"x": [90.0, 90.0], "y": [90.0, 90.0], "licence": [1.0, 0.0]},
        bands=BANDS,
        context=["licence"],
        limits=[{"of": "licence", "at_least": 1, "band": "D"}],
    )

    assert answer.band == ["A", "D"]
    assert "licence" not in answer.normalised
    assert answer.score == [90.0, 90.0]


def test_a_unit_without_a_band_has_none_to_lower() -> None:
    assert banded([{"of": "q", "at_least": 20, "band": "C"}], {"x": [None], "y": [None], "gate": [1.0]}) == [(None, [])]


def test_a_limit_may_allow_a_grade_that_the_evidence_has_not_told_apart() -> None:
    bands: Json = {"kind": "pairwise_loss", "labels": ["A", "B", "C"]}

    found = banded(
        [{"of": "gate", "at_least": 1, "band": "C"}],
        {"x": [50.0, 50.0], "y": [50.0, 50.0], "gate": [1.0, 0.0]},
        bands=bands,
    )

    assert found == [("A", []), ("C", ["gate"])]


def test_shares_of_bands_are_shares_where_a_limit_holds_the_best() -> None:
    spread = simulate(
        TREE,
        {"x": [90.0, 70.0, 50.0, 10.0], "y": [80.0, 70.0, 40.0, 20.0], "gate": [0.0, 1.0, 1.0, 1.0]},
        bands={"kind": "pairwise_loss", "labels": ["A", "B", "C"]},
        limits=[{"of": "gate", "at_least": 1, "band": "C"}],
        uncertainty={"replicates": 8, "factors": [{"kind": "indicator_out"}]},
        ask=["uncertainty"],
    ).uncertainty

    assert spread is not None
    assert spread.band_share is not None
    assert list(spread.band_share) == ["A", "B", "C"]
    assert spread.band_share["C"][0] == 1.0
    for told in zip(*spread.band_share.values(), strict=True):
        assert min(told) >= 0.0
        assert sum(told) == 1.0
