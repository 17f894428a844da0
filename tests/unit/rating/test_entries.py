"""An entry as it is told: everything that was computed of it, and nothing that may not be shown."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from services.rating_engine.explanations import entries
from services.rating_engine.explanations import service as explanations
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.population import Lights
from shared.schemas.rating.publications import ContributionRead, EntryBody, EntryExplained

ID = UUID("01a20034-2d1f-77a4-b618-84a4220ed269")
DOCUMENT = MethodologyDocument.model_validate(
    {"code": "m", "tree": {"code": "i", "children": [{"indicator": "a", "weight": 3}, {"indicator": "b"}]}}
)


def _cell(value: float | None, points: float | None, reason: str | None = None) -> dict[str, Any]:
    return {"value": value, "n": 12, "normalised": value, "contribution": points, "reason": reason}


def _result(**more: Any) -> Any:
    return SimpleNamespace(
        **{
            "organisation_id": ID,
            "name": {"ru": "Школа № 1"},
            "area": None,
            "score": 40.0,
            "rank": 2,
            "band": "B",
            "coverage": 1.0,
            "reason": None,
            "nodes": {"i": 40.0},
            "indicators": {"a": _cell(50.0, 37.5), "b": _cell(10.0, 2.5)},
            "attributes": {"type": "school"},
            "standing": {"evidence": "strong", "expected_rank": 2.4, "rank_low": 1, "rank_high": 5},
            "spread": {"p05": 1.0, "median": 2.0, "p95": 4.0, "top_share": 0.1},
            "reach": {
                "band": "A",
                "border": 60.0,
                "alone": {"a": {"half": 26.7, "likely": None}},
                "together": {"half": 0.3, "likely": 0.4, "room": {"a": 50.0, "b": 90.0}},
            },
            "peers": {
                "alike": {"setting": "city"},
                "nearest": False,
                "size": 30,
                "place": 2,
                "percentile": 0.9,
                "percentile_low": 0.8,
                "percentile_high": 0.95,
                "mean": 35.0,
                "difference": 5.0,
                "differences": {"a": 4.0, "b": 1.0},
            },
            "changes": {
                "is_new": False,
                "previous": {"score": 38.0, "rank": 3, "band": "B"},
                "difference": 2.0,
                "parts": {"data": 2.0, "methodology": 0.0, "population": 0.0},
            },
            "limited": [],
            "withheld": None,
            **more,
        }
    )


def _told(*, lights: Lights | None = None, before: dict[str, Any] | None = None, **more: Any) -> EntryBody:
    return EntryBody(**_fields(lights=lights, before=before, **more))


def _fields(*, lights: Lights | None = None, before: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    run = SimpleNamespace(
        period="2025-2026",
        as_of=date(2026, 11, 1),
        rated=40,
        methodology_digest="sha256:" + "0" * 64,
        snapshot_digest="sha256:" + "1" * 64,
    )
    tree = explanations.places(DOCUMENT, {}, {})
    disputed = more.pop("disputed", {})
    return entries.body(run, "m", _result(**more), tree, disputed, lights=lights, before=before)  # type: ignore[arg-type]


def test_an_entry_that_is_put_together_is_the_validated_one_to_the_byte() -> None:
    edition = UUID(int=7)
    few = {"values": {"b": "≤5"}, "merged": ["a"], "merged_contribution": 40.0, "nodes": [], "rank": 2}
    carried = {**_cell(10.0, 2.5), "carried_from": "2023-2024", "factor": 1.25}
    for told in (
        _fields(),
        _fields(lights=Lights(green=60, amber=30)),
        _fields(score=None, rank=None, reason="no_data"),
        _fields(withheld=few, limited=["a"]),
        _fields(disputed={ID: ["a"]}),
        _fields(indicators={"a": _cell(None, None, "not_reported"), "b": carried}),
    ):
        validated = EntryExplained(**told, publication_id=edition)

        assert entries.document(told, edition).decode() == validated.model_dump_json()


def test_everything_that_was_computed_is_told() -> None:
    told = _told()

    assert told.sampling is not None
    assert (told.sampling.evidence, told.sampling.rank_low, told.sampling.rank_high) == ("strong", 1, 5)
    assert told.choices is not None
    assert (told.choices.p05, told.choices.p95) == (1, 4)
    assert told.peers is not None
    assert [one.difference for one in told.contributions] == [4.0, 1.0]
    assert sum(one.difference or 0 for one in told.contributions) == told.peers.difference
    assert told.next_band is not None
    assert [(one.indicator, one.half, one.likely) for one in told.next_band.alone] == [("a", 26.7, None)]
    assert told.since_last is not None
    assert told.since_last.parts is not None
    assert told.since_last.parts.data == 2
    assert len(told.reading) == 4


def test_every_text_is_in_three_languages() -> None:
    told = _told(indicators={"a": _cell(50.0, 40.0), "b": _cell(None, None, "not_reported")})

    for text in [*told.reading, told.questions, *(one.text for one in told.reasons)]:
        assert text is not None
        assert all((text.kk, text.ru, text.en))
    assert [(one.reason, one.count) for one in told.reasons] == [("not_reported", 1)]


def test_what_the_methodology_does_not_declare_is_null() -> None:
    told = _told(standing=None, spread=None, reach=None, peers=None, changes=None)

    assert (told.sampling, told.choices, told.next_band, told.peers, told.since_last) == (None,) * 5


def test_a_value_of_too_few_people_is_not_told_in_any_way() -> None:
    withheld = {
        "values": {"b": "≤5"},
        "merged": ["a"],
        "merged_contribution": 40.0,
        "nodes": [],
        "unpublished": False,
        "rank": 2,
    }

    told = _told(withheld=withheld)

    few = told.contributions[1]
    assert (few.value, few.n, few.normalised, few.contribution, few.difference) == (None,) * 5
    assert (few.coded, few.reason) == ("≤5", "suppressed")
    assert told.contributions[0].contribution is None
    assert told.merged_contribution == 40
    assert (told.sampling, told.choices, told.next_band, told.peers, told.since_last) == (None,) * 5


def test_an_unpublished_score_is_told_nowhere() -> None:
    withheld = {"values": {"a": None, "b": None}, "merged": [], "nodes": ["i"], "unpublished": True, "rank": None}

    told = _told(withheld=withheld)

    assert (told.status, told.reason, told.score, told.rank, told.band) == ("not_rated", "suppressed", None, None, None)
    assert told.nodes == {"i": None}
    assert "40.0" not in told.model_dump_json()


def test_what_the_edition_before_did_not_tell_this_one_does_not_either() -> None:
    before = {"values": {}, "merged": [], "nodes": [], "unpublished": False, "rank": 2}

    moved = _told(before=before).since_last
    parted = _told(before={**before, "values": {"a": None}}).since_last

    assert moved is not None
    assert moved.previous is not None
    assert (moved.previous.score, moved.previous.rank, moved.parts is None) == (38, 2, False)
    assert parted is not None
    assert parted.parts is None
    assert _told(before={**before, "unpublished": True}).since_last is None


def test_the_light_of_a_hidden_node_is_not_told() -> None:
    lights = Lights(green=66.0, amber=33.0)
    withheld = {"values": {"a": None, "b": None}, "merged": [], "nodes": ["i"], "unpublished": True, "rank": None}

    assert _told(lights=lights).lights == {"i": "amber"}
    assert _told(lights=lights, withheld=withheld).lights == {"i": None}


@pytest.mark.parametrize("place", [1, None])
def test_the_public_place_is_that_among_published_scores(place: int | None) -> None:
    told = _told(withheld={"values": {}, "merged": [], "nodes": [], "unpublished": False, "rank": place})

    assert told.rank == place
    assert told.sampling is not None


def test_neither_a_limit_nor_an_appeal_tells_what_is_withheld() -> None:
    withheld = {"values": {"b": None}, "merged": ["a"], "nodes": [], "unpublished": False, "rank": 2}

    assert _told(limited=["a", "b"]).limited == ["a", "b"]
    assert _told(limited=["a", "b"], withheld=withheld).limited == ["a"]
    assert _told(limited=["a"], withheld={**withheld, "unpublished": True}).limited == []
    told = _told(withheld=withheld, disputed={ID: ["a", "b"]})
    assert [one.reason for one in told.contributions] == ["under_appeal", "suppressed"]


def test_what_a_cell_says_beyond_the_fields_of_a_contribution_is_not_told() -> None:
    cell = {**_cell(10.0, 2.5), "last_accepted": 3.25}

    told = _fields(indicators={"a": _cell(50.0, 37.5), "b": cell})

    assert set(told["contributions"][1]) == set(ContributionRead.model_fields)
    assert b"3.25" not in entries.document(told, UUID(int=7))
