"""What held on a day, as known at a moment: every fact of an organisation answers both questions, over HTTP."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.registry import ALATAU, AUEZOV, KARAGANDA, SHYMKENT, Registry, demo_number

FACTS: dict[str, tuple[str | None, list[Any]]] = {
    "name": ("ru", ["Школа № 81", "Гимназия № 81", "Лицей № 81"]),
    "type": (None, ["school", "college"]),
    "kind": (None, [None, "special"]),
    "area": (None, [SHYMKENT, ALATAU, AUEZOV]),
    "design_capacity": (None, [300, 600, None]),
    "head_post": ("held", ["appointed", "acting", "vacant"]),
}


async def change(
    registry: Registry, organisation: dict[str, Any], patch: dict[str, Any], **days: str
) -> dict[str, Any]:
    answer = await registry.call(
        "PATCH",
        f"/v1/organisations/{organisation['id']}",
        patch,
        expect=200,
        params={name: value for name, value in days.items() if value},
        if_match="*",
    )
    changed: dict[str, Any] = answer.json()
    return changed


async def moment(registry: Registry, organisation: dict[str, Any]) -> str:
    """When something was last recorded of it."""
    history = await registry.get(f"/v1/organisations/{organisation['id']}/history", superseded=True)
    return max(str(entry["recorded_at"]) for entry in history["entries"])


async def read(registry: Registry, organisation: dict[str, Any], **when: Any) -> dict[str, Any]:
    return await registry.get(f"/v1/organisations/{organisation['id']}", **when)


async def listed(registry: Registry, organisation: dict[str, Any], **asked: Any) -> dict[str, Any] | None:
    found = await registry.get("/v1/organisations", **asked, limit=200)
    return next((one for one in found["items"] if one["id"] == organisation["id"]), None)


async def test_every_fact_answers_as_of_a_day_and_as_known_at_a_moment_alone_and_in_lists(registry: Registry) -> None:
    school = await registry.organisation(
        ru="Школа № 80", kind="general", area=ALATAU, design_capacity=600, head_post={"held": "appointed"}
    )
    first = await moment(registry, school)
    after = {
        "name": {"ru": "Школа-гимназия № 80"},
        "kind": "school_gymnasium",
        "area": AUEZOV,
        "design_capacity": 900,
        "head_post": {"held": "acting", "since": "2023-08-25"},
    }
    await change(registry, school, after, effective_from="2023-09-01")
    second = await moment(registry, school)
    await registry.post(
        f"/v1/organisations/{school['id']}/transitions", {"to": "suspended", "on": "2024-09-01"}, expect=200
    )

    old = ("Школа № 80", "general", ALATAU, 600, "appointed", "open")
    new = ("Школа-гимназия № 80", "school_gymnasium", AUEZOV, 900, "acting", "open")
    stopped = (*new[:-1], "suspended")
    expected = {
        ("2023-08-31", None): old,
        ("2023-09-01", None): new,
        ("2024-09-01", None): stopped,
        ("2023-09-01", first): old,
        ("2024-09-01", first): old,
        ("2024-09-01", second): new,
    }
    for (day, known_at), facts in expected.items():
        when = {"as_of": day} | ({"known_at": known_at} if known_at else {})
        for found in (await read(registry, school, **when), await listed(registry, school, area="750000000", **when)):
            assert found is not None
            assert (
                found["name"]["ru"],
                found["kind"],
                found["area"],
                found["design_capacity"],
                found["head_post"]["held"],
                found["status"],
            ) == facts
    known = await registry.get(f"/v1/organisations/{school['id']}/history", known_at=second)
    assert [entry["valid_from"] for entry in known["entries"]] == ["2015-09-01", "2023-09-01"]
    assert {"field": "head_post.held", "before": "appointed", "after": "acting"} in known["entries"][1]["changes"]
    in_district = {"area": AUEZOV, "as_of": "2023-09-01"}
    assert await listed(registry, school, **in_district)
    assert await listed(registry, school, **in_district, known_at=first) is None
    assert await listed(registry, school, head_held="acting", **in_district)
    assert await listed(registry, school, head_held="vacant", **in_district) is None


async def test_an_identifier_answers_as_of_a_day_and_as_known_at_a_moment(registry: Registry) -> None:
    school = await registry.organisation()
    old, new = school["identifiers"][0]["value"], demo_number(8080)
    first = await moment(registry, school)
    told = {"scheme": "demo", "value": new, "valid_from": "2022-09-01"}
    await registry.post(f"/v1/organisations/{school['id']}/identifiers", told)

    async def number(**when: str) -> str:
        value: str = (await read(registry, school, **when))["identifiers"][0]["value"]
        return value

    assert await number(as_of="2022-08-31") == old
    assert await number(as_of="2022-09-01") == new
    assert await number(as_of="2022-09-01", known_at=first) == old
    assert (await registry.get("/v1/resolve", scheme="demo", value=old))["current"] is False
    await registry.get("/v1/resolve", scheme="demo", value=old, as_of="2022-09-01", expect=404)
    assert (await registry.get("/v1/resolve", scheme="demo", value=new))["current"] is True
    await registry.get("/v1/resolve", scheme="demo", value=new, known_at=first, expect=404)
    found = await registry.get("/v1/resolve", scheme="demo", value=old, as_of="2022-09-01", known_at=first)
    assert found["organisation"]["id"] == school["id"]


async def test_the_post_of_a_head_is_held_by_appointment_for_a_time_or_by_nobody(registry: Registry) -> None:
    school = await registry.organisation(head_post={"held": "appointed", "since": "2019-08-20"})

    vacant = await change(registry, school, {"head_post": {"held": "vacant", "since": "2024-06-15"}})
    assert vacant["head_post"] == {"held": "vacant", "since": "2024-06-15"}
    unknown = await change(registry, school, {"head_post": None})
    assert unknown["head_post"] is None
    path = f"/v1/organisations/{school['id']}"
    for wrong in ({"held": "beloved"}, {"held": "acting", "name": "Somebody"}, {"since": "2024-06-15"}):
        await registry.call("PATCH", path, {"head_post": wrong}, expect=422, if_match="*")


async def test_f9_sub_units_are_organisations_with_a_history_of_their_own(registry: Registry) -> None:
    university = await registry.organisation("Университет", "Университет", type="provider", kind="university")
    department = await registry.organisation(
        "Кафедра", "Кафедра", type="provider", kind="subunit", parent_id=university["id"], identifiers=[]
    )
    heir = await registry.organisation("Академия", "Академия", type="provider", kind="academy")
    event = {"on": "2023-09-01", "reason": "One university", "legal_basis": "Order 7"}
    order = {**event, "kind": "merge", "predecessors": [university["id"]], "successor": heir["id"]}

    await registry.post("/v1/reorganisations", order)

    for day, whole in (("2023-08-31", university), ("2023-09-01", heir)):
        assert (await read(registry, department, as_of=day))["parent_id"] == whole["id"]
        parts = await registry.get("/v1/organisations", parent_id=whole["id"], as_of=day)
        assert [one["id"] for one in parts["items"]] == [department["id"]]
    profile = await registry.get(f"/v1/organisations/{heir['id']}/profile")
    assert [one["id"] for one in profile["branches"]] == [department["id"]]


async def test_f10_schools_of_one_number_in_many_cities_are_told_apart_by_area_and_identifier(
    registry: Registry,
) -> None:
    there = [
        await registry.organisation("№46 мектеп", "Школа № 46", area=area) for area in (SHYMKENT, ALATAU, KARAGANDA)
    ]

    everywhere = await registry.get("/v1/organisations", q="46")
    in_city = await registry.get("/v1/organisations", q="46", area=KARAGANDA)

    assert {one["id"] for one in there} <= {one["id"] for one in everywhere["items"]}
    assert [one["id"] for one in in_city["items"]] == [there[2]["id"]]
    assert in_city["items"][0]["school_number"] == 46
    for school in there:
        found = await registry.get("/v1/resolve", scheme="demo", value=school["identifiers"][0]["value"])
        assert found["organisation"]["id"] == school["id"]


@pytest.mark.parametrize(
    "typed",
    [
        "«Арман» гимназиясы",
        '"Арман" гимназиясы',
        "“Арман” гимназиясы",
        "Гимназия «Арман»",
        "гимназия-интернат Арман",
        "гимназия – интернат Арман",
        "гимназия — интернат Арман",
        "Арман гимназиясы",
        "арман  гимназия",
    ],
)
async def test_f11_two_names_quotes_dashes_and_spaces_that_do_not_break_are_one_organisation(
    registry: Registry, arman: dict[str, Any], typed: str
) -> None:
    found = await registry.get("/v1/organisations", q=typed, area=AUEZOV)

    assert [one["id"] for one in found["items"]] == [arman["id"]]
    assert found["items"][0]["name"] == {
        "kk": "«Арман»\u00a0гимназиясы",
        "ru": "Гимназия-интернат\u00a0«Арман»",
        "en": None,
    }


@pytest.fixture(scope="module")
async def arman(registry: Registry) -> dict[str, Any]:
    return await registry.organisation("«Арман»\u00a0гимназиясы", "Гимназия-интернат\u00a0«Арман»", area=AUEZOV)


changes = st.lists(
    st.tuples(st.sampled_from(sorted(FACTS)), st.integers(0, 1), st.integers(0, 9), st.none() | st.integers(1, 9)),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taken=changes)
async def test_random_histories_are_read_as_a_model_says(
    registry: Registry, taken: list[tuple[str, int, int, int | None]]
) -> None:
    def day(number: int) -> str:
        return f"2020-01-{number + 1:02d}"

    school = await registry.organisation(ru="Школа № 81", kind=None, valid_from=day(0))
    said: dict[str, Any] = {"name": "Школа № 81", "type": "school", "kind": None, "area": SHYMKENT}
    model: list[dict[str, Any]] = [{**dict.fromkeys(FACTS), **said} for _ in range(20)]
    versions = [(await moment(registry, school), model)]
    for fact, choice, first, length in taken:
        inner, values = FACTS[fact]
        value = values[choice]
        until = None if length is None else day(first + length)
        refused = await registry.client.patch(
            f"/v1/organisations/{school['id']}",
            json={fact: value if inner is None else {inner: value}},
            params={"effective_from": day(first)} | ({"effective_until": until} if until else {}),
            headers={**registry.headers(), "If-Match": "*"},
        )
        if refused.status_code != 200:
            assert refused.json()["code"] in ("later_change_exists", "kind_not_of_type")
            continue
        model = [
            {**state, fact: value} if number >= first and (length is None or number < first + length) else state
            for number, state in enumerate(model)
        ]
        versions.append((await moment(registry, school), model))

    for known_at, expected in [*versions, (None, model)]:
        for number in (0, 4, 9, 15):
            when = {"as_of": day(number)} | ({"known_at": known_at} if known_at else {})
            found = await read(registry, school, **when)
            seen = {
                fact: (found[fact] or {}).get(inner) if inner else found[fact] for fact, (inner, _) in FACTS.items()
            }
            assert seen == expected[number]
