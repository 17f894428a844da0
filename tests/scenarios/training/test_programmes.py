"""Programmes and who may join them: B6, D3, D4, D5 and what follows from them."""

from datetime import date
from typing import Any

from tests.support.training import SHYMKENT, World

Json = dict[str, Any]
_FIRST, _LAST = date(2026, 1, 5), date(2026, 1, 8)
_SEVEN = ("physics", "chemistry", "biology", "informatics", "artificial_intelligence", "laboratory", "adal_azamat")
_DECISION = {"approved": True, "decided_by": "Committee for Quality", "decided_on": "2025-12-01"}
_ALL_THREE = {"min_attendance": 0.8, "tasks_required": True, "min_score": 60}


async def test_d3_seven_modules_sum_to_the_hours_and_36_count_toward_the_norm_while_32_do_not(world: World) -> None:
    async def certified(hours: list[int]) -> Json:
        programme = await world.programme(hours=hours, subjects=_SEVEN, academic_hours=sum(hours))
        cohort = await world.cohort(programme_id=programme, venues=[1], first=_FIRST, last=_LAST)
        enrolment = await world.complete(await world.enrol(cohort, await world.educator()))
        return await world.post("/v1/certificates", {"enrolment_id": enrolment["id"]})

    four_by_eight, four_by_nine = await certified([5, 5, 5, 5, 4, 4, 4]), await certified([6, 5, 5, 5, 5, 5, 5])
    modules = [{"subject": one, "name": {"ru": one}, "academic_hours": 5} for one in _SEVEN]
    body = {
        "provider_id": world.provider_id,
        "code": "D3-WRONG",
        "name": {"kk": "Келешек", "ru": "Келешек"},
        "kind": "course",
        "modules": modules,
        "academic_hours": 36,
    }
    wrong = await world.post("/v1/programmes", body, status=422)

    assert (four_by_eight["academic_hours"], four_by_eight["counts_toward_norm"]) == (32, False)
    assert four_by_eight["reason"] == "below_36_hours"
    assert (four_by_nine["academic_hours"], four_by_nine["counts_toward_norm"]) == (36, True)
    assert (wrong["code"], wrong["context"]) == ("hours_do_not_add_up", {"modules": 35, "programme": 36})


async def test_d4_seminars_are_found_by_theme_subject_language_and_kazakh_words_and_go_out_as_a_file(
    world: World,
) -> None:
    lab = await world.programme(
        kind="seminar",
        theme="modern_laboratory",
        mode="off_the_job",
        languages=["kk", "ru"],
        name={"kk": "Заманауи зертхана", "ru": "Современная лаборатория"},
        subjects=["laboratory_skills"],
    )
    upbringing = await world.programme(
        kind="seminar",
        theme="upbringing_ecosystem",
        languages=["ru"],
        name={"kk": "Тәрбие экожүйесі", "ru": "Экосистема воспитания"},
        valid_from="2026-01-01",
        valid_until="2027-01-01",
    )

    async def found(**filters: Any) -> list[str]:
        listed = await world.get("/v1/programmes", **{"kind": "seminar", **filters})
        return sorted(one["id"] for one in listed["items"])

    assert await found() == sorted([lab, upbringing])
    assert await found(theme="modern_laboratory") == [lab]
    assert await found(subject="laboratory_skills") == [lab]
    assert await found(language="kk") == [lab]
    assert await found(mode="off_the_job") == [lab]
    assert await found(q="тарбие") == await found(q="ТӘРБИЕ эко") == [upbringing]
    assert await found(q="zamanaui") == [lab]
    assert await found(valid_on="2027-01-01") == [lab]
    file = await world.http.get("/v1/programmes", params={"kind": "seminar"}, headers={"Accept": "text/csv"})
    assert file.headers["content-type"].startswith("text/csv")
    header, *lines = file.text.splitlines()
    assert header.startswith("id,provider_id,code,number,name_kk,name_ru")
    assert len(lines) == 2
    book = await world.http.get(
        "/v1/programmes",
        headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )
    assert book.content[:2] == b"PK"


