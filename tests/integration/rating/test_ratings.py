"""The life of a rating: a methodology is agreed, run, published, superseded; each step refuses what is not due."""

import csv
import io
import json
import math
from typing import Any

import httpx
import pytest

from tests.integration.rating.conftest import PERIOD, Town, agree, document, run


async def draft(town: Town, code: str, **changes: Any) -> dict[str, Any]:
    answer = await town.house.rating.post("/v1/methodologies", json=document(code, **changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def publish(town: Town, done: dict[str, Any], **more: Any) -> httpx.Response:
    return await town.house.rating.post("/v1/publications", json={"run_id": done["id"], **more})


async def edition(town: Town, code: str, **changes: Any) -> dict[str, Any]:
    """A published edition of a new agreed version of `code`."""
    methodology = await draft(town, code, **changes)
    await agree(town, methodology)
    answer = await publish(town, await run(town, methodology))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def entries(town: Town, publication: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    answer = await town.house.rating.get(f"/v1/publications/{publication['id']}/entries", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_rating_explains_every_score_to_its_sources(town: Town) -> None:
    publication = await edition(town, "explained")

    listed = await entries(town, publication)
    for entry in listed:
        told = await town.house.rating.get(f"/v1/publications/{publication['id']}/entries/{entry['organisation_id']}")
        explained = told.json()
        total = math.fsum(one["contribution"] or 0 for one in explained["contributions"])
        assert (explained["score"] is None) == (entry["organisation_id"] == town.schools[4])
        assert explained["score"] is None or abs(total - explained["score"]) < 1e-9
        assert [one["indicator"] for one in explained["contributions"]] == [
            "SCH_UNT_MEAN",
            "SCH_TEXTBOOK_PROVISION",
            "TCH_PD_3Y_SHARE",
        ]
        assert [one["source"] for one in explained["contributions"]] == ["registry", "registry", "training"]
        assert sum(one["weight"] for one in explained["contributions"]) == pytest.approx(1)
        again = await town.house.rating.get(told.url.path, headers={"If-None-Match": told.headers["etag"]})
        assert again.status_code == 304

    by_school = {entry["organisation_id"]: entry for entry in listed}
    first = by_school[town.schools[0]]
    # outcomes 100·31/70 with weight 60; conditions: only textbooks, 96, with weight 40
    assert first["score"] == pytest.approx(0.6 * 100 * 31 / 70 + 0.4 * 96)
    assert [by_school[school]["rank"] for school in (town.schools[1], town.schools[5])] == [3, 3]
    assert len(listed) == 6, "the college is not among the schools"


async def test_reasons_for_gaps_survive_to_the_explanation(town: Town) -> None:
    publication = await edition(town, "gaps")

    answer = await town.house.rating.get(f"/v1/publications/{publication['id']}/entries/{town.schools[4]}")

    reasons = {one["indicator"]: one["reason"] for one in answer.json()["contributions"]}
    assert reasons == {
        "SCH_UNT_MEAN": "not_sampled",
        "SCH_TEXTBOOK_PROVISION": None,
        "TCH_PD_3Y_SHARE": "not_reported",
    }
    assert answer.json()["missing"] == {"not_reported": 1, "not_sampled": 1}


async def test_who_has_too_little_is_not_rated_and_stands_last(town: Town) -> None:
    publication = await edition(town, "covered", missing={"policy": "renormalise", "min_coverage": 0.8})

    listed = await entries(town, publication)

    missing = {entry["organisation_id"]: entry["reason"] for entry in listed if entry["status"] == "not_rated"}
    assert missing == {town.schools[2]: "below_coverage", town.schools[4]: "below_coverage"}
    assert listed[-1]["rank"] is None


async def test_the_same_data_and_document_give_the_same_digests(town: Town) -> None:
    methodology = await draft(town, "repeated")

    first, second = await run(town, methodology), await run(town, methodology)

    assert first["snapshot_digest"] == second["snapshot_digest"]
    assert first["result_digest"] == second["result_digest"]
    snapshot = await town.house.rating.get(f"/v1/snapshots/{first['snapshot_digest']}")
    assert snapshot.json()["columns"]["SCH_UNT_MEAN"]["value"].count(None) == 1


async def test_only_an_agreed_methodology_is_published_and_a_run_only_once(town: Town) -> None:
    methodology = await draft(town, "agreed")
    done = await run(town, methodology)

    early = await publish(town, done)
    await agree(town, methodology)
    in_time = await publish(town, done)
    twice = await publish(town, done)

    assert [early.json()["code"], in_time.status_code, twice.json()["code"]] == [
        "methodology_not_agreed",
        201,
        "run_published",
    ]


async def test_a_draft_changes_and_an_agreed_version_does_not(town: Town) -> None:
    methodology = await draft(town, "changing")
    address = f"/v1/methodologies/{methodology['id']}"
    tag = (await town.house.rating.get(address)).headers["etag"]
    other = document("changing", missing={"policy": "require"})

    changed = await town.house.rating.put(address, json=other, headers={"If-Match": tag})
    agreed = await agree(town, methodology)
    late = await town.house.rating.put(address, json=other, headers={"If-Match": agreed.headers["etag"]})
    again = await agree(town, methodology)

    assert changed.json()["digest"] != methodology["digest"]
    assert [late.json()["code"], again.json()["code"]] == ["methodology_immutable", "methodology_move_not_allowed"]


async def test_a_run_of_a_document_changed_since_is_not_published(town: Town) -> None:
    methodology = await draft(town, "stale")
    done = await run(town, methodology)
    address = f"/v1/methodologies/{methodology['id']}"
    tag = (await town.house.rating.get(address)).headers["etag"]
    await town.house.rating.put(
        address, json=document("stale", missing={"policy": "require"}), headers={"If-Match": tag}
    )
    await agree(town, methodology)

    answer = await publish(town, done)

    assert (answer.status_code, answer.json()["code"]) == (409, "methodology_changed")


async def test_two_versions_are_compared_place_by_place(town: Town) -> None:
    first = await draft(town, "compared")
    second = await draft(town, "compared", bands={"kind": "quantiles", "labels": ["A", "B"]})

    answer = await town.house.rating.get(f"/v1/methodologies/{first['id']}/diff/{second['id']}")

    assert [first["edition"], second["edition"]] == [1, 2]
    assert answer.json()["changes"] == [{"pointer": "/bands/labels/2", "before": "C", "after": None}]
    assert answer.json()["tree"] == []


async def test_a_new_edition_supersedes_and_the_old_one_stays_readable(town: Town) -> None:
    old = await edition(town, "succession")
    new = await edition(town, "succession", missing={"policy": "renormalise", "min_coverage": 0.6})

    latest = await town.house.rating.get("/v1/publications/latest", params={"code": "succession"})
    before = (await town.house.rating.get(f"/v1/publications/{old['id']}")).json()
    trajectory = await town.house.rating.get(f"/v1/organisations/{town.schools[0]}/trajectory")

    assert latest.json()["id"] == new["id"]
    assert (before["status"], before["superseded_by"]) == ("superseded", new["id"])
    assert len(await entries(town, old)) == 6
    editions = [point["edition"] for point in trajectory.json()["items"] if point["code"] == "succession"]
    assert editions == [1, 2]


async def test_entries_are_found_filtered_sorted_and_exported(town: Town) -> None:
    publication = await edition(town, "listed")
    address = f"/v1/publications/{publication['id']}/entries"

    found = await entries(town, publication, q="мектеп 3")
    by_name = await entries(town, publication, sort="name")
    inside = await entries(town, publication, area="390000000")
    outside = await entries(town, publication, area="750000000")
    table = await town.house.rating.get(address, headers={"Accept": "text/csv"})
    book = await town.house.rating.get(
        address, headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    )
    lines = await town.house.rating.get(address, headers={"Accept": "application/x-ndjson"})
    picture = await town.house.rating.get(address, headers={"Accept": "image/png"})

    assert [entry["organisation_id"] for entry in found] == [town.schools[2]]
    assert [entry["organisation_id"] for entry in by_name] == town.schools
    assert (len(inside), len(outside)) == (6, 0)
    read = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["name_kk"] for row in read] == [entry["name"]["kk"] for entry in await entries(town, publication)]
    assert book.content.startswith(b"PK")
    assert len([json.loads(line)["contributions"] for line in lines.text.splitlines()]) == 6
    assert (picture.status_code, picture.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"title": {"ru": "Рейтинг"}}, "title_incomplete", "/title"),
        ({"organisation_types": []}, "organisation_type_not_one", "/organisation_types"),
        ({"organisation_types": ["school", "college"]}, "organisation_type_not_one", "/organisation_types"),
        (
            {"tree": {"code": "i", "children": [{"indicator": "NOT_KNOWN"}]}},
            "indicator_unknown",
            "/tree/children/0/indicator",
        ),
        (
            {"tree": {"code": "i", "children": [{"indicator": "SCH_BULLYING_RATE"}]}},
            "indicator_neutral",
            "/tree/children/0/indicator",
        ),
        (
            {"tree": {"code": "i", "children": [{"indicator": "SCH_UNT_MEAN", "weight": -1}]}},
            "validation_failed",
            "/tree/children/0/weight",
        ),
        ({"tree": {"code": "i", "children": []}}, "validation_failed", "/tree/children"),
        (
            {
                "tree": {
                    "code": "i",
                    "aggregation": {"kind": "weighted_geometric"},
                    "children": [{"indicator": "SCH_UNT_MEAN", "normalisation": {"kind": "z_score"}}],
                }
            },
            "methodology_refused",
            "/tree/aggregation",
        ),
    ],
)
async def test_a_methodology_that_could_not_be_computed_is_refused_when_it_is_written_down(
    town: Town, change: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await town.house.rating.post("/v1/methodologies", json=document("refused", **change))

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_geometric_mean_over_a_scale_from_zero_is_allowed(town: Town) -> None:
    answer = await town.house.rating.post("/v1/methodologies", json=document("from-zero"))

    assert answer.status_code == 201


async def test_a_run_that_finds_nobody_fails_with_its_reason(town: Town) -> None:
    methodology = await draft(town, "nobody")
    body = {"methodology_id": methodology["id"], "period": PERIOD, "area": "750000000"}

    accepted = await town.house.rating.post("/v1/runs", json=body)
    job = await town.house.finished(accepted, of="rating", status="failed")

    assert job["problem"]["code"] == "snapshot_empty"
    assert (await town.house.rating.get(f"/v1/runs/{accepted.json()['id']}")).json()["status"] == "failed"


async def test_an_edition_of_a_part_does_not_take_the_place_of_the_whole(town: Town) -> None:
    methodology = await draft(town, "whole-and-part")
    assert (await agree(town, methodology)).status_code == 200
    assert (await publish(town, await run(town, methodology))).status_code == 201
    body = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01", "area": "391000000"}
    accepted = await town.house.rating.post("/v1/runs", json=body)
    await town.house.finished(accepted, of="rating")

    refused = await publish(town, accepted.json())

    assert (refused.status_code, refused.json()["code"]) == (409, "edition_of_another_area")


async def test_a_percentage_of_few_people_near_the_end_is_told_as_a_bound_where_the_method_says_so(town: Town) -> None:
    told = {"period": PERIOD, "indicator": "SCH_UNT_PASS_RATE", "source_system": "test"}
    people = {town.schools[0]: (97.5, 40), town.schools[1]: (97.5, 60), town.schools[2]: (50.0, 40)}
    observed = [{**told, "organisation_id": school, "value": value, "n": n} for school, (value, n) in people.items()]
    taken = await town.house.registry.post("/v1/observations", json={"observations": observed})
    assert taken.status_code == 201, taken.text
    codes = ("SCH_UNT_PASS_RATE", "SCH_UNT_MEAN", "SCH_TEXTBOOK_PROVISION")
    tree = {"code": "index", "children": [{"indicator": code} for code in codes]}

    async def shown(**changes: Any) -> list[tuple[Any, Any]]:
        publication = await edition(town, "bounds", tree=tree, **changes)
        cells = []
        for school in people:
            answer = await town.house.rating.get(f"/v1/publications/{publication['id']}/entries/{school}")
            first, _, books = answer.json()["contributions"]
            cells.append((first["value"], first["coded"]))
            assert books["coded"] is None, "books are not people"
        return cells

    assert await shown() == [(97.5, None), (97.5, None), (50.0, None)]
    assert await shown(precision={"code_shares": True}) == [(None, "at_least_95_percent"), (97.5, None), (50.0, None)]
