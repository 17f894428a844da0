"""Memoranda and what is owed under them: scenarios A1, A2, B7, C6 and traps F9, F12."""

from datetime import timedelta
from typing import Any

from shared import clock
from shared.clock import day_in_kazakhstan
from tests.support.registry import KYZYLORDA, SHYMKENT, WEST_KAZAKHSTAN, Registry

TODAY = day_in_kazakhstan(clock.now())


async def akimat_and_nis(registry: Registry) -> tuple[dict[str, Any], dict[str, Any]]:
    akimat = await registry.organisation("Шымкент қаласының әкімдігі", "Акимат города Шымкента", type="authority")
    nis = await registry.organisation(
        "«Назарбаев Зияткерлік мектептері» ДББҰ",
        "АОО «Назарбаев Интеллектуальные школы»",
        type="provider",
        kind="network_operator",
        area="710000000",
    )
    return akimat, nis


async def draft(registry: Registry, *parties: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return await registry.post(
        "/v1/memoranda",
        {
            "title": {"kk": "Ынтымақтастық туралы меморандум", "ru": "Меморандум о сотрудничестве"},
            "area": SHYMKENT,
            "parties": list(parties),
            **fields,
        },
    )


async def in_force(registry: Registry, memorandum: dict[str, Any], **signing: Any) -> dict[str, Any]:
    path = f"/v1/memoranda/{memorandum['id']}"
    await registry.post(f"{path}/submit", {}, expect=200)
    await registry.post(f"{path}/send", {}, expect=200)
    return await registry.post(f"{path}/sign", signing, expect=200)


async def test_a1_a_memorandum_whose_day_of_signing_is_not_known_is_found_by_its_party(registry: Registry) -> None:
    akimat, nis = await akimat_and_nis(registry)

    memorandum = await draft(
        registry,
        {
            "organisation_id": akimat["id"],
            "kind": "akimat",
            "role": "initiator",
            "signatory": {"position": {"kk": "Қала әкімі", "ru": "Аким города"}, "basis": "Заң"},
        },
        {"organisation_id": nis["id"]},
        signed_on=None,
    )
    signed = await in_force(registry, memorandum)
    listed = await registry.get("/v1/memoranda", party=nis["id"])

    assert (memorandum["signed_on"], memorandum["signed_on_precision"]) == (None, "unknown")
    assert [party["kind"] for party in memorandum["parties"]] == ["akimat", "network_operator"]
    assert memorandum["status"] == "draft"
    assert (signed["status"], signed["signed_on"], signed["signed_on_precision"]) == ("in_force", None, "unknown")
    assert [one["id"] for one in listed["items"]] == [memorandum["id"]]


async def test_a1_a_signing_with_one_party_is_422(registry: Registry) -> None:
    akimat = await registry.organisation("Әкімдік", type="authority")
    memorandum = await draft(registry, {"organisation_id": akimat["id"]})
    path = f"/v1/memoranda/{memorandum['id']}"

    at_once = await registry.post(f"{path}/sign", {}, expect=422)
    await registry.post(f"{path}/submit", {}, expect=200)
    await registry.post(f"{path}/send", {}, expect=200)
    refused = await registry.post(f"{path}/sign", {}, expect=422)
    after = await registry.get(path)

    assert at_once["code"] == refused["code"] == "parties_too_few"
    assert after["status"] == "sent"
    (sign,) = (one for one in after["allowed_actions"] if one["action"] == "sign")
    assert (sign["allowed"], sign["why_not"]["code"]) == (False, "parties_too_few")


async def test_b7_a_foreign_party_needs_a_country_and_no_bin_a_kazakhstani_one_needs_its_bin(
    registry: Registry,
) -> None:
    academy = await registry.organisation("Орал академиясы", type="provider", area=WEST_KAZAKHSTAN)
    kazan = {"name": {"ru": "Управление образования города Казани"}, "country": "RU"}
    uralsk = {"name": {"ru": "ТОО «Партнёр»"}, "country": "KZ"}

    made = await draft(registry, {"organisation_id": academy["id"]}, kazan, area=WEST_KAZAKHSTAN)
    without_bin = {"title": {"kk": "М"}, "area": WEST_KAZAKHSTAN, "parties": [uralsk]}
    refused = await registry.post("/v1/memoranda", without_bin, expect=422)
    nowhere = {"title": {"kk": "М"}, "area": WEST_KAZAKHSTAN, "parties": [{"name": {"ru": "Кто-то"}}]}
    without_country = await registry.post("/v1/memoranda", nowhere, expect=422)

    assert made["parties"][1]["country"] == "RU"
    assert made["parties"][1]["bin"] is None
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("bin_needed", "/parties/0/bin")
    assert without_country["code"] == "country_needed"


async def test_f12_a_bin_is_checked_by_its_last_digit(registry: Registry) -> None:
    akimat = await registry.organisation("Әкімдік", type="authority")
    partner = {"name": {"ru": "ТОО «Партнёр»"}, "country": "KZ", "kind": "business"}

    made = await draft(registry, {"organisation_id": akimat["id"]}, {**partner, "bin": "050340004557"})
    body = {"title": {"kk": "М"}, "area": SHYMKENT, "parties": [{**partner, "bin": "050340004558"}]}
    refused = await registry.post("/v1/memoranda", body, expect=422)

    assert made["parties"][1]["bin"] == "050340004557"
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("identifier_malformed", "/parties/0/bin")


async def test_c6_f9_an_agreement_of_a_department_is_among_those_of_its_university(registry: Registry) -> None:
    university = await registry.organisation(
        "Әл-Фараби атындағы ҚазҰУ", "КазНУ имени аль-Фараби", type="provider", kind="university", area="750000000"
    )
    department = await registry.organisation(
        "Химия және химиялық технология факультеті",
        "Факультет химии и химической технологии",
        type="provider",
        kind="subunit",
        area="750000000",
        parent_id=university["id"],
    )
    school = await registry.organisation("№153 мектеп", area=KYZYLORDA)

    agreement = await draft(
        registry,
        {"organisation_id": school["id"]},
        {"organisation_id": department["id"]},
        kinds=["career_guidance", "research"],
        area=KYZYLORDA,
    )
    of_university = await registry.get("/v1/memoranda", party=university["id"])
    of_department = await registry.get("/v1/memoranda", party=department["id"])
    by_kind = await registry.get("/v1/memoranda", kind="career_guidance", area=KYZYLORDA)

    assert agreement["kinds"] == ["career_guidance", "research"]
    assert agreement["parties"][1]["part_of"] == university["id"]
    assert agreement["parties"][1]["kind"] == "subunit"
    for listed in (of_university, of_department, by_kind):
        assert [one["id"] for one in listed["items"]] == [agreement["id"]]


async def test_an_end_before_its_start_is_422(registry: Registry) -> None:
    akimat, nis = await akimat_and_nis(registry)
    body = {
        "title": {"kk": "М"},
        "area": SHYMKENT,
        "parties": [{"organisation_id": akimat["id"]}, {"organisation_id": nis["id"]}],
        "starts_on": "2026-09-01",
        "ends_on": "2026-08-31",
    }

    refused = await registry.post("/v1/memoranda", body, expect=422)

    assert (refused["code"], refused["errors"][0]["pointer"]) == ("end_before_start", "/ends_on")


async def test_what_was_concluded_is_public_and_a_draft_is_not(registry: Registry) -> None:
    akimat, nis = await akimat_and_nis(registry)
    parties = [{"organisation_id": akimat["id"]}, {"organisation_id": nis["id"]}]
    secret = await draft(registry, *parties)
    signed = await in_force(registry, await draft(registry, *parties), signed_on="2026-09")
    stranger = registry.headers(None)

    seen = await registry.get(f"/v1/memoranda/{signed['id']}", caller=stranger)
    listed = await registry.get("/v1/memoranda", caller=stranger, party=akimat["id"])

    await registry.get(f"/v1/memoranda/{secret['id']}", caller=stranger, expect=404)
    assert (seen["signed_on"], seen["signed_on_precision"]) == ("2026-09", "month")
    assert seen["version"] is None
    assert seen["allowed_actions"] is None
    assert [one["id"] for one in listed["items"]] == [signed["id"]]
