"""Lists of reasons and their versions."""

import httpx

from tests.support.training import World


async def test_anybody_can_read_the_reasons_of_a_list(world: World, stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/v1/reasons", params={"list": "participation"})

    assert answer.status_code == 200
    found = {reason["code"]: reason["text"] for reason in answer.json()["items"]}
    assert found["illness"] == {"kk": "Науқастануы", "ru": "Болезнь", "en": "Illness"}


async def test_a_new_version_ends_the_last_and_each_is_read_on_its_day(world: World) -> None:
    renamed = {"kk": "Ауырып қалуы", "ru": "Заболевание", "en": "Falling ill"}
    body = {"list": "participation", "code": "illness", "text": renamed, "valid_from": "2031-01-01"}

    made = await world.http.post("/v1/reasons", json=body)
    again = await world.post("/v1/reasons", body, status=409)

    assert (made.status_code, made.json()["number"]) == (201, 2)
    assert again["code"] == "reason_not_later"
    for day, number in (("2030-12-31", 1), ("2031-01-01", 2)):
        listed = (await world.get("/v1/reasons", list="participation", on=day))["items"]
        assert [one["number"] for one in listed if one["code"] == "illness"] == [number]
    both = (await world.get("/v1/reasons", list="participation", all_versions=True))["items"]
    assert [one["valid_until"] for one in both if one["code"] == "illness"] == ["2031-01-01", None]


async def test_a_reason_that_has_ended_is_no_longer_given_but_may_come_back(world: World) -> None:
    text = {"kk": "Су тасқыны", "ru": "Паводок", "en": "A flood"}
    body = {"list": "cohort", "code": "flood", "text": text, "valid_from": "2026-01-01"}
    await world.post("/v1/reasons", body)

    ended = await world.post("/v1/reasons/cohort/flood/end", {"valid_until": "2026-06-01"})
    twice = await world.post("/v1/reasons/cohort/flood/end", {"valid_until": "2026-07-01"}, status=409)
    nothing = await world.post("/v1/reasons/cohort/drought/end", {"valid_until": "2026-07-01"}, status=404)
    back = await world.post("/v1/reasons", {**body, "valid_from": "2027-01-01"})

    assert (ended["valid_until"], twice["code"], nothing["code"]) == ("2026-06-01", "reason_ended", "reason_not_found")
    assert back["number"] == 2
    between = await world.get("/v1/reasons", list="cohort", on="2026-08-01")
    assert "flood" not in [one["code"] for one in between["items"]]


async def test_reasons_are_for_the_whole_country_so_only_its_admin_writes_them(world: World) -> None:
    body = {
        "list": "cohort",
        "code": "drought",
        "text": {"kk": "Құрғақшылық", "ru": "Засуха", "en": "A drought"},
        "valid_from": "2026-01-01",
    }

    coordinator = world.as_("training_coordinator", area="790000000")
    local = await world.http.post("/v1/reasons", json=body, headers=coordinator)
    stranger = await world.http.post("/v1/reasons", json=body, headers=world.as_("director"))

    assert (local.status_code, stranger.status_code) == (403, 403)
