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


async def promise(
    registry: Registry, memorandum: dict[str, Any], obligor: int, ru: str, **fields: Any
) -> dict[str, Any]:
    parties = [party["id"] for party in memorandum["parties"]]
    body = {"obligor": parties[obligor], "beneficiary_parties": [parties[1 - obligor]], "text": {"ru": ru}, **fields}
    return await registry.post(f"/v1/memoranda/{memorandum['id']}/commitments", body)


async def prove(registry: Registry, commitment: dict[str, Any]) -> None:
    path = f"/v1/commitments/{commitment['id']}/evidence"
    item = await registry.post(path, {"link": "https://bilim.example/protocol"})
    officer = registry.headers("region_officer", subject="second", area=SHYMKENT)
    await registry.post(f"{path}/{item['id']}/review", {"accepted": True}, expect=200, caller=officer)


async def agreement(registry: Registry) -> dict[str, Any]:
    akimat, nis = await akimat_and_nis(registry)
    memorandum = await draft(
        registry,
        {"organisation_id": akimat["id"], "kind": "akimat"},
        {"organisation_id": nis["id"]},
        since="2018-10-01",
    )
    return await in_force(registry, memorandum)


async def test_a2_of_three_commitments_one_is_owed_by_the_akimat(registry: Registry) -> None:
    memorandum = await agreement(registry)
    await promise(registry, memorandum, 1, "НИШ повышает профессионализм учителей")
    await promise(registry, memorandum, 1, "НИШ внедряет инновационные технологии обучения в школах города")
    conditions = await promise(registry, memorandum, 0, "Акимат создаёт условия и оказывает содействие")
    path = f"/v1/memoranda/{memorandum['id']}/commitments"

    everything = await registry.get(path, count="exact")
    of_akimat = await registry.get(path, obligor="akimat", caller=registry.headers(None))
    of_nis = await registry.get(path, obligor=memorandum["parties"][1]["organisation_id"])

    assert everything["total"] == 3
    assert [one["id"] for one in of_akimat["items"]] == [conditions["id"]]
    assert of_akimat["items"][0]["obligor"]["name"]["ru"] == "Акимат города Шымкента"
    assert len(of_nis["items"]) == 2


async def test_a2_a_commitment_is_not_fulfilled_without_evidence_that_a_second_person_accepted(
    registry: Registry,
) -> None:
    memorandum = await agreement(registry)
    commitment = await promise(registry, memorandum, 0, "Акимат создаёт условия")
    path = f"/v1/commitments/{commitment['id']}"

    without = await registry.post(f"{path}/fulfil", {}, expect=409)
    item = await registry.post(f"{path}/evidence", {"link": "https://bilim.example/act"})
    unread = await registry.post(f"{path}/fulfil", {}, expect=409)
    own = await registry.post(f"{path}/evidence/{item['id']}/review", {"accepted": True}, expect=409)
    officer = registry.headers("region_officer", subject="second", area=SHYMKENT)
    review = f"{path}/evidence/{item['id']}/review"
    accepted = await registry.post(review, {"accepted": True}, expect=200, caller=officer)
    fulfilled = await registry.post(f"{path}/fulfil", {}, expect=200)
    steps = await registry.get(f"{path}/transitions")

    assert without["code"] == unread["code"] == "evidence_missing"
    assert without["context"] == {"submitted": 0, "accepted": 0}
    assert unread["context"] == {"submitted": 1, "accepted": 0}
    assert own["code"] == "four_eyes_needed"
    assert accepted["review"] == "accepted"
    assert (fulfilled["status"], fulfilled["delivery"], fulfilled["evidence_count"]) == ("fulfilled", "green", 1)
    assert [step["action"] for step in steps["items"]] == ["make", "fulfil"]


async def test_a2_a_plain_link_is_no_evidence_and_a_rejection_needs_its_reason(registry: Registry) -> None:
    commitment = await promise(registry, await agreement(registry), 0, "Акимат создаёт условия")
    path = f"/v1/commitments/{commitment['id']}/evidence"
    item = await registry.post(path, {"link": "https://bilim.example/act"})
    officer = registry.headers("region_officer", subject="second", area=SHYMKENT)
    elsewhere = registry.headers("region_officer", subject="third", area=KYZYLORDA)

    await registry.post(path, {"link": "http://bilim.example/act"}, expect=422)
    await registry.post(path, {}, expect=422)
    unknown = await registry.post(path, {"document": "sha256:" + "0" * 64}, expect=422)
    silent = await registry.post(f"{path}/{item['id']}/review", {"accepted": False}, expect=422, caller=officer)
    await registry.post(f"{path}/{item['id']}/review", {"accepted": True}, expect=403, caller=elsewhere)

    assert unknown["code"] == "document_unknown"
    assert silent["errors"][0]["code"] == "reason_needed"


async def test_the_akim_sees_which_commitments_are_due_and_without_evidence(registry: Registry) -> None:
    memorandum = await agreement(registry)
    soon, later = TODAY + timedelta(days=20), TODAY + timedelta(days=40)
    due = await promise(registry, memorandum, 0, "Срок близко", due=soon.isoformat())
    proven = await promise(registry, memorandum, 0, "Срок близко, есть акт", due=soon.isoformat())
    await promise(registry, memorandum, 0, "Срок далеко", due=later.isoformat())
    await prove(registry, proven)
    theirs: dict[str, Any] = {"area": SHYMKENT, "limit": 200}

    in_a_month = await registry.get("/v1/reports/commitments-due", **theirs)
    unproven = await registry.get("/v1/reports/commitments-due", without_evidence=True, **theirs)
    elsewhere = await registry.get("/v1/reports/commitments-due", area=KYZYLORDA)

    assert [one["id"] for one in in_a_month["items"]] == [due["id"], proven["id"]]
    assert [one["days_left"] for one in in_a_month["items"]] == [20, 20]
    assert [one["id"] for one in unproven["items"]] == [due["id"]]
    assert elsewhere["items"] == []
