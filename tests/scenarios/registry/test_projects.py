"""Projects, development plans and study visits as the source documents tell of them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.registry import ALATAU, AUEZOV, KYZYLORDA, WEST_KAZAKHSTAN, Registry

PROJECTS, PLANS, VISITS = "/v1/projects", "/v1/development-plans", "/v1/study-visits"


async def project(registry: Registry, **fields: Any) -> dict[str, Any]:
    """A draft of a reading project in the Kyzylorda region unless said otherwise."""
    place = {} if "owner_id" in fields else {"area": KYZYLORDA}
    return await registry.post(PROJECTS, {"kind": "reading", "title": {"kk": "Оқу жобасы"}, **place, **fields})


async def activate(registry: Registry, project_id: str, *, expect: int = 200) -> dict[str, Any]:
    return await registry.post(f"{PROJECTS}/{project_id}/transitions", {"to": "active"}, expect=expect)


async def visit(
    registry: Registry, organiser: dict[str, Any], country: str, city: str, **fields: Any
) -> dict[str, Any]:
    """Four people of the organiser go for five days."""
    given = {"organiser_id": organiser["id"], "country": country, "city": {"ru": city}}
    days = {"departs_on": "2022-11-14", "returns_on": "2022-11-18"}
    team = [{"organisation_id": organiser["id"], "people": 4}]
    return await registry.post(VISITS, {**given, **days, "team": team, **fields})


async def test_b4_version_2_of_a_development_plan_supersedes_version_1_and_both_are_readable(
    registry: Registry,
) -> None:
    school = await registry.organisation("№46 мектеп", area=WEST_KAZAKHSTAN)
    theirs = await project(registry, owner_id=school["id"])
    first = await registry.post(
        PLANS,
        {
            "organisation_id": school["id"],
            "title": {"kk": "Даму моделі"},
            "model": {"kk": "Ашық мектеп"},
            "strategies": [{"kk": "Оқу мәдениеті"}, {"kk": "Ата-анамен әріптестік"}],
            "project_ids": [theirs["id"]],
        },
    )
    url = f"{PLANS}/{first['id']}"

    second = await registry.post(
        f"{url}/versions",
        {"title": {"kk": "Даму моделі, толықтырылған"}, "model": {"kk": "Ашық мектеп 2.0"}, "reason": "Форумнан кейін"},
    )

    now = await registry.get(url, caller={})
    before = await registry.get(url, caller={}, number=1)
    listed = await registry.get(PLANS, caller={}, organisation_id=school["id"], area=WEST_KAZAKHSTAN)
    assert (now["number"], now["model"]["kk"], now["superseded_by"]) == (2, "Ашық мектеп 2.0", None)
    assert (before["number"], before["model"]["kk"], before["superseded_by"]) == (1, "Ашық мектеп", 2)
    assert before["strategies"] == first["strategies"]
    assert before["project_ids"] == [theirs["id"]]
    assert [one["number"] for one in second["versions"]] == [1, 2]
    assert [(one["id"], one["number"]) for one in listed["items"]] == [(first["id"], 2)]
    assert (await registry.get(url, expect=404, number=3))["code"] == "development_plan_not_found"


async def test_b4_a_project_becomes_active_with_an_owner_a_goal_and_a_stakeholder_and_not_before(
    registry: Registry,
) -> None:
    school = await registry.organisation("№12 мектеп", area=WEST_KAZAKHSTAN)
    bare = await project(registry)
    url = f"{PROJECTS}/{bare['id']}"
    missing = []

    for patch in ({"owner_id": school["id"]}, {"goal": {"kk": "Оқу сауаттылығын арттыру"}}, {}):
        missing.append((await activate(registry, bare["id"], expect=409))["context"]["missing"])
        await registry.call("PATCH", url, patch, expect=200, if_match="*")
    partners = [{"body": {"kk": "Ата-аналар қауымдастығы"}, "role": "partner"}]
    await registry.call("PATCH", url, {"stakeholders": partners}, expect=200, if_match="*")
    active = await activate(registry, bare["id"])

    assert missing == ["owner_id, goal, stakeholders", "goal, stakeholders", "stakeholders"]
    assert (active["status"], active["stakeholders"][0]["body"]["kk"]) == ("active", "Ата-аналар қауымдастығы")
    for patch in ({"goal": None}, {"owner_id": None}, {"stakeholders": []}):
        refused = await registry.call("PATCH", url, patch, expect=409, if_match="*")
        assert refused.json()["code"] == "project_not_ready"
    assert (await activate(registry, bare["id"], expect=409))["code"] == "project_transition_refused"


async def test_b5_of_three_visits_the_report_for_russia_counts_one(registry: Registry) -> None:
    first = await registry.organisation("№5 мектеп", area=WEST_KAZAKHSTAN)
    second = await registry.organisation("№6 мектеп", area=WEST_KAZAKHSTAN)
    await visit(registry, first, "KZ", "Астана")
    await visit(registry, second, "KZ", "Алматы")
    team = [{"organisation_id": first["id"], "people": 3}, {"organisation_id": second["id"], "people": 5}]
    kazan = await visit(registry, first, "RU", "Казань", team=team)
    url = f"{VISITS}/{kazan['id']}"
    await registry.call(
        "PATCH", url, {"outcomes": {"ru": "Договорились об обмене"}}, expect=200, if_match=kazan["etag"]
    )

    russia = await registry.get("/v1/reports/study-visits", caller={}, country="RU", area=WEST_KAZAKHSTAN)
    everywhere = await registry.get("/v1/reports/study-visits", caller={}, area=WEST_KAZAKHSTAN)
    listed = await registry.get(VISITS, caller={}, country="RU", count="exact")

    assert (russia["visits"], russia["visits_anywhere"]) == (1, 3)
    assert (russia["people"], russia["organisations"], russia["with_outcomes"]) == (8, 2, 1)
    assert [(one["country"], one["visits"]) for one in everywhere["countries"]] == [("KZ", 2), ("RU", 1)]
    assert (listed["total"], listed["items"][0]["id"]) == (1, kazan["id"])
    assert listed["items"][0]["outcomes"]["ru"] == "Договорились об обмене"
    joined = await registry.get(VISITS, caller={}, participant_id=second["id"])
    assert {one["country"] for one in joined["items"]} == {"KZ", "RU"}
    with_them = await registry.get("/v1/reports/study-visits", caller={}, participant_id=second["id"])
    assert (with_them["visits"], with_them["organisations"]) == (2, 2)


async def test_b5_a_return_before_the_departure_is_refused_and_one_on_the_same_day_is_not(registry: Registry) -> None:
    school = await registry.organisation("№7 мектеп", area=WEST_KAZAKHSTAN)
    body = {
        "organiser_id": school["id"],
        "country": "KZ",
        "city": {"kk": "Астана"},
        "team": [{"organisation_id": school["id"], "people": 1}],
        "departs_on": "2022-11-14",
    }

    problem = await registry.post(VISITS, {**body, "returns_on": "2022-11-13"}, expect=422)
    same_day = await registry.post(VISITS, {**body, "returns_on": "2022-11-14"})
    patched = await registry.call(
        "PATCH", f"{VISITS}/{same_day['id']}", {"departs_on": "2022-11-15"}, expect=422, if_match="*"
    )

    assert (problem["code"], problem["errors"][0]["pointer"]) == ("return_before_departure", "/returns_on")
    assert patched.json()["code"] == "return_before_departure"


async def test_c4_a_project_of_20_books_takes_20_and_refuses_the_21st(registry: Registry) -> None:
    school = await registry.organisation("№153 мектеп", area=KYZYLORDA)
    books = await project(registry, owner_id=school["id"], title={"kk": "Оқуға ұсынылатын 20 кітап"}, items_planned=20)
    url = f"{PROJECTS}/{books['id']}"

    for number in range(1, 21):
        added = await registry.post(
            f"{url}/items", {"title": {"kk": f"«Кітап {number}»"}, "url": f"https://kitap.kz/book/{number}"}
        )
        assert added["number"] == number
    refused = await registry.post(f"{url}/items", {"title": {"kk": "«Кітап 21»"}}, expect=422)

    assert (refused["code"], refused["context"]["items_planned"]) == ("items_limit", 20)
    read = await registry.get(url, caller={})
    assert (read["item_count"], read["items_planned"], read["kind"]) == (20, 20, "reading")
    listed = await registry.get(f"{url}/items", caller={}, limit=15)
    rest = await registry.get(f"{url}/items", caller={}, limit=15, cursor=listed["next_cursor"], count="exact")
    assert [one["number"] for one in (*listed["items"], *rest["items"])] == list(range(1, 21))
    fewer = await registry.call("PATCH", url, {"items_planned": 19}, expect=422, if_match="*")
    assert (fewer.json()["code"], fewer.json()["context"]["item_count"]) == ("fewer_than_there", 20)
    await registry.call("DELETE", f"{url}/items/{listed['items'][0]['id']}", expect=204, if_match="*")
    assert (await registry.post(f"{url}/items", {"title": {"kk": "Тағы бір кітап"}}))["number"] == 21


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://kitap.kz/book/1", "validation_failed"),
        ("javascript:alert(1)", "validation_failed"),
        ("ftp://kitap.kz/book", "validation_failed"),
        ("https://kitap.kz@evil.example/", "validation_failed"),
        ("https://kitap.kz:8443/", "validation_failed"),
        ("https://kitap.kz\\.evil.example/", "validation_failed"),
        ("https://kitap.kz/a\x00b", "validation_failed"),
        ("https://evil.example/kitap.kz", "link_host_not_listed"),
        ("https://notkitap.kz/", "link_host_not_listed"),
        ("https://kitap.kz.evil.example/", "link_host_not_listed"),
        ("https://127.0.0.1/", "link_host_not_listed"),
    ],
)
async def test_c4_a_link_is_https_and_leads_to_a_listed_site(registry: Registry, url: str, code: str) -> None:
    made = await project(registry)

    problem = await registry.post(f"{PROJECTS}/{made['id']}/links", {"url": url}, expect=422)

    assert (problem["code"], problem["errors"][0]["pointer"]) == (code, "/url")


async def test_c4_links_lead_to_the_countrys_list_and_further_only_with_approval(registry: Registry) -> None:
    school = await registry.organisation("№154 мектеп", area=KYZYLORDA)
    director = registry.headers("director", organisation=school["id"])
    officer = registry.headers("region_officer", area=KYZYLORDA)
    made = await project(registry, owner_id=school["id"])
    url = f"{PROJECTS}/{made['id']}"
    gutenberg = {"url": "https://www.gutenberg.org/ebooks/2600", "title": {"en": "World classics"}}

    linked = await registry.post(f"{url}/links", {"url": "https://www.kitap.kz/"}, caller=director)
    refused = await registry.post(f"{url}/links", gutenberg, expect=422, caller=director)
    hosts = {"link_hosts": ["gutenberg.org"]}
    alone = await registry.call("PATCH", url, hosts, expect=403, caller=director, if_match="*")
    await registry.call("PATCH", url, hosts, expect=200, caller=officer, if_match="*")
    further = await registry.post(f"{url}/links", gutenberg, caller=director)

    assert [one["url"] for one in linked["links"]] == ["https://www.kitap.kz/"]
    assert (refused["code"], "kitap.kz" in refused["context"]["hosts"]) == ("link_host_not_listed", True)
    assert alone.json()["code"] == "scope_missing"
    assert [one["url"] for one in further["links"]] == ["https://www.kitap.kz/", gutenberg["url"]]
    link_id = further["links"][0]["id"]
    await registry.call("DELETE", f"{url}/links/{link_id}", expect=204, caller=director, if_match="*")
    assert len((await registry.get(url))["links"]) == 1


async def test_c5_a_schools_project_leads_up_through_its_programme_to_its_region(registry: Registry) -> None:
    school = await registry.organisation("№101 мектеп", area=KYZYLORDA)
    nation = await project(registry, level="programme", title={"kk": "Оқуға құштар ұлт"}, area=None)
    schools = await project(registry, level="programme", title={"kk": "Оқуға құштар мектеп"}, parent_id=nation["id"])
    books = await project(
        registry,
        title={"kk": "«101-ге 101 кітап»"},
        owner_id=school["id"],
        parent_id=schools["id"],
        items_planned=101,
    )

    read = await registry.get(f"{PROJECTS}/{books['id']}", caller={})
    below = await registry.get(PROJECTS, caller={}, under=nation["id"], count="exact")
    in_region = await registry.get(PROJECTS, caller={}, under=nation["id"], area=KYZYLORDA, level="project")

    assert [one["title"]["kk"] for one in read["above"]] == ["Оқуға құштар ұлт", "Оқуға құштар мектеп"]
    assert read["area_path"][0] == KYZYLORDA
    assert below["total"] == 2
    assert [one["id"] for one in in_region["items"]] == [books["id"]]
    circle = await registry.call(
        "PATCH", f"{PROJECTS}/{nation['id']}", {"parent_id": schools["id"]}, expect=422, if_match="*"
    )
    assert circle.json()["code"] == "projects_in_circle"
    inside = {"level": "programme", "kind": "reading", "title": {"kk": "x"}, "parent_id": books["id"]}
    assert (await registry.post(PROJECTS, inside, expect=422))["code"] == "parent_not_programme"
    turned = await registry.call("PATCH", f"{PROJECTS}/{nation['id']}", {"level": "project"}, expect=422, if_match="*")
    assert turned.json()["code"] == "parent_not_programme"


async def test_projects_plans_and_visits_of_another_district_are_out_of_reach(registry: Registry) -> None:
    school = await registry.organisation("№8 мектеп", area=AUEZOV)
    stranger = registry.headers("region_officer", area=ALATAU)
    made = await project(registry, owner_id=school["id"])
    plan = {"title": {"kk": "Жоспар"}, "model": {"kk": "Модель"}, "organisation_id": school["id"]}
    gone = {
        "organiser_id": school["id"],
        "country": "KZ",
        "city": {"kk": "Астана"},
        "team": [{"organisation_id": school["id"], "people": 1}],
        "departs_on": "2022-11-14",
        "returns_on": "2022-11-15",
    }
    body = {"kind": "reading", "title": {"kk": "Оқу"}}

    refused = [
        await registry.post(PROJECTS, {**body, "owner_id": school["id"]}, expect=403, caller=stranger),
        await registry.post(PROJECTS, {**body, "area": AUEZOV}, expect=403, caller=stranger),
        await registry.post(PROJECTS, body, expect=403, caller=stranger),
        await registry.post(f"{PROJECTS}/{made['id']}/items", {"title": {"kk": "x"}}, expect=403, caller=stranger),
        await registry.post(PLANS, plan, expect=403, caller=stranger),
        await registry.post(VISITS, gone, expect=403, caller=stranger),
    ]

    assert {problem["code"] for problem in refused} == {"out_of_reach"}


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"owner_id": str(uuid4())}, "organisation_unknown", "/owner_id"),
        ({"parent_id": str(uuid4())}, "project_unknown", "/parent_id"),
        ({"area": "799999999"}, "area_unknown", "/area"),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "period_reversed", "/ends_on"),
        ({"items_planned": 0}, "validation_failed", "/items_planned"),
        ({"link_hosts": ["127.0.0.1"]}, "validation_failed", "/link_hosts/0"),
        (
            {"stakeholders": [{"organisation_id": str(uuid4())}]},
            "organisation_unknown",
            "/stakeholders/0/organisation_id",
        ),
        ({"stakeholders": [{"role": "partner"}]}, "validation_failed", "/stakeholders/0"),
    ],
)
async def test_a_project_that_is_wrong_is_refused_with_the_place_of_the_mistake(
    registry: Registry, fields: dict[str, Any], code: str, pointer: str
) -> None:
    body = {"kind": "reading", "title": {"kk": "Оқу"}, "area": KYZYLORDA, **fields}

    problem = await registry.post(PROJECTS, body, expect=422)

    assert (problem["code"], problem["errors"][0]["pointer"]) == (code, pointer)


async def test_projects_are_taken_out_as_a_file(registry: Registry) -> None:
    made = await project(registry, title={"kk": "=Файл"}, kind="file_kind")

    file = await registry.call("GET", PROJECTS, expect=200, caller={"Accept": "text/csv"}, params={"kind": "file_kind"})

    assert file.text.splitlines()[1].startswith(f"{made['id']},project,file_kind,'=Файл")