async def test_b6_an_author_course_gives_no_certificate_until_it_is_reviewed_and_approved_on_a_ground(
    world: World,
) -> None:
    school, council = await world.organisation(), await world.organisation(type_="academy")
    programme = await world.programme(kind="author_course", approved=False, proposer_id=school)
    cohort = await world.cohort(programme_id=programme, venues=[1], first=_FIRST, last=_LAST)
    enrolment = await world.complete(await world.enrol(cohort, await world.educator()))
    path = f"/v1/programmes/{programme}"
    review = {"reviewer": "Expert council", "summary": "Hours and content agree", "reviewed_on": "2025-11-20"}

    unapproved = await world.post("/v1/certificates", {"enrolment_id": enrolment["id"]}, status=409)
    unreviewed = await world.post(f"{path}/approval", _DECISION, status=409)
    own = {**review, "verdict": "favourable", "reviewer_id": school}
    by_itself = await world.post(f"{path}/reviews", own, status=422)
    await world.post(f"{path}/reviews", {**review, "verdict": "unfavourable", "reviewer_id": council})
    unfavourable = await world.post(f"{path}/approval", {**_DECISION, "basis": "No. 4"}, status=409)
    await world.post(f"{path}/reviews", {**review, "verdict": "favourable", "reviewer_id": council})
    groundless = await world.post(f"{path}/approval", _DECISION, status=422)
    approved = await world.post(f"{path}/approval", {**_DECISION, "basis": "Protocol No. 4"})
    too_late = await world.post(f"{path}/reviews", {**review, "verdict": "favourable"}, status=409)
    issued = await world.post("/v1/certificates", {"enrolment_id": enrolment["id"]})

    refusals = [one["code"] for one in (unapproved, unreviewed, by_itself, unfavourable, groundless, too_late)]
    assert refusals == [
        "programme_not_approved",
        "review_missing",
        "reviewer_is_proposer",
        "review_unfavourable",
        "basis_missing",
        "already_decided",
    ]
    assert (approved["approval"], approved["approval_basis"], approved["proposer_id"]) == (
        "approved",
        "Protocol No. 4",
        school,
    )
    assert issued["kind"] == "certificate"
    reviews = (await world.get(f"{path}/reviews"))["items"]
    assert [one["verdict"] for one in reviews] == ["unfavourable", "favourable"]


async def test_d5_a_geography_teacher_is_not_eligible_and_every_rule_is_told(world: World) -> None:
    programme = await world.programme(
        audience=[
            {"role": "director"},
            {"role": "teacher", "subjects": ["physics", "chemistry", "biology", "informatics"]},
        ],
        rules=[{"rule": "category", "at_least": "expert"}, {"rule": "experience", "at_least_years": 3}],
    )
    cohort = await world.cohort(programme_id=programme)
    geographer = await world.educator(subjects=["geography"], category="moderator", teaching_since="2028-09-01")
    director = await world.educator(role="director", subjects=[], category="master")

    refused = await world.http.post(
        "/v1/enrolments",
        json={"cohort_id": cohort["id"], "educator_id": geographer},
        headers={"Accept-Language": "ru"},
    )
    why_not = await world.get(f"/v1/cohorts/{cohort['id']}/eligibility", educator_id=geographer)
    enrolled = await world.enrol(cohort, director)

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["context"]) == (422, "not_eligible", {"rule": "subject"})
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
        ("/educator_id", "not_eligible_subject"),
        ("/educator_id", "not_eligible_category"),
        ("/educator_id", "not_eligible_experience"),
    ]
    assert problem["errors"][1]["message"] == "Категория не ниже: педагог-эксперт; у педагога: педагог-модератор"
    assert (why_not["eligible"], why_not["on"]) == (False, "2030-01-05")
    assert [(one["code"], one["ok"]) for one in why_not["trace"]] == [
        ("employment", True),
        ("role", True),
        ("subject", False),
        ("category", False),
        ("experience", False),
    ]
    assert why_not["trace"][4]["facts"] == {"at_least_years": 3, "years": 1}
    assert set(why_not["trace"][2]["message"]) == {"kk", "ru", "en"}
    assert enrolled["status"] == "confirmed"
    assert (await world.get(f"/v1/enrolments/{enrolled['id']}/overrides"))["items"] == []


