"""Legal change as one event: tried, applied, followed by everything that was bound, and taken back."""

from typing import Any

import pytest

from tests.support.registry import ALATAU, AUEZOV, KARAGANDA, SHYMKENT, Registry, demo_number

DAY = "2026-09-01"
EVENT = {"on": DAY, "reason": "The schools share one building", "legal_basis": "Resolution 214 of 14 August 2026"}
BEFORE, AFTER = "2026-08-31", DAY
INDICATOR = "SCH_TEXTBOOK_PROVISION"
"""Observed for school years."""


async def reorganise(registry: Registry, kind: str, *, expect: int = 201, **told: Any) -> dict[str, Any]:
    return await registry.post("/v1/reorganisations", {**EVENT, "kind": kind, **told}, expect=expect)


async def undo(registry: Registry, event: dict[str, Any], *, expect: int = 200) -> dict[str, Any]:
    path = f"/v1/reorganisations/{event['id']}/undo"
    return await registry.post(path, {"reason": "The resolution was revoked"}, expect=expect)


async def observed(registry: Registry, organisation: dict[str, Any]) -> dict[tuple[str, str], float]:
    found = await registry.get("/v1/observations", organisation=organisation["id"])
    return {(one["indicator"], one["period"]): one["value"] for one in found["items"]}


async def observe(registry: Registry, organisation: dict[str, Any], **values: float) -> None:
    """`y2025=98` for the school year 2025-2026."""
    await registry.observe(
        *(
            {
                "organisation_id": organisation["id"],
                "indicator": INDICATOR,
                "period": f"{period[1:]}-{int(period[1:]) + 1}",
                "value": value,
            }
            for period, value in values.items()
        )
    )


def new_school(serial: int, **fields: Any) -> dict[str, Any]:
    return {
        "name": {"kk": f"№{serial} мектеп-лицей", "ru": f"Школа-лицей № {serial}"},
        "type": "school",
        "kind": "school_lyceum",
        "area": SHYMKENT,
        "identifiers": [{"scheme": "demo", "value": demo_number(serial)}],
        **fields,
    }


def number_of(organisation: dict[str, Any]) -> str:
    value: str = organisation["identifiers"][0]["value"]
    return value


async def successors_of(registry: Registry, scheme: str, value: str) -> set[str]:
    gone = await registry.get("/v1/resolve", scheme=scheme, value=value, expect=410)
    assert gone["code"] == "organisation_merged"
    return set(gone["context"]["successors"].split(","))


async def test_a_merger_into_a_school_that_has_much_of_its_own_loses_and_doubles_nothing(registry: Registry) -> None:
    old, new = await registry.organisation(), await registry.organisation()
    branch = await registry.organisation(parent_id=old["id"], kind=None)
    await observe(registry, old, y2024=90, y2025=91, y2026=92, y2027=93)
    await observe(registry, new, y2025=71, y2026=72)

    done = await reorganise(registry, "merge", predecessors=[old["id"]], successor=new["id"])

    year_before, year_of_it, year_after = "2025-2026", "2026-2027", "2027-2028"
    assert await observed(registry, old) == {
        (INDICATOR, "2024-2025"): 90,
        (INDICATOR, year_before): 91,
        (INDICATOR, year_of_it): 92,
    }
    assert await observed(registry, new) == {
        (INDICATOR, year_before): 71,
        (INDICATOR, year_of_it): 72,
        (INDICATOR, year_after): 93,
    }
    (totals,) = [one for one in done["effects"]["totals"] if one["of"] == "observations"]
    assert totals == {"of": "observations", "bound": 2, "moved": 1, "ended": 0, "kept": 1}
    assert sorted(one["outcome"] for one in done["effects"]["carried"]) == ["kept", "moved"]
    for on, status, parent in ((BEFORE, "open", old["id"]), (AFTER, "merged", new["id"])):
        assert (await registry.get(f"/v1/organisations/{old['id']}", as_of=on))["status"] == status
        assert (await registry.get(f"/v1/organisations/{branch['id']}", as_of=on))["parent_id"] == parent
    roles = {one["organisation_id"]: one["role"] for one in done["effects"]["organisations"]}
    assert roles == {old["id"]: "predecessor", new["id"]: "successor", branch["id"]: "part"}


