"""Clubs paid through the social wallet: who takes the voucher, monthly counts, and no child in them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.registry import ALATAU, AUEZOV, SHYMKENT, Registry

PROVIDERS, COUNTS = "/v1/club-providers", "/v1/club-counts"
IIN = "850101300124"
"""Made up; its check digit is right."""


async def provider(registry: Registry, **fields: Any) -> dict[str, Any]:
    """A robotics club in Shymkent that takes no voucher unless said otherwise."""
    return await registry.post(
        PROVIDERS, {"name": {"kk": "Робототехника үйірмесі"}, "area": SHYMKENT, "directions": ["robotics"], **fields}
    )


def month(school: dict[str, Any], club: dict[str, Any], **numbers: Any) -> dict[str, Any]:
    """March 2026 with 24 children, 11 vouchers and 180 visits unless said otherwise."""
    whose = {"school_id": school["id"], "provider_id": club["id"], "direction": "robotics"}
    return {"month": "2026-03", **whose, "children": 24, "vouchers": 11, "visits": 180, **numbers}


async def test_d11_a_provider_that_accepts_the_social_wallet_is_listed_and_others_are_not(registry: Registry) -> None:
    palace = await registry.organisation("Оқушылар сарайы", type="supplementary", kind="youth_palace", area=ALATAU)
    takes = await provider(
        registry,
        name={"kk": "«Самұрық» үйірмесі", "ru": "Кружок «Самрук»"},
        area=None,
        organisation_id=palace["id"],
        directions=["robotics", "chess"],
        age_from=8,
        age_to=14,
        accepts_social_wallet=True,
    )
    does_not = await provider(registry, area=ALATAU)

    async def ids(**params: Any) -> set[str]:
        listed = await registry.get(PROVIDERS, caller={}, area=ALATAU, **params)
        return {one["id"] for one in listed["items"]}

    assert await ids(accepts_social_wallet="true") == {takes["id"]}
    assert await ids(accepts_social_wallet="false") == {does_not["id"]}
    assert await ids() == {takes["id"], does_not["id"]}
    assert await ids(direction="chess", age=10) == {takes["id"]}
    assert await ids(direction="chess", age=7) == set()
    assert await ids(q="самрук") == {takes["id"]}
    assert (takes["area"], takes["organisation"]["name"]["kk"]) == (ALATAU, "Оқушылар сарайы")
    changed = await registry.call(
        "PATCH", f"{PROVIDERS}/{does_not['id']}", {"accepts_social_wallet": True}, expect=200, if_match="*"
    )
    assert changed.json()["version"] == 2
    assert await ids(accepts_social_wallet="true") == {takes["id"], does_not["id"]}


@pytest.mark.parametrize(
    ("extra", "pointer"),
    [
        ({"iin": IIN}, "/counts/1/iin"),
        ({"ЖСН": IIN}, "/counts/1/ЖСН"),
        ({"ИИН ребёнка": None}, "/counts/1/ИИН ребёнка"),
        ({"pupil_name": "…"}, "/counts/1/pupil_name"),
        ({"childId": 7}, "/counts/1/childId"),
        ({"pupils": [{"iin": IIN}]}, "/counts/1/pupils"),
        ({"comment": f"оқушы {IIN}"}, "/counts/1/comment"),
        ({"reference": int(IIN)}, "/counts/1/reference"),
        ({"оқушы": {"тегі": "…"}}, "/counts/1/оқушы"),
    ],
)
async def test_d11_rows_with_a_childs_identifier_are_refused_as_field_not_accepted(
    registry: Registry, extra: dict[str, Any], pointer: str
) -> None:
    school, club = await registry.organisation(), await provider(registry)
    rows = [month(school, club), {**month(school, club, month="2026-02"), **extra}]

    problem = await registry.post(COUNTS, {"counts": rows}, expect=422)

    assert problem["code"] == "field_not_accepted"
    assert [(error["code"], error["pointer"]) for error in problem["errors"]] == [("field_not_accepted", pointer)]
    assert IIN not in str(problem)
    assert (await registry.get(COUNTS, school_id=school["id"]))["items"] == []


async def test_d11_every_field_about_a_child_is_told_at_once_and_a_misspelt_one_is_only_unknown(
    registry: Registry,
) -> None:
    school, club = await registry.organisation(), await provider(registry)
    rows = [{**month(school, club), "iin": IIN, "surname": "…"}, {**month(school, club), "birth_date": "2015-01-01"}]

    many = await registry.post(COUNTS, {"counts": rows}, expect=422)
    unknown = await registry.post(COUNTS, {"counts": [{**month(school, club), "voucher": 3}]}, expect=422)
    in_a_name = await registry.post(
        PROVIDERS, {"name": {"ru": f"ИП {IIN}"}, "area": SHYMKENT, "directions": ["music"]}, expect=422
    )

    assert {error["pointer"] for error in many["errors"]} == {
        "/counts/0/iin",
        "/counts/0/surname",
        "/counts/1/birth_date",
    }
    assert (unknown["code"], unknown["errors"][0]["pointer"]) == ("validation_failed", "/counts/0/voucher")
    assert (in_a_name["code"], in_a_name["errors"][0]["pointer"]) == ("field_not_accepted", "/name/ru")


async def test_d11_monthly_counts_are_taken_once_and_a_later_word_takes_the_place_of_the_former(
    registry: Registry,
) -> None:
    school, club = await registry.organisation(), await provider(registry)
    batch = {"counts": [month(school, club), month(school, club, month="2026-02")]}

    first = await registry.post(COUNTS, batch)
    again = await registry.post(COUNTS, batch)
    mended = await registry.post(COUNTS, {"counts": [month(school, club, children=25)]})

    assert first == {"added": 2, "changed": 0, "unchanged": 0}
    assert again == {"added": 0, "changed": 0, "unchanged": 2}
    assert mended == {"added": 0, "changed": 1, "unchanged": 0}
    listed = await registry.get(COUNTS, caller={}, school_id=school["id"], count="exact")
    assert [(one["month"], one["children"]) for one in listed["items"]] == [("2026-03", 25), ("2026-02", 24)]
    assert listed["total"] == 2
    since: dict[str, Any] = {"provider_id": club["id"], "from": "2026-03"}
    in_march = await registry.get(COUNTS, caller={}, **since)
    assert [one["month"] for one in in_march["items"]] == ["2026-03"]
    told = await registry.get("/v1/audit", resource_type="club_count", resource_id=in_march["items"][0]["id"])
    assert [entry["changes"]["children"] for entry in told["items"] if entry["action"] == "update"] == [[24, 25]]


@pytest.mark.parametrize(
    ("numbers", "shown", "suppressed"),
    [
        ({"children": 5, "vouchers": 0}, (5, 0, 180), []),
        ({"children": 4, "vouchers": 0}, (None, None, None), ["children", "vouchers", "visits"]),
        ({"children": 24, "vouchers": 3}, (24, None, 180), ["vouchers"]),
        ({"children": 24, "vouchers": 22}, (24, None, 180), ["vouchers"]),
        ({"children": 24, "vouchers": 24}, (24, 24, 180), []),
    ],
)
async def test_d11_counts_below_5_are_hidden_from_the_public_and_so_is_what_gives_them_away(
    registry: Registry, numbers: dict[str, int], shown: tuple[int | None, ...], suppressed: list[str]
) -> None:
    school, club = await registry.organisation(), await provider(registry)
    await registry.post(COUNTS, {"counts": [month(school, club, **numbers)]})

    (public,) = (await registry.get(COUNTS, caller={}, school_id=school["id"]))["items"]
    (trusted,) = (await registry.get(COUNTS, school_id=school["id"]))["items"]
    file = await registry.call(
        "GET", COUNTS, expect=200, caller={"Accept": "application/x-ndjson"}, params={"school_id": school["id"]}
    )

    assert (public["children"], public["vouchers"], public["visits"]) == shown
    assert public["suppressed"] == suppressed
    assert (trusted["children"], trusted["vouchers"]) == (numbers["children"], numbers["vouchers"])
    assert file.json()["vouchers"] == shown[1]


async def test_counts_of_another_districts_school_are_out_of_reach_and_a_director_tells_of_the_own(
    registry: Registry,
) -> None:
    own, other = await registry.organisation(area=ALATAU), await registry.organisation(area=AUEZOV)
    club = await provider(registry)
    officer = registry.headers("region_officer", area=ALATAU)
    director = registry.headers("director", organisation=own["id"])

    both = {"counts": [month(own, club), month(other, club)]}
    refused = await registry.post(COUNTS, both, expect=403, caller=officer)
    await registry.post(COUNTS, {"counts": [month(other, club)]}, expect=403, caller=director)
    taken = await registry.post(COUNTS, {"counts": [month(own, club)]}, caller=director)
    abroad = {"name": {"kk": "Үйірме"}, "area": AUEZOV, "directions": ["music"]}
    await registry.post(PROVIDERS, abroad, expect=403, caller=officer)

    assert (refused["code"], taken["added"]) == ("out_of_reach", 1)
    assert (await registry.get(COUNTS, school_id=other["id"]))["items"] == []


async def test_a_batch_with_wrong_rows_names_all_of_them_and_takes_none(registry: Registry) -> None:
    school, club = await registry.organisation(), await provider(registry)
    good = month(school, club)

    wrong = await registry.post(
        COUNTS,
        {"counts": [good, good, month(school, {"id": str(uuid4())}), month(school, club, month="2199-01")]},
        expect=422,
    )
    stranger = await registry.post(COUNTS, {"counts": [month({"id": str(uuid4())}, club)]}, expect=422)
    too_many = await registry.post(COUNTS, {"counts": [month(school, club, vouchers=25)]}, expect=422)
    empty = await registry.post(COUNTS, {"counts": []}, expect=422)

    assert wrong["code"] == "counts_refused"
    assert [(error["pointer"], error["code"]) for error in wrong["errors"]] == [
        ("/counts/1", "row_repeated"),
        ("/counts/2/provider_id", "club_provider_unknown"),
        ("/counts/3/month", "month_to_come"),
    ]
    assert (stranger["code"], stranger["errors"][0]["pointer"]) == ("organisation_unknown", "/counts/0/school_id")
    assert too_many["errors"][0]["code"] == "more_vouchers_than_children"
    assert empty["errors"][0]["pointer"] == "/counts"
    assert (await registry.get(COUNTS, school_id=school["id"]))["items"] == []


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 5000, b'{"counts": [{"iin": ', b"\xff\xfe", b'"850101300124"'])
async def test_a_body_that_is_no_batch_is_refused_and_never_breaks_the_look_for_children(
    registry: Registry, body: bytes
) -> None:
    headers = {**registry.headers(), "Content-Type": "application/json"}

    answer = await registry.client.post(COUNTS, content=body, headers=headers)

    assert answer.status_code in {400, 422}
