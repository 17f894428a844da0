"""What a simulation tells beside the scores when asked: what is withheld, what leads further, who the peers are."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core import pipeline
from services.rating_engine.explanations import entries
from services.rating_engine.methodologies import documents
from services.rating_engine.runs import doubts
from services.rating_engine.simulations import explaining, tables, withholding
from shared.errors import Problem
from shared.schemas.rating.explanations import PeersRead
from shared.schemas.rating.simulations import SimulationCreate
from tests.unit.rating.cases import Json, simulate
from tests.unit.rating.test_any_document import bodies

POSTS = {"kind": "goalposts", "low": 0, "high": 100, "scale": [0, 100], "cap": True}
TREE: Json = {
    "code": "index",
    "children": [
        {"indicator": code, "weight": weight, "normalisation": POSTS}
        for code, weight in (("a", 2), ("b", 1), ("c", 1), ("d", 4))
    ],
}
COLUMNS = {"a": [40.0, 60, 80], "b": [41.0, 61, 81], "c": [43.0, 63, 83], "d": [97.0, 67, 30]}
SMALL: Json = {"b": [9.0, 10, 10], "d": [60.0, 60, 9]}
CUTS = {"kind": "cuts", "labels": ["A", "B"], "cuts": [65.0]}
FEW = {"suppress_below": 10}


def test_what_the_public_would_not_be_told_is_told_when_asked_for() -> None:
    rated = simulate(TREE, COLUMNS, n=SMALL, precision=FEW, ask=["disclosure"])

    told = rated.disclosure
    assert told is not None
    assert told.primary == {"b": [True, False, False], "d": [False, False, True]}
    assert told.hidden == {"b": [True, False, False], "c": [True, False, False], "d": [False, False, True]}
    assert {code: flags[0] for code, flags in told.merged.items()} == {"b": True, "c": True, "d": False}
    both = [rated.contributions[code][0] for code in "bc"]
    assert told.merged_contribution == [pytest.approx(sum(one or 0 for one in both)), None, None]
    assert told.unpublished == [False, False, True], "half of its weight is hidden"
    assert told.hidden_nodes == {"index": [False, False, True]}
    assert told.reserved == [True, False, True]
    assert (rated.rank, told.rank) == ([1, 2, 3], [1, 2, None])
    assert told.exposed == []
    assert told.narrowest is not None
    assert told.narrowest >= 1 - 1e-9


def test_places_close_up_where_a_score_is_not_published() -> None:
    best = simulate(TREE, COLUMNS, n={"d": [9.0, 60, 60]}, precision=FEW, ask=["disclosure"])

    assert best.rank == [1, 2, 3]
    assert best.disclosure is not None
    assert best.disclosure.rank == [None, 1, 2]


def test_shares_near_the_ends_of_few_people_are_told_by_a_code() -> None:
    columns = COLUMNS | {"b": [5.0, 95.0, 50.0]}

    told = simulate(TREE, columns, n={"b": [49.0, 20, 20]}, shares={"b": 100}, ask=["disclosure"]).disclosure

    assert told is not None
    assert told.coded == {"b": ["at_most_5_percent", "at_least_95_percent", None]}
    assert told.hidden["b"] == [True, True, False]
    assert told.primary == {}


def test_shares_are_of_columns_that_there_are_and_part_of_the_name_of_the_data() -> None:
    with pytest.raises(Problem) as caught:
        simulate(TREE, COLUMNS, shares={"z": 1})

    assert [(one.pointer, one.code) for one in caught.value.errors] == [("/table/shares/z", "column_unknown")]
    names = {simulate(TREE, COLUMNS, shares=shares).data_digest for shares in ({}, {"a": 1}, {"a": 100}, {"b": 1})}
    assert len(names) == 4


def test_a_result_without_small_figures_is_shown_whole() -> None:
    told = simulate(TREE, COLUMNS, ask=["disclosure"]).disclosure

    assert told is not None
    assert told.model_dump(exclude={"rank"}) == {
        "primary": {},
        "coded": {},
        "hidden": {},
        "merged": {},
        "merged_contribution": [None, None, None],
        "hidden_nodes": {},
        "unpublished": [False, False, False],
        "reserved": [False, False, False],
        "exposed": [],
        "narrowest": None,
    }


def test_asking_what_is_withheld_changes_nothing_else() -> None:
    asked = simulate(TREE, COLUMNS, n=SMALL, precision=FEW, bands=CUTS, ask=["disclosure", "explanation"])
    plain = simulate(TREE, COLUMNS, n=SMALL, precision=FEW, bands=CUTS)

    assert asked.model_copy(update={"disclosure": None, "explanation": None}) == plain


def test_each_unit_is_told_the_way_to_the_next_band() -> None:
    told = simulate(TREE, COLUMNS, bands=CUTS, ask=["explanation"]).explanation

    assert told is not None
    assert told.next_band is not None
    assert [way is None for way in told.next_band] == [True, False, False], "the first has the best band"
    way = told.next_band[1]
    assert way is not None
    assert (way.band, way.border) == ("A", 65)
    score = simulate(TREE, COLUMNS).score[1]
    assert score is not None
    alone = {one.indicator: one.half for one in way.alone}
    assert alone["d"] == pytest.approx((65 - score) * 2, abs=1e-6)
    assert alone["a"] == pytest.approx((65 - score) * 4, abs=1e-6)
    moved = COLUMNS | {"d": [97.0, 67 + (alone["d"] or 0), 30]}
    assert simulate(TREE, moved, bands=CUTS).band[1] == "A"
    assert way.together_half is not None
    assert way.room["d"] == 33


def test_without_bands_there_is_no_way_but_there_are_peers() -> None:
    rated = simulate(TREE, COLUMNS, ask=["explanation"])

    told = rated.explanation
    assert told is not None
    assert told.next_band is None
    scores = [score or 0 for score in rated.score]
    for place, peers in enumerate(told.peers):
        assert peers is not None
        assert (peers.size, peers.place) == (3, rated.rank[place])
        assert peers.mean == pytest.approx(sum(scores) / 3)
        parts = [column[place] or 0 for column in told.differences.values()]
        assert sum(parts) == pytest.approx(peers.difference, abs=1e-9)


def test_who_is_partly_withheld_is_nobodys_peer_as_in_a_run() -> None:
    told = simulate(TREE, COLUMNS, n=SMALL, precision=FEW, ask=["explanation"]).explanation

    assert told is not None
    assert [peers.size if peers else None for peers in told.peers] == [2, 1, 2]


@pytest.mark.parametrize("kind", ["weighted_arithmetic", "weighted_geometric", "copeland"])
def test_a_simulation_and_a_run_tell_the_same(kind: str) -> None:
    tree = TREE | {"aggregation": {"kind": kind}}
    groups = {"by": ["setting"], "minimum": 2}
    bands = {"kind": "quantiles", "labels": ["A", "B", "C"]}
    parts = {"peer_groups": groups, "bands": bands, "precision": FEW}
    setting = ["city", "city", "village"]
    body = SimulationCreate.model_validate(
        {
            "methodology": {"code": "case", "tree": tree, **parts},
            "table": {
                "units": ["u0", "u1", "u2"],
                "columns": COLUMNS,
                "n": SMALL,
                "attributes": {"setting": setting},
                "shares": {"c": 100},
            },
        }
    )
    methodology, dataset = documents.read(body.methodology), tables.read(body.table, body.methodology)
    result = pipeline.rate(dataset, methodology)
    withheld, _ = doubts.disclosures(dataset, methodology, result, body.table.shares)
    ways = doubts.reaches(dataset, methodology, result)
    peers = doubts.peers(dataset, methodology, result, withheld)

    rated = simulate(
        tree,
        COLUMNS,
        n=SMALL,
        attributes={"setting": setting},
        shares={"c": 100},
        **parts,
        ask=["disclosure", "explanation"],
    )

    assert (rated.disclosure is not None, rated.explanation is not None, ways is not None) == (True, True, True)
    assert rated.explanation is not None
    assert rated.disclosure is not None
    assert ways is not None
    assert rated.explanation.next_band == [None if way is None else entries.next_band(way) for way in ways]
    assert rated.explanation.peers == [None if one is None else PeersRead.model_validate(one) for one in peers]
    for place, record in enumerate(withheld):
        hidden = {code for code, flags in rated.disclosure.hidden.items() if flags[place]}
        assert hidden == (set() if record is None else set(record["values"]))
        if record is not None:
            assert rated.disclosure.rank[place] == record["rank"]
            assert rated.disclosure.unpublished[place] == record["unpublished"]
            assert rated.disclosure.merged_contribution[place] == record["merged_contribution"]


def test_what_takes_longer_than_a_request_may_is_sent_to_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "MOST_EXPLAINED", 11)
    monkeypatch.setattr(withholding, "MOST_COMPANIONS", 367)

    def refused(*ask: str, **more: Any) -> tuple[str | None, str]:
        with pytest.raises(Problem) as caught:
            simulate(TREE, COLUMNS, ask=ask, **more)
        (error,) = caught.value.errors
        return error.pointer, error.code

    assert refused("explanation") == ("/explanation", "simulation_too_large")
    assert refused("disclosure", precision=FEW) == ("/disclosure", "simulation_too_large")
    assert refused("disclosure", shares={"a": 1}) == ("/disclosure", "simulation_too_large")
    assert simulate(TREE, COLUMNS, ask=["disclosure"]).disclosure is not None, "nothing is to be looked through"


@settings(max_examples=60, deadline=None)
@given(bodies(), st.booleans())
def test_any_data_whatever_are_told_of_without_nan(body: Json, are_shares: bool) -> None:
    told = {key: value for key, value in body.items() if key not in ("tree", "columns")}
    shares = {"a": 100.0, "d": 1.0} if are_shares else {}
    refused: Problem | None = None
    try:
        rated = simulate(
            body["tree"], body["columns"], **told, shares=shares, ask=["disclosure", "explanation", "coherence"]
        )
    except Problem as problem:
        refused = problem
    if refused is not None:
        assert refused.status == 422
        return

    text = rated.model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
