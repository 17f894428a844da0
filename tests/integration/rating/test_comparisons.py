"""Two schools beside one another, and who moved between two runs."""

import math
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.integration.rating.conftest import Town, run
from tests.integration.rating.lives import agreed, calling, public, sent
from tests.integration.rating.test_ratings import draft, edition

ARITHMETIC: dict[str, Any] = {
    "code": "index",
    "children": [
        {
            "indicator": "SCH_UNT_MEAN",
            "weight": 60,
            "normalisation": {"kind": "goalposts", "low": 40, "high": 110, "scale": [0, 100], "cap": True},
        },
        {
            "indicator": "SCH_TEXTBOOK_PROVISION",
            "weight": 40,
            "normalisation": {"kind": "goalposts", "low": 50, "high": 100, "scale": [0, 100], "cap": True},
        },
    ],
}


async def compared(town: Town, a: str, b: str, **more: Any) -> httpx.Response:
    return await town.house.rating.get("/v1/compare", params={"a": a, "b": b, **more})


@pytest.fixture(scope="module")
async def published(town: Town) -> dict[str, Any]:
    return await edition(town, "paired")


async def test_differences_by_indicator_sum_to_that_of_the_scores(town: Town, published: dict[str, Any]) -> None:
    first, second = town.schools[0], town.schools[3]

    told = (await compared(town, first, second, publication_id=published["id"])).json()

    assert told["difference"] == pytest.approx(told["a"]["score"] - told["b"]["score"])
    assert math.fsum(one["difference"] for one in told["indicators"]) == pytest.approx(told["difference"], abs=1e-9)
    assert told["not_told"] == 0
    assert set(told["a"]["nodes"]) == {"index", "outcomes", "conditions"}


async def test_the_other_way_round_it_is_the_other_way_round(town: Town, published: dict[str, Any]) -> None:
    one = (await compared(town, town.schools[0], town.schools[3], code="paired")).json()
    other = (await compared(town, town.schools[3], town.schools[0], code="paired")).json()

    assert one["publication_id"] == other["publication_id"] == published["id"]
    assert one["difference"] == -other["difference"]
    assert one["weights_share"] == pytest.approx(1 - other["weights_share"])


async def test_without_a_code_the_latest_edition_that_speaks_of_both_is_meant(
    town: Town, published: dict[str, Any]
) -> None:
    told = (await compared(town, town.schools[0], town.schools[1])).json()

    assert told["publication_id"]


async def test_the_weight_that_would_turn_the_order_makes_both_level(town: Town) -> None:
    await edition(town, "turning", tree=ARITHMETIC)
    # the third has no value for books, so it is compared by the test alone
    told = (await compared(town, town.schools[0], town.schools[2], code="turning")).json()
    better = (await compared(town, town.schools[0], town.schools[1], code="turning")).json()

    assert (better["weights_share"], better["turns"]) == (1, [])
    turn = {one["code"]: one for one in told["turns"]}["SCH_UNT_MEAN"]
    assert turn["declared"] == 60
    unt, books, other = 100 * 31 / 70, 96, 100 * 40.25 / 70
    level = (turn["needed"] * unt + 40 * books) / (turn["needed"] + 40)
    assert level == pytest.approx(other)
    assert 0 < told["weights_error"] < 0.01 or told["weights_share"] in (0, 1)


async def test_strangers_may_compare(town: Town, published: dict[str, Any]) -> None:
    async with httpx.AsyncClient(base_url=town.house.rating.base_url) as stranger:
        answer = await stranger.get(
            "/v1/compare", params={"a": town.schools[0], "b": town.schools[1], "publication_id": published["id"]}
        )

    assert answer.status_code == 200


async def test_what_stands_in_no_common_edition_is_not_compared(town: Town, published: dict[str, Any]) -> None:
    same = await compared(town, town.schools[0], town.schools[0], publication_id=published["id"])
    nobody = await compared(town, town.schools[0], str(uuid4()), publication_id=published["id"])
    no_edition = await compared(town, town.schools[0], town.schools[1], publication_id=str(uuid4()))

    assert (same.status_code, same.json()["code"]) == (422, "same_organisation")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "entry_not_found")
    assert (no_edition.status_code, no_edition.json()["code"]) == (404, "publication_not_found")


async def test_movers_are_told_with_what_moved_them(town: Town) -> None:
    await edition(town, "moving")
    unt, books = ARITHMETIC["children"]
    other = await draft(town, "moving", tree={**ARITHMETIC, "children": [unt, {**books, "weight": 400}]})
    done = await run(town, other)

    first = await town.house.rating.get(f"/v1/runs/{done['id']}/movers", params={"limit": 2, "count": "exact"})
    rest = await town.house.rating.get(
        f"/v1/runs/{done['id']}/movers", params={"limit": 2, "cursor": first.json()["next_cursor"]}
    )

    assert first.status_code == 200, first.text
    assert first.json()["total"] == 6
    rows = first.json()["items"] + rest.json()["items"]
    moves = [abs(row["places"]) for row in rows if row["places"] is not None]
    assert moves == sorted(moves, reverse=True)
    assert moves[0] > 0
    assert len({row["organisation_id"] for row in rows}) == 4
    for row in rows:
        if row["parts"] is not None:
            assert math.fsum(row["parts"].values()) == pytest.approx(row["score"] - row["score_before"], abs=1e-9)
            assert row["parts"]["data"] == pytest.approx(0, abs=1e-9)
            assert row["parts"]["methodology"] != 0