async def test_why_not_is_told_of_people_within_reach_only(world: World) -> None:
    cohort, person = await world.cohort(), await world.educator()
    path = f"/v1/cohorts/{cohort['id']}/eligibility"

    elsewhere = await world.http.get(
        path, params={"educator_id": person}, headers=world.as_("training_coordinator", area="750000000")
    )
    near = await world.http.get(
        path, params={"educator_id": person}, headers=world.as_("training_coordinator", area=SHYMKENT)
    )
    nobody = await world.get(path, status=404, educator_id="0198c0de-0000-7000-8000-00000000dead")

    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "educator_not_found")
    assert (near.status_code, near.json()["eligible"]) == (200, True)
    assert nobody["code"] == "educator_not_found"


async def test_who_manages_the_courses_sets_a_rule_aside_with_a_reason_that_stays_in_the_trace(world: World) -> None:
    programme = await world.programme(audience=[{"role": "teacher", "subjects": ["physics"]}])
    cohort = await world.cohort(programme_id=programme)
    school = await world.organisation()
    person = await world.educator(school, subjects=["geography"])
    body = {
        "cohort_id": cohort["id"],
        "educator_id": person,
        "override": {"reason_code": "equivalent_training", "comment": "Order No. 95-p"},
    }

    by_director = await world.http.post("/v1/enrolments", json=body, headers=world.as_("director", organisation=school))
    unknown = await world.post("/v1/enrolments", {**body, "override": {"reason_code": "because"}}, status=422)
    enrolled = await world.post("/v1/enrolments", body)

    assert (by_director.status_code, by_director.json()["code"]) == (403, "scope_missing")
    assert (unknown["code"], unknown["errors"][0]["pointer"]) == ("reason_unknown", "/override/reason_code")
    assert enrolled["status"] == "confirmed"
    (kept,) = (await world.get(f"/v1/enrolments/{enrolled['id']}/overrides"))["items"]
    assert (kept["rules"], kept["reason_code"], kept["comment"]) == (
        ["subject"],
        "equivalent_training",
        "Order No. 95-p",
    )
    assert [(one["code"], one["ok"]) for one in kept["trace"]] == [
        ("employment", True),
        ("role", True),
        ("subject", False),
    ]
    (first, *_) = (await world.get(f"/v1/enrolments/{enrolled['id']}/transitions"))["items"]
    assert (first["reason_code"], first["comment"]) == ("equivalent_training", "Order No. 95-p")
    assert kept["actor"] == first["actor"]


async def test_a_certificate_of_one_programme_opens_the_next_and_closes_itself_for_a_while(world: World) -> None:
    basic = await world.programme(code="STEPS-1", approved=True, rules=[{"rule": "not_certified_within", "months": 36}])
    advanced = await world.programme(
        code="STEPS-2", rules=[{"rule": "prerequisite", "programmes": ["STEPS-1"], "within_months": 60}]
    )
    first = await world.cohort(programme_id=basic, first=_FIRST, last=_LAST)
    again = await world.cohort(programme_id=basic, first=date(2028, 1, 5), last=date(2028, 1, 8))
    second = await world.cohort(programme_id=advanced, first=date(2028, 2, 5), last=date(2028, 2, 8))
    person = await world.educator()

    async def asked(cohort: Json) -> list[str]:
        answer = await world.get(f"/v1/cohorts/{cohort['id']}/eligibility", educator_id=person)
        return [one["code"] for one in answer["trace"] if not one["ok"]]

    before = [await asked(again), await asked(second)]
    enrolment = await world.complete(await world.enrol(first, person))
    certificate = await world.post("/v1/certificates", {"enrolment_id": enrolment["id"]})
    after = [await asked(again), await asked(second)]
    refused = await world.enrol(again, person, status=422)

    assert before == [[], ["prerequisite"]]
    assert after == [["not_certified_within"], []]
    issued_on = certificate["issued_on"]
    assert refused["errors"][0]["message"].endswith(f"the certificate: {issued_on}")