async def bound_school(registry: Registry) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A school in two networks, two memoranda and under a target, the school it will be merged into, and these."""
    old, new = await registry.organisation(), await registry.organisation()
    akimat = await registry.organisation(type="authority", kind=None)
    name = {"kk": "Желі", "ru": "Сеть"}
    for code, members in (("r-leading", [old]), ("r-league", [old, new])):
        await registry.post("/v1/networks", {"code": code, "kind": "other", "name": name})
        for one in members:
            told = {"organisation_id": one["id"], "role": "leading", "valid_from": "2020-09-01"}
            await registry.post(f"/v1/networks/{code}/memberships", told)
    alone = await memorandum_of(registry, akimat, old)
    await memorandum_of(registry, akimat, old, new)
    owed = {"obligor": alone["parties"][1]["id"], "text": {"ru": "Школа открывает двери учителям города"}}
    promise = await registry.post(f"/v1/memoranda/{alone['id']}/commitments", owed)
    stated = {
        "indicator": INDICATOR,
        "comparator": "ge",
        "stated_by_role": "akim_of_city",
        "organisation_id": old["id"],
    }
    target = await registry.post("/v1/targets", {**stated, "value_low": 95})
    return old, new, promise, target


async def memorandum_of(registry: Registry, *parties: dict[str, Any]) -> dict[str, Any]:
    drafted = await registry.post(
        "/v1/memoranda",
        {
            "title": {"kk": "Меморандум", "ru": "Меморандум"},
            "area": SHYMKENT,
            "parties": [{"organisation_id": one["id"]} for one in parties],
            "since": "2020-10-01",
        },
    )
    for step in ("submit", "send", "sign"):
        await registry.post(f"/v1/memoranda/{drafted['id']}/{step}", {}, expect=200)
    return drafted


async def test_memberships_memoranda_commitments_and_targets_follow_and_come_back(registry: Registry) -> None:
    old, new, promise, target = await bound_school(registry)

    async def members(code: str, on: str) -> list[str]:
        found = await registry.get(f"/v1/networks/{code}/memberships", as_of=on, status="active")
        return sorted(one["organisation"]["id"] for one in found["items"])

    async def of_target() -> str:
        return str((await registry.get(f"/v1/targets/{target['id']}"))["organisation_id"])

    async def obligor() -> str:
        found = await registry.get(f"/v1/commitments/{promise['id']}")
        return str(found["obligor"]["organisation_id"])

    before = [await members("r-leading", "2022-09-01"), await members("r-league", "2022-09-01")]
    done = await reorganise(registry, "merge", predecessors=[old["id"]], successor=new["id"], on="2022-09-01")

    totals = {one["of"]: (one["bound"], one["moved"], one["ended"], one["kept"]) for one in done["effects"]["totals"]}
    assert totals["memberships"] == (2, 1, 1, 0)
    assert totals["memoranda"] == (3, 2, 1, 0)  # two places as a party and one commitment
    assert totals["targets"] == (1, 1, 0, 0)
    assert await members("r-leading", "2022-08-31") == [old["id"]]
    assert await members("r-leading", "2022-09-01") == [new["id"]]
    assert await members("r-league", "2022-09-01") == [new["id"]]
    assert await obligor() == new["id"]
    assert await of_target() == new["id"]

    await undo(registry, done)

    assert [await members("r-leading", "2022-09-01"), await members("r-league", "2022-09-01")] == before
    assert await obligor() == old["id"]
    assert await of_target() == old["id"]


async def test_who_ended_is_still_found_by_id_and_number_and_leads_to_who_carries_on(registry: Registry) -> None:
    old, new = await registry.organisation(), await registry.organisation()

    await reorganise(registry, "merge", predecessors=[old["id"]], successor=new["id"], on="2020-09-01")

    assert await successors_of(registry, "id", old["id"]) == {new["id"]}
    assert await successors_of(registry, "demo", number_of(old)) == {new["id"]}
    still = await registry.get(f"/v1/organisations/{old['id']}")
    assert (still["status"], number_of(still)) == ("merged", number_of(old))
    assert (await registry.get("/v1/resolve", scheme="demo", value=number_of(new)))["organisation"]["id"] == new["id"]


async def test_three_schools_become_a_new_one(registry: Registry) -> None:
    three = [await registry.organisation() for _ in range(3)]
    for place, school in enumerate(three):
        await observe(registry, school, y2026=80 + place)

    done = await reorganise(
        registry, "merge_new", predecessors=[one["id"] for one in three], successor=new_school(7001), on="2021-09-01"
    )

    (made,) = [one for one in done["effects"]["organisations"] if one["is_new"]]
    school = await registry.get(f"/v1/organisations/{made['organisation_id']}")
    assert (school["name"]["ru"], school["status"], school["valid_from"]) == (
        "Школа-лицей № 7001",
        "open",
        "2021-09-01",
    )
    assert school["is_synthetic"] is True
    assert await observed(registry, school) == {(INDICATOR, "2026-2027"): 80}  # whoever is named first speaks
    for old in three:
        assert await successors_of(registry, "id", old["id"]) == {school["id"]}
    (totals,) = [one for one in done["effects"]["totals"] if one["of"] == "observations"]
    assert (totals["bound"], totals["moved"], totals["kept"]) == (3, 1, 2)


async def test_a_division_names_the_heir_of_what_was_bound(registry: Registry) -> None:
    old = await registry.organisation()
    await observe(registry, old, y2026=88)

    done = await reorganise(
        registry,
        "split",
        predecessor=old["id"],
        successors=[new_school(7002), new_school(7003)],
        heir=1,
        on="2021-09-01",
    )

    first, second = (one["organisation_id"] for one in done["effects"]["organisations"] if one["is_new"])
    assert await successors_of(registry, "demo", number_of(old)) == {first, second}
    assert await observed(registry, {"id": first}) == {}
    assert await observed(registry, {"id": second}) == {(INDICATOR, "2026-2027"): 88}


async def test_what_loses_a_part_goes_on_with_all_that_bound_it(registry: Registry) -> None:
    old = await registry.organisation()
    await observe(registry, old, y2026=88)

    done = await reorganise(
        registry,
        "split",
        predecessor=old["id"],
        predecessor_stays=True,
        successors=[new_school(7004)],
        on="2021-09-01",
    )

    (made,) = [one["organisation_id"] for one in done["effects"]["organisations"] if one["is_new"]]
    assert (await registry.get("/v1/resolve", scheme="id", value=old["id"]))["organisation"]["status"] == "open"
    assert await observed(registry, old) == {(INDICATOR, "2026-2027"): 88}
    assert [one["id"] for one in (await registry.get(f"/v1/organisations/{old['id']}/profile"))["successors"]] == [made]


async def test_a_converted_school_has_a_new_number_and_is_found_by_both(registry: Registry) -> None:
    school = await registry.organisation(kind="general", legal_form="KGU")

    await reorganise(
        registry,
        "convert",
        organisation=school["id"],
        to={"kind": "lyceum", "legal_form": "GKP_PHV", "name": {"ru": "Лицей № 7005"}},
        identifiers=[{"scheme": "demo", "value": demo_number(7005)}],
        on="2021-09-01",
    )

    for number, current in ((number_of(school), False), (demo_number(7005), True)):
        found = await registry.get("/v1/resolve", scheme="demo", value=number)
        assert (found["organisation"]["id"], found["current"]) == (school["id"], current)
    now = await registry.get(f"/v1/organisations/{school['id']}")
    assert (now["kind"], now["legal_form"], now["name"]["ru"]) == ("lyceum", "GKP_PHV", "Лицей № 7005")
    assert now["name"]["kk"] == school["name"]["kk"]
    before = await registry.get(f"/v1/organisations/{school['id']}", as_of="2021-08-31")
    assert (before["kind"], before["legal_form"], number_of(before)) == ("general", "KGU", number_of(school))


async def test_a_school_is_renamed_moved_to_another_district_closed_and_reopened(registry: Registry) -> None:
    school = await registry.organisation(kk="№9 мектеп", ru="Школа № 9", area=ALATAU)
    path = f"/v1/organisations/{school['id']}"

    named = {"kk": "Абай атындағы №9 мектеп", "ru": "Школа № 9 имени Абая"}
    await reorganise(registry, "rename", organisation=school["id"], name=named, on="2021-09-01")
    await reorganise(registry, "move", organisation=school["id"], area=AUEZOV, on="2022-09-01")
    await reorganise(registry, "close", organisation=school["id"], on="2023-09-01")
    await reorganise(registry, "reopen", organisation=school["id"], on="2024-09-01")

    expected = {
        "2021-08-31": ("Школа № 9", ALATAU, "open"),
        "2021-09-01": ("Школа № 9 имени Абая", ALATAU, "open"),
        "2022-09-01": ("Школа № 9 имени Абая", AUEZOV, "open"),
        "2023-09-01": ("Школа № 9 имени Абая", AUEZOV, "closed"),
        "2024-09-01": ("Школа № 9 имени Абая", AUEZOV, "open"),
    }
    for day, (name, area, status) in expected.items():
        then = await registry.get(path, as_of=day)
        assert (then["name"]["ru"], then["area"], then["status"]) == (name, area, status)
    found = await registry.get("/v1/reorganisations", organisation=school["id"])
    assert [one["kind"] for one in found["items"]] == ["reopen", "close", "move", "rename"]


async def test_a_preview_tells_the_effects_of_the_event_and_writes_nothing(registry: Registry) -> None:
    old = await registry.organisation()
    await observe(registry, old, y2026=88)
    order = {**EVENT, "kind": "merge_new", "predecessors": [old["id"]], "successor": new_school(7006)}
    trail = await registry.get("/v1/audit", resource_id=old["id"], count="exact")
    known = await registry.call("GET", f"/v1/organisations/{old['id']}", expect=200)

    tried = await registry.post("/v1/reorganisations/preview", order, expect=200)

    still = await registry.call("GET", f"/v1/organisations/{old['id']}", expect=200)
    assert still.headers["ETag"] == known.headers["ETag"]
    assert await registry.get("/v1/audit", resource_id=old["id"], count="exact") == trail
    assert (await registry.get("/v1/reorganisations", organisation=old["id"]))["items"] == []
    await registry.get("/v1/resolve", scheme="demo", value=demo_number(7006), expect=404)

    done = await registry.post("/v1/reorganisations", order)
    (made,) = [one["organisation_id"] for one in done["effects"]["organisations"] if one["is_new"]]
    assert tried["totals"] == done["effects"]["totals"]
    assert tried["carried"] == done["effects"]["carried"]
    assert tried["organisations"] == [
        {**one, "organisation_id": None if one["organisation_id"] == made else one["organisation_id"]}
        for one in done["effects"]["organisations"]
    ]


async def test_what_is_taken_back_was_never_so_but_stays_known(registry: Registry) -> None:
    old = await registry.organisation()
    branch = await registry.organisation(parent_id=old["id"])
    await observe(registry, old, y2025=87, y2026=88)
    done = await reorganise(
        registry, "merge_new", predecessors=[old["id"]], successor=new_school(7007), on="2021-09-01"
    )
    (made,) = [one["organisation_id"] for one in done["effects"]["organisations"] if one["is_new"]]

    undone = await undo(registry, done)

    assert (undone["status"], undone["version"]) == ("undone", 2)
    assert (await registry.get(f"/v1/organisations/{old['id']}"))["status"] == "open"
    assert (await registry.get(f"/v1/organisations/{branch['id']}"))["parent_id"] == old["id"]
    assert await observed(registry, old) == {(INDICATOR, "2025-2026"): 87, (INDICATOR, "2026-2027"): 88}
    assert (await registry.get("/v1/resolve", scheme="id", value=old["id"]))["current"] is True
    gone = await registry.get(f"/v1/organisations/{made}", expect=410)
    assert gone["code"] == "organisation_created_in_error"
    then = await registry.get(f"/v1/organisations/{old['id']}", known_at=done["recorded_at"])
    assert then["status"] == "merged"
    again = await registry.organisation(identifiers=[{"scheme": "demo", "value": demo_number(7007)}])
    assert number_of(again) == demo_number(7007)  # what nobody ever had is free
    assert (await undo(registry, done, expect=409))["code"] == "already_undone"
    redone = await reorganise(
        registry, "merge_new", predecessors=[old["id"]], successor=new_school(7008), on="2021-09-01"
    )
    assert redone["digest_before"] == done["digest_before"]


async def test_an_event_on_which_something_newer_stands_is_not_taken_back(registry: Registry) -> None:
    old, new = await registry.organisation(), await registry.organisation()
    first = await reorganise(registry, "rename", organisation=new["id"], name={"ru": "Гимназия"}, on="2021-09-01")
    second = await reorganise(registry, "merge", predecessors=[old["id"]], successor=new["id"], on="2022-09-01")
    third = await reorganise(registry, "move", organisation=new["id"], area=ALATAU, on="2023-09-01")

    assert (await undo(registry, second, expect=409))["code"] == "newer_stands"
    await undo(registry, third)
    await observe(registry, new, y2026=70)
    assert (await undo(registry, second, expect=409))["code"] == "newer_stands"
    assert (await undo(registry, first, expect=409))["code"] == "newer_stands"


async def test_events_are_taken_back_one_after_the_other(registry: Registry) -> None:
    school = await registry.organisation(ru="Школа № 1")
    events = [
        await reorganise(registry, "rename", organisation=school["id"], name={"ru": "Школа № 2"}, on="2021-09-01"),
        await reorganise(registry, "close", organisation=school["id"], on="2022-09-01"),
        await reorganise(registry, "reopen", organisation=school["id"], on="2023-09-01"),
    ]

    for event in reversed(events):
        await undo(registry, event)

    now = await registry.get(f"/v1/organisations/{school['id']}")
    assert (now["name"]["ru"], now["status"], now["valid_from"]) == ("Школа № 1", "open", "2015-09-01")
    history = await registry.get(f"/v1/organisations/{school['id']}/history")
    assert len(history["entries"]) == 1


async def test_only_the_authority_of_the_area_reorganises(registry: Registry) -> None:
    here, there = await registry.organisation(area=ALATAU), await registry.organisation(area=SHYMKENT)
    order = {**EVENT, "kind": "merge", "predecessors": [here["id"]], "successor": there["id"]}
    almaty = registry.headers("region_officer", area="750000000")

    for path in ("/v1/reorganisations", "/v1/reorganisations/preview"):
        await registry.post(path, order, expect=403, caller=almaty)
        await registry.post(path, order, expect=403, caller=registry.headers("director", organisation=here["id"]))
        await registry.post(path, order, expect=401, caller=registry.headers(None))
    renaming = {**EVENT, "kind": "rename", "organisation": here["id"], "name": {"ru": "Школа № 77"}}
    await registry.post(
        "/v1/reorganisations", renaming, expect=403, caller=registry.headers("director", organisation=here["id"])
    )
    done = await registry.post("/v1/reorganisations", renaming, caller=almaty)
    path = f"/v1/reorganisations/{done['id']}/undo"
    karaganda = registry.headers("region_officer", area=KARAGANDA)
    await registry.post(path, {"reason": "?"}, expect=403, caller=karaganda)
    await registry.post(path, {"reason": "A slip"}, expect=200, caller=almaty)
    await registry.get("/v1/reorganisations", expect=401, caller=registry.headers(None))


@pytest.mark.parametrize(
    ("kind", "told", "status", "code", "pointer"),
    [
        ("merge", {"predecessors": ["$old"], "successor": "$old"}, 422, "successor_among_predecessors", "/successor"),
        ("merge", {"predecessors": ["$old"], "successor": "$nobody"}, 422, "organisation_named_unknown", "/successor"),
        ("merge", {"predecessors": ["$old"], "successor": "$closed"}, 422, "successor_unknown", "/successor"),
        ("merge", {"predecessors": ["$closed"], "successor": "$old"}, 409, "transition_refused", None),
        ("merge", {"predecessors": ["$old"], "successor": "$real"}, 409, "synthetic_mixed", None),
        ("merge", {"predecessors": ["$old"], "successor": "$new", "on": "2010-01-01"}, 409, "before_first_day", None),
        ("merge", {"predecessors": [], "successor": "$old"}, 422, "validation_failed", "/predecessors"),
        ("merge_new", {"predecessors": ["$old"], "successor": "$clash"}, 409, "identifier_taken",
         "/successor/identifiers/0/value"),
        ("split", {"predecessor": "$old", "successors": [new_school(7100)]}, 422, "split_needs_two", "/successors"),
        ("split", {"predecessor": "$old", "successors": [new_school(7100), new_school(7101)], "heir": 2}, 422,
         "heir_unknown", "/heir"),
        ("split", {"predecessor": "$old", "successors": [new_school(7100), new_school(7101, kind="college")]}, 422,
         "kind_not_of_type", "/successors/1/kind"),
        ("convert", {"organisation": "$old", "to": {"kind": "college"}}, 422, "kind_not_of_type", "/to/kind"),
        ("convert", {"organisation": "$old"}, 409, "nothing_changes", None),
        ("convert", {"organisation": "$old", "identifiers": [{"scheme": "kz-bin", "value": "123"}]}, 422,
         "identifier_malformed", "/identifiers/0/value"),
        ("rename", {"organisation": "$old", "name": {"kk": None, "ru": None}}, 422, "organisation_invalid", "/name"),
        ("move", {"organisation": "$old", "area": "799999999"}, 422, "area_unknown", "/area"),
        ("close", {"organisation": "$closed"}, 409, "transition_refused", None),
        ("reopen", {"organisation": "$old"}, 409, "transition_refused", None),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_with_its_place(
    registry: Registry, kind: str, told: dict[str, Any], status: int, code: str, pointer: str | None
) -> None:
    old, new, closed = [await registry.organisation() for _ in range(3)]
    await registry.post(f"/v1/organisations/{closed['id']}/close", {"on": "2020-01-01"}, expect=200)
    known = {"$old": old["id"], "$new": new["id"], "$closed": closed["id"]}
    known["$nobody"] = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"
    known["$real"] = (await registry.organisation(is_synthetic=False))["id"]

    def filled(value: Any) -> Any:
        if value == "$clash":
            return new_school(7100, identifiers=[{"scheme": "demo", "value": number_of(new)}])
        if isinstance(value, list):
            return [filled(one) for one in value]
        return known.get(value, value) if isinstance(value, str) else value

    order = {name: filled(value) if name != "successors" else value for name, value in told.items()}
    refused = await reorganise(registry, kind, expect=status, **order)
    tried = await registry.post("/v1/reorganisations/preview", {**EVENT, "kind": kind, **order}, expect=status)

    assert (refused["code"], tried["code"]) == (code, code)
    if pointer is not None:
        assert pointer in {error["pointer"] for error in refused["errors"]}


async def test_events_are_listed_and_read_again_only_when_changed(registry: Registry) -> None:
    school = await registry.organisation()
    done = await reorganise(registry, "rename", organisation=school["id"], name={"ru": "Школа № 70"}, on="2021-09-01")
    path = f"/v1/reorganisations/{done['id']}"

    read = await registry.call("GET", path, expect=200)
    same = {**registry.headers(), "If-None-Match": read.headers["ETag"]}
    await registry.call("GET", path, expect=304, caller=same)
    await undo(registry, done)
    assert (await registry.call("GET", path, expect=200, caller=same)).json()["undone_reason"]

    both = await registry.get("/v1/reorganisations", organisation=school["id"], kind="rename", status="undone")
    assert [one["id"] for one in both["items"]] == [done["id"]]
    assert (await registry.get("/v1/reorganisations", organisation=school["id"], since="2021-09-02"))["items"] == []
    await registry.get(f"/v1/reorganisations/{school['id']}", expect=404)
    page = await registry.get("/v1/reorganisations", limit=1, count="exact")
    assert page["total"] > 1
    following = await registry.get("/v1/reorganisations", limit=1, cursor=page["next_cursor"])
    assert following["items"][0]["id"] != page["items"][0]["id"]
    file = await registry.call(
        "GET", "/v1/reorganisations", expect=200, caller={**registry.headers(), "Accept": "text/csv"}
    )
    assert done["id"] in file.text