async def test_any_two_runs_of_one_type_are_compared(town: Town) -> None:
    first = await run(town, await draft(town, "any-first"))
    second = await run(town, await draft(town, "any-second", tree=ARITHMETIC))

    answer = await town.house.rating.get(f"/v1/runs/{second['id']}/movers", params={"against": first["id"]})
    nothing = await town.house.rating.get(f"/v1/runs/{second['id']}/movers")
    unknown = await town.house.rating.get(f"/v1/runs/{second['id']}/movers", params={"against": str(uuid4())})

    assert answer.status_code == 200, answer.text
    assert all(not row["is_new"] for row in answer.json()["items"])
    assert any(row["parts"] for row in answer.json()["items"])
    assert (nothing.status_code, nothing.json()["code"]) == (404, "nothing_to_compare_with")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "nothing_to_compare_with")


async def test_an_entry_tells_what_changed_since_the_edition_before(town: Town) -> None:
    before = await edition(town, "since")
    after = await edition(town, "since", tree=ARITHMETIC)
    address = f"entries/{town.schools[0]}"

    first = (await town.house.rating.get(f"/v1/publications/{before['id']}/{address}")).json()
    second = (await town.house.rating.get(f"/v1/publications/{after['id']}/{address}")).json()

    assert first["since_last"] is None
    told = second["since_last"]
    assert told["previous"]["score"] == first["score"]
    assert told["difference"] == pytest.approx(second["score"] - first["score"])
    assert math.fsum(told["parts"].values()) == pytest.approx(told["difference"], abs=1e-9)
    assert second["peers"]["size"] == 5
    assert math.fsum(one["difference"] or 0 for one in second["contributions"]) == pytest.approx(
        second["peers"]["difference"], abs=1e-9
    )


async def test_an_entry_tells_the_way_to_the_next_band(town: Town, published: dict[str, Any]) -> None:
    listed = (await town.house.rating.get(f"/v1/publications/{published['id']}/entries")).json()["items"]

    for entry in listed:
        told = await town.house.rating.get(f"/v1/publications/{published['id']}/entries/{entry['organisation_id']}")
        ways = told.json()["next_band"]
        assert (ways is None) == (entry["band"] in (None, "A"))
        if ways is not None:
            assert ways["border"] > entry["score"]
            assert all(one["half"] is None or one["half"] > 0 for one in ways["alone"])


async def test_the_trajectory_goes_on_over_editions(town: Town) -> None:
    for changes in ({}, {"tree": ARITHMETIC}):
        await edition(town, "trajectory", **changes)

    told = (await town.house.rating.get(f"/v1/organisations/{town.schools[0]}/trajectory")).json()

    points = [point for point in told["items"] if point["code"] == "trajectory"]
    assert [point["edition"] for point in points] == [1, 2]
    assert [point["status"] for point in points] == ["superseded", "current"]


async def test_movers_need_the_right_to_read_ratings(town: Town, token_for: Callable[..., str]) -> None:
    done = await run(town, await draft(town, "guarded"))
    answer = await town.house.rating.get(
        f"/v1/runs/{done['id']}/movers",
        headers={"Authorization": f"Bearer {token_for('admin', scopes=['training:enrol'])}"},
    )

    assert answer.status_code == 403


async def test_a_school_does_not_read_a_run_that_is_not_shown_beside_one_that_is(town: Town) -> None:
    shown = await edition(town, "shown-first")
    unseen = await run(town, await draft(town, "shown-first", tree=ARITHMETIC))
    path = f"/v1/runs/{shown['run_id']}/movers"

    async with calling(town, "director", organisation=town.schools[0]) as director:
        refused = await director.get(path, params={"against": unseen["id"]})
    told = await town.house.rating.get(path, params={"against": unseen["id"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "not_in_preview")
    assert told.status_code == 200


async def test_what_is_not_published_is_read_in_no_list_of_a_published_run(town: Town) -> None:
    done = await run(town, await agreed(town, "list-few", precision={"suppress_below": 50}))
    shown = await sent(town, "/v1/publications", {"run_id": done["id"]}, status=201)
    open_ = await edition(town, "list-open", tree=ARITHMETIC)

    entries = (await public(town, f"/v1/publications/{shown['id']}/entries")).json()["items"]
    full = (await town.house.rating.get(f"/v1/runs/{done['id']}/results")).json()["items"]
    async with calling(town, "director", organisation=town.schools[0]) as director:
        listed = (await director.get(f"/v1/runs/{done['id']}/results", params={"count": "exact"})).json()
        moved = (await director.get(f"/v1/runs/{open_['run_id']}/movers", params={"against": done["id"]})).json()[
            "items"
        ]

    told = {one["organisation_id"]: one["score"] for one in entries if one["score"] is not None}
    hidden = {one["organisation_id"] for one in full if one["score"] is not None} - set(told)
    assert hidden, "there is something to hide"
    assert {one["organisation_id"]: one["score"] for one in listed["items"] if one["score"] is not None} == told
    assert listed["total"] == len(listed["items"]) == len(full) - len(hidden)
    before = {one["organisation_id"]: one for one in moved}
    for one in hidden:
        assert (before[one]["score_before"], before[one]["rank_before"], before[one]["band_before"]) == (None,) * 3
        assert before[one]["parts"] is None