async def test_eligible_people_are_counted_by_workplace_without_a_name(world: World) -> None:
    area = "710000000"
    schools = sorted([await world.organisation(area=area, setting=setting) for setting in ("village", "city")])
    village = next(one for one in schools if one)
    programme = await world.programme(
        audience=[{"role": "teacher", "subjects": ["physics"]}],
        rules=[
            {"rule": "category", "at_least": "expert"},
            {"rule": "workplace", "types": ["school"], "areas": [area]},
            {"rule": "last_course_before", "months": 12},
        ],
    )
    await world.educators(3, village, category="expert")
    await world.educators(2, village, category="teacher")
    await world.educators(1, village, category="master", subjects=["geography"])
    await world.educators(1, village, category="expert", left_on="2020-01-01")
    await world.educators(4, schools[1], category="researcher")
    path = f"/v1/programmes/{programme}/eligible-educators"

    counted = await world.get(path, area=area, count="exact")
    page = await world.get(path, area=area, limit=1)
    rest = await world.get(path, area=area, limit=1, cursor=page["next_cursor"])
    elsewhere = await world.http.get(
        path, params={"area": area}, headers=world.as_("training_coordinator", area=SHYMKENT)
    )

    assert counted["total"] == 2
    assert counted["items"] == [*page["items"], *rest["items"]]
    assert counted["items"][0] == {
        "organisation_id": schools[0],
        "educators": 6,
        "eligible": 3,
        "failed": {"category": 2, "subject": 1},
    }
    assert (counted["items"][1]["educators"], counted["items"][1]["eligible"]) == (4, 4)
    assert elsewhere.json()["items"] == []


async def test_a_version_differs_from_the_last_one_by_what_was_changed(world: World) -> None:
    first = await world.programme(hours=[8, 8], subjects=["physics", "music"], theme="modern_laboratory")
    changes = {
        "modules": [
            {"subject": "physics", "name": {"ru": "physics"}, "academic_hours": 9},
            {"subject": "ai", "name": {"ru": "ai"}, "academic_hours": 7},
        ],
        "completion": {**_ALL_THREE, "min_score": 70},
        "rules": [{"rule": "category", "at_least": "expert"}],
        "theme": None,
    }

    second = await world.post(f"/v1/programmes/{first}/versions", changes)
    diff = await world.get(f"/v1/programmes/{first}/diff/{second['id']}")
    unrelated = await world.get(f"/v1/programmes/{first}/diff/{await world.programme()}", status=409)

    assert (second["number"], second["approval"], second["academic_hours"]) == (2, "draft", 16)
    fields = {one["field"]: (one["before"], one["after"]) for one in diff["fields"]}
    assert fields["completion.min_score"] == (60, 70)
    assert fields["theme"] == ("modern_laboratory", None)
    assert fields["rules"] == ([], [{"rule": "category", "at_least": "expert"}])
    assert fields["approval"] == ("approved", "draft")
    assert "name.kk" not in fields
    assert [(one["change"], (one["before"] or one["after"])["subject"]) for one in diff["modules"]] == [
        ("changed", "physics"),
        ("removed", "music"),
        ("added", "ai"),
    ]
    assert unrelated["code"] == "programmes_unrelated"


async def test_a_course_begins_within_the_validity_of_its_programme(world: World) -> None:
    programme = await world.programme(valid_from="2026-01-01", valid_until="2027-01-01")
    body = {
        "programme_id": programme,
        "code": "C-VALIDITY",
        "name": {"kk": "Ағым", "ru": "Поток"},
        "starts_on": "2027-01-01",
        "ends_on": "2027-01-04",
    }

    late = await world.post("/v1/cohorts", body, status=409)
    planned = await world.post("/v1/cohorts", {**body, "starts_on": "2026-12-31"})
    reversed_ = await world.post(
        f"/v1/programmes/{programme}/versions", {"valid_from": "2027-01-01", "valid_until": "2027-01-01"}, status=422
    )

    assert (late["code"], late["errors"][0]["pointer"]) == ("programme_not_valid", "/programme_id")
    assert planned["starts_on"] == "2026-12-31"
    assert (reversed_["code"], reversed_["errors"][0]["pointer"]) == ("validity_reversed", "/valid_until")
