"""One organisation on one page: what a parent and what a director ask, each answered in one call."""

from typing import Any

from tests.support.registry import ALATAU, Registry

HERE = {"latitude": 43.2567, "longitude": 76.9286}


async def profile(registry: Registry, school: dict[str, Any], caller: Any = None) -> dict[str, Any]:
    return await registry.get(f"/v1/organisations/{school['id']}/profile", caller={} if caller is None else caller)


def value(school: dict[str, Any], indicator: str, period: str, number: float) -> dict[str, Any]:
    return {"organisation_id": school["id"], "indicator": indicator, "period": period, "value": number}


async def test_g_parent_reads_all_of_a_school_in_one_call(registry: Registry) -> None:
    department = await registry.organisation(
        "Алатау ауданы білім бөлімі",
        type="authority",
        kind="district_department",
        area=ALATAU,
        contacts={"phone": "+7 727 000 00 01"},
    )
    school = await registry.organisation(
        "№101 мектеп-лицей",
        area=ALATAU,
        location=HERE,
        shift_count=2,
        design_capacity=900,
        contacts={"phone": "+7 727 000 01 01"},
    )
    other = await registry.organisation(
        "Көрші мектеп", area=ALATAU, location={"latitude": 43.2600, "longitude": 76.9286}
    )
    await registry.organisation("Көрші балабақша", area=ALATAU, location=HERE, type="preschool", kind="kindergarten")
    await registry.observe(
        value(school, "SCH_LOAD_FACTOR", "2024-2025", 140),
        value(school, "SCH_LOAD_FACTOR", "2025-2026", 125),
        value(school, "SCH_INCLUSIVE_CONDITIONS", "2025-2026", 64),
    )
    await registry.post(
        "/v1/facilities",
        {"facilities": [{"organisation_id": school["id"], "kind": "coworking", "count": 1, "opened_on": "2026-03-16"}]},
    )

    page = await profile(registry, school)

    assert page["places"] == {"design_capacity": 900, "shift_count": 2, "load": 125.0, "period": "2025-2026"}
    assert page["inclusion"] == {"conditions": True, "ground": "assessment", "score": 64.0, "period": "2025-2026"}
    assert [one["phone"] for one in page["helplines"]] == ["111", "150"]
    assert [one["kind"] for one in page["facilities"]] == ["coworking"]
    assert [one["id"] for one in page["nearby"]] == [other["id"]]
    assert [one["id"] for one in page["ask"]] == [school["id"], department["id"]]
    assert [one["phone"] for one in page["ask"]] == ["+7 727 000 01 01", "+7 727 000 00 01"]
    assert set(page["rating"]["means"]) == {"kk", "ru", "en"}
    assert (page["clubs"], page["networks"], page["projects"], page["director"]) == ([], [], [], None)
    assert [area["code"] for area in page["area_path"]] == ["750000000", ALATAU]


async def test_g_parent_finds_clubs_that_take_the_voucher(registry: Registry) -> None:
    school = await registry.organisation("Үйірмелі мектеп", area=ALATAU)
    without = await registry.organisation("Ваучерсіз мектеп", area=ALATAU)
    club = {"directions": ["robotics"], "age_from": 6, "age_to": 14, "area": ALATAU}
    for owner, takes in ((school, True), (without, False)):
        await registry.post(
            "/v1/club-providers",
            {**club, "name": {"kk": "Үйірме"}, "organisation_id": owner["id"], "accepts_social_wallet": takes},
        )

    page = await profile(registry, school)
    listed = await registry.get("/v1/organisations", caller={}, voucher="true", area=ALATAU)
    others = await registry.get("/v1/organisations", caller={}, voucher="false", q="ваучерсіз")

    assert [(one["directions"], one["accepts_social_wallet"]) for one in page["clubs"]] == [(["robotics"], True)]
    assert [one["id"] for one in listed["items"]] == [school["id"]]
    assert [one["id"] for one in others["items"]] == [without["id"]]


async def test_g_director_sees_the_school_beside_its_peers_and_what_is_missing(registry: Registry) -> None:
    mine = await registry.organisation("Директордың мектебі", area=ALATAU, setting="city")
    peers = [await registry.organisation(area=ALATAU, setting="city") for _ in range(5)]
    village = await registry.organisation("Ауыл мектебі", area=ALATAU, setting="village")
    await registry.observe(
        value(mine, "SCH_SHIFT_COUNT", "2025-2026", 2),
        value(mine, "TCH_PUPIL_RATIO", "2024-2025", 14),
        *(
            value(peer, "SCH_SHIFT_COUNT", "2025-2026", shifts)
            for peer, shifts in zip(peers, (1, 3, 3, 3, 2), strict=True)
        ),
        *(value(peer, "TCH_PUPIL_RATIO", "2025-2026", 15) for peer in peers),
        value(village, "SCH_SHIFT_COUNT", "2025-2026", 1),
    )
    director = registry.headers("director", organisation=mine["id"])

    page = (await profile(registry, mine, director))["director"]
    strangers = await profile(registry, peers[0], director)

    shifts = next(one for one in page["indicators"] if one["indicator"] == "SCH_SHIFT_COUNT")
    assert (shifts["value"], shifts["peers"], shifts["median"], shifts["better_than"]) == (2.0, 5, 3.0, 0.6)
    assert [(one["indicator"], one["period"], one["last_period"]) for one in page["missing"]] == [
        ("TCH_PUPIL_RATIO", "2025-2026", "2024-2025")
    ]
    assert page["peers"] == {"type": "school", "setting": "city", "area": "750000000"}
    assert (page["commitments_due"], page["targets"]) == ([], [])
    assert strangers["director"] is None


async def test_the_middle_of_few_is_not_told(registry: Registry) -> None:
    mine = await registry.organisation("Жалғыз лицей", area="471000000", setting="city")
    peers = [await registry.organisation(area="471000000", setting="city") for _ in range(4)]
    await registry.observe(
        value(mine, "SCH_SHIFT_COUNT", "2025-2026", 2),
        *(value(peer, "SCH_SHIFT_COUNT", "2025-2026", 1) for peer in peers),
    )

    page = (await profile(registry, mine, registry.headers()))["director"]

    assert [(one["peers"], one["median"], one["better_than"]) for one in page["indicators"]] == [(4, None, None)]


async def test_a_profile_of_nobody_is_not_there(registry: Registry) -> None:
    missing = "/v1/organisations/0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601/profile"

    assert (await registry.get(missing, expect=404))["code"] == "organisation_not_found"
