"""Educators: what is kept of a person, who sees it, and what never comes out."""

import logging
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.training_api.educators import rules
from tests.support.training import ALMATY, SHYMKENT, World

_IIN = "850101300124"
"""Made up; only its check digit is right."""


def test_the_made_up_iin_has_a_right_check_digit() -> None:
    assert rules.iin_is_valid(_IIN)
    assert not rules.iin_is_valid(_IIN[:-1] + str((int(_IIN[-1]) + 1) % 10))


async def _everything_stored(world: World) -> str:
    """All rows of all tables, as text."""
    found: list[str] = []
    async with world.database.reading() as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for table in tables.all():
            rows = await session.scalars(text(f"SELECT row_to_json(t)::text FROM {table} AS t"))
            found += rows.all()
    return "\n".join(found)


async def test_an_iin_goes_in_and_never_comes_out(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    school = await world.organisation()

    one = await world.http.post("/v1/educators", json=world.person(school, iin=_IIN))
    twice = await world.http.post("/v1/educators", json=world.person(school, iin=_IIN))
    wrong = await world.http.post("/v1/educators", json=world.person(school, iin="850101300129"))
    short = await world.http.post("/v1/educators", json=world.person(school, iin="85010130012"))
    batch = await world.http.post("/v1/educator-batches", json={"educators": [world.person(school, iin=_IIN)]})
    asked = await world.http.get("/v1/educators", params={"q": _IIN})

    assert one.status_code == 201
    assert (twice.status_code, twice.json()["code"]) == (409, "educator_exists")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "iin_invalid")
    assert short.status_code == 422
    assert (batch.status_code, batch.json()["errors"][0]["code"]) == (422, "educator_exists")
    assert batch.json()["errors"][0]["pointer"] == "/educators/0/iin"
    answers = [one, twice, wrong, short, batch, asked]
    stored = await _everything_stored(world)
    told = "".join(answer.text for answer in answers) + stored + caplog.text + "".join(capfd.readouterr())
    for number in (_IIN, "850101300129", "85010130012"):
        assert number not in told
    assert '"iin_hash": [null, "***"]' in stored or '"iin_hash":[null,' in stored.replace(" ", "")


async def test_names_are_not_in_the_audit_trail_nor_in_the_feed(world: World) -> None:
    educator = await world.educator(
        name={"kk": {"family": "Ерекшетегі", "given": "Сирекаты", "patronymic": "Әкесіұлы"}}
    )
    cohort = await world.cohort()
    await world.enrol(cohort, educator)

    trail = await world.http.get("/v1/audit", params={"limit": 200})
    feed = await world.http.get("/v1/changes", params={"limit": 1000})

    assert trail.status_code == feed.status_code == 200
    assert "family_kk" in trail.text
    for word in ("Ерекшетегі", "Сирекаты", "Әкесіұлы"):
        assert word not in trail.text
        assert word not in feed.text


async def test_the_list_is_in_kazakh_order_and_found_by_russian_letters(world: World) -> None:
    school = await world.organisation()
    for family in ("Яковлев", "Қасымұлы", "Әлиұлы", "Касымов", "Ыбырайұлы", "Ілиясұлы"):
        await world.educator(school, name={"kk": {"family": family, "given": "Мысал"}})

    listed = [one["name"]["kk"]["family"] for one in (await world.get("/v1/educators"))["items"]]
    found = [one["name"]["kk"]["family"] for one in (await world.get("/v1/educators", q="касым"))["items"]]

    assert listed == ["Әлиұлы", "Касымов", "Қасымұлы", "Ыбырайұлы", "Ілиясұлы", "Яковлев"]
    assert found == ["Касымов", "Қасымұлы"]


async def test_the_pages_of_the_list_hold_everybody_once(world: World) -> None:
    made = await world.educators(7)
    found: list[str] = []
    asked: dict[str, Any] = {"limit": 3, "count": "exact"}

    while True:
        page = await world.get("/v1/educators", **asked)
        found += [one["id"] for one in page["items"]]
        assert page["total"] == 7
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]

    assert sorted(found) == sorted(made)


async def test_names_are_seen_within_reach_only(world: World, stranger: httpx.AsyncClient) -> None:
    here, there = await world.organisation(area=SHYMKENT), await world.organisation(area=ALMATY)
    ours, theirs = await world.educator(here), await world.educator(there)
    callers = {
        "officer": (world.as_("region_officer", area=SHYMKENT), 200, {ours}),
        "director": (world.as_("director", organisation=there), 200, {theirs}),
        "director of nothing": (world.as_("director"), 403, None),
        "analyst": (world.as_("rating_analyst"), 403, None),
        "publisher": (world.as_("rating_publisher"), 403, None),
        "auditor": (world.as_("auditor"), 200, {ours, theirs}),
    }

    for caller, (headers, status, seen) in callers.items():
        answer = await world.http.get("/v1/educators", headers=headers)
        assert answer.status_code == status, caller
        if seen is not None:
            assert {one["id"] for one in answer.json()["items"]} == seen, caller
    hidden = await world.http.get(f"/v1/educators/{theirs}", headers=callers["officer"][0])
    assert (await stranger.get("/v1/educators")).status_code == 401
    assert (hidden.status_code, hidden.json()["code"]) == (404, "educator_not_found")


async def test_a_move_ends_one_employment_and_begins_another(world: World) -> None:
    old, new = await world.organisation(), await world.organisation()
    educator = await world.educator(old, hired_on="2015-09-01")
    path = f"/v1/educators/{educator}"
    headers = {"If-Match": '"1"', "Content-Type": "application/merge-patch+json"}

    half = await world.http.patch(path, json={"organisation_id": new}, headers=headers)
    early = await world.http.patch(path, json={"organisation_id": new, "hired_on": "2014-09-01"}, headers=headers)
    moved = await world.http.patch(
        path, json={"organisation_id": new, "hired_on": "2025-09-01", "category": "expert"}, headers=headers
    )
    stale = await world.http.patch(path, json={"category": None}, headers=headers)
    nothing = await world.http.patch(path, json={"role": None}, headers={**headers, "If-Match": '"2"'})

    assert (half.status_code, half.json()["code"]) == (422, "move_incomplete")
    assert (early.status_code, early.json()["code"]) == (422, "period_reversed")
    assert moved.status_code == 200, moved.text
    assert (moved.json()["organisation_id"], moved.json()["hired_on"]) == (new, "2025-09-01")
    assert (moved.json()["category"], moved.json()["role"]) == ("expert", "teacher")
    assert moved.headers["etag"] == '"2"'
    assert stale.status_code == 412
    assert (nothing.status_code, nothing.json()["errors"][0]["pointer"]) == (422, "/role")
    before = await world.get("/v1/educators", organisation_id=old)
    assert before["items"] == []


async def test_a_batch_with_one_wrong_row_keeps_nothing_and_names_every_fault(world: World) -> None:
    school = await world.organisation()
    rows = [world.person(school) for _ in range(5)]
    rows[1]["organisation_id"] = "0198c0de-0000-7000-8000-00000000dead"
    rows[3]["left_on"] = "2010-01-01"

    refused = await world.post("/v1/educator-batches", {"educators": rows}, status=422)

    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
        ("/educators/1/organisation_id", "organisation_unknown"),
        ("/educators/3/left_on", "period_reversed"),
    ]
    assert (await world.get("/v1/educators", count="exact"))["total"] == 0


async def test_2000_people_come_in_by_one_batch(world: World) -> None:
    ids = await world.educators(2000)

    assert len(set(ids)) == 2000
    assert (await world.get("/v1/educators", limit=1, count="exact"))["total"] == 2000
