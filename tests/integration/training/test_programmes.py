"""Programmes, cohorts, venues and sessions."""

from datetime import date

from tests.support.training import World


def _draft(world: World, **more: object) -> dict[str, object]:
    return {
        "provider_id": world.provider_id,
        "code": "KELESHEK",
        "name": {"kk": "Келешек", "ru": "Келешек"},
        "kind": "course",
        "modules": [
            {"subject": subject, "name": {"ru": subject}, "academic_hours": 4}
            for subject in ("physics", "chemistry", "biology", "informatics", "ai", "laboratory", "adal_azamat")
        ],
        **more,
    }


async def test_the_hours_of_a_programme_are_the_sum_of_its_modules(world: World) -> None:
    wrong = await world.post("/v1/programmes", _draft(world, academic_hours=32), status=422)
    programme = await world.post("/v1/programmes", _draft(world, academic_hours=28))

    assert (wrong["code"], wrong["errors"][0]["pointer"]) == ("hours_do_not_add_up", "/academic_hours")
    assert (programme["academic_hours"], len(programme["modules"]), programme["number"]) == (28, 7, 1)
    assert programme["approval"] == "draft"


async def test_a_programme_has_versions_and_each_is_decided_once(world: World) -> None:
    first = await world.post("/v1/programmes", _draft(world))
    decision = {"approved": True, "decided_by": "Комитет", "decided_on": "2025-12-01", "basis": "№ 95"}
    approved = await world.post(f"/v1/programmes/{first['id']}/approval", decision)

    again = await world.post(f"/v1/programmes/{first['id']}/approval", decision, status=409)
    second = await world.post(
        f"/v1/programmes/{first['id']}/versions",
        {"modules": [{"subject": "physics", "name": {"ru": "Физика"}, "academic_hours": 40}]},
    )
    taken = await world.post("/v1/programmes", _draft(world), status=409)

    assert (approved["approval"], approved["approved_by"], approved["approved_on"]) == (
        "approved",
        "Комитет",
        "2025-12-01",
    )
    assert again["code"] == "already_decided"
    assert (second["number"], second["academic_hours"], second["approval"]) == (2, 40, "draft")
    assert taken["code"] == "programme_exists"
    listed = await world.get("/v1/programmes", code="KELESHEK")
    assert [one["number"] for one in listed["items"]] == [1, 2]


async def test_a_session_on_7_january_is_added_with_a_warning(world: World) -> None:
    cohort = await world.cohort(first=date(2026, 1, 5), last=date(2026, 1, 8), venues=[85] * 20)
    path = f"/v1/cohorts/{cohort['id']}/sessions"

    days = [
        await world.post(path, {"held_on": f"2026-01-0{day}", "starts_at": "09:00", "ends_at": "16:30"})
        for day in (5, 6, 7, 8)
    ]
    outside = await world.post(path, {"held_on": "2026-01-09", "starts_at": "09:00", "ends_at": "16:30"}, status=409)
    backwards = await world.post(path, {"held_on": "2026-01-06", "starts_at": "16:00", "ends_at": "09:00"}, status=422)

    assert [[one["code"] for one in day["warnings"]] for day in days] == [[], [], ["public_holiday"], []]
    assert days[2]["warnings"][0]["message"]["en"] == "Orthodox Christmas"
    assert outside["code"] == "session_outside_cohort"
    assert backwards["errors"][0]["code"] == "period_reversed"
    assert len((await world.get(path))["items"]) == 4


async def test_a_cohort_without_a_venue_cannot_be_opened(world: World) -> None:
    cohort = await world.cohort(venues=[], opened=False)

    refused = await world.post(f"/v1/cohorts/{cohort['id']}/open", status=409)
    host = await world.organisation(area="750000000")
    venue = await world.post(f"/v1/cohorts/{cohort['id']}/venues", {"organisation_id": host, "capacity": 3})
    opened = await world.post(f"/v1/cohorts/{cohort['id']}/open")

    assert refused["code"] == "cohort_has_no_venue"
    assert (venue["capacity"], venue["free"], venue["area"]) == (3, 3, "750000000")
    assert opened["allowed_actions"] == ["close", "start", "cancel"]


async def test_only_who_is_responsible_for_the_provider_plans_cohorts(world: World) -> None:
    programme = await world.programme()
    body = {
        "programme_id": programme,
        "code": "C-REACH",
        "name": {"kk": "Ағым", "ru": "Поток"},
        "starts_on": "2030-01-05",
        "ends_on": "2030-01-08",
    }

    elsewhere = await world.http.post(
        "/v1/cohorts", json=body, headers=world.as_("training_coordinator", area="750000000")
    )
    director = await world.http.post("/v1/cohorts", json=body, headers=world.as_("director"))
    own = await world.http.post("/v1/cohorts", json=body, headers=world.as_("training_coordinator", area="790000000"))
    same_code = await world.http.post("/v1/cohorts", json=body)

    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "out_of_reach")
    assert (director.status_code, director.json()["code"]) == (403, "scope_missing")
    assert own.status_code == 201
    assert (same_code.status_code, same_code.json()["code"]) == (409, "cohort_exists")


async def test_an_organisation_the_registry_has_not_told_of_is_named_by_its_field(world: World) -> None:
    nobody = "0198c0de-0000-7000-8000-00000000dead"
    body = {
        "programme_id": await world.programme(),
        "code": "C-UNKNOWN",
        "name": {"kk": "Ағым", "ru": "Поток"},
        "starts_on": "2030-01-05",
        "ends_on": "2030-01-08",
        "venues": [{"organisation_id": nobody, "capacity": 3}],
    }

    refused = await world.http.post("/v1/cohorts", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "organisation_unknown")
    assert refused.json()["errors"][0]["pointer"] == "/venues/0/organisation_id"
    assert refused.headers["retry-after"] == "1"


async def test_the_same_reading_again_is_not_sent_twice(world: World) -> None:
    cohort = await world.cohort()
    first = await world.http.get(f"/v1/cohorts/{cohort['id']}")

    again = await world.http.get(f"/v1/cohorts/{cohort['id']}", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
