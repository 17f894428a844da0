"""Outcomes, certificates, their numbers, the norm, and what anybody may verify."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.training_api.issuing import service as issuing
from shared import clock
from shared.auth import Actor
from shared.schemas.training.certificates import CertificateCreate
from tests.support.training import World

_FIRST, _LAST = date(2026, 1, 5), date(2026, 1, 8)


async def _earned(world: World, people: Sequence[str], **programme: Any) -> list[dict[str, Any]]:
    """Enrolments that were completed with a pass."""
    taught = await world.programme(**programme)
    cohort = await world.cohort(programme_id=taught, venues=[len(people)], first=_FIRST, last=_LAST)
    return [await world.complete(await world.enrol(cohort, person)) for person in people]


async def test_the_outcome_follows_the_rule_of_the_programme(world: World) -> None:
    cohort = await world.cohort(venues=[10], first=_FIRST, last=_LAST)
    reached: list[dict[str, Any]] = [
        {},
        {"attendance": 0.8, "score": 60},
        {"score": None},
        {"tasks_done": False},
        {"score": 59.9},
        {"attendance": 0.79},
        {"attendance": 0, "tasks_done": False, "score": None},
    ]

    outcomes = [
        await world.complete(await world.enrol(cohort, person), **one)
        for person, one in zip(await world.educators(len(reached)), reached, strict=True)
    ]

    assert [(one["status"], one["outcome"]["unmet"]) for one in outcomes] == [
        ("completed_passed", []),
        ("completed_passed", []),
        ("completed_attended", ["score"]),
        ("completed_attended", ["tasks"]),
        ("failed", ["score"]),
        ("failed", ["attendance"]),
        ("no_show", ["attendance", "tasks", "score"]),
    ]
    assert [one["seat"] is None for one in outcomes] == [False] * 6 + [True]


async def test_a_course_cannot_be_completed_before_it_begins(world: World) -> None:
    cohort = await world.cohort(first=date(2099, 1, 5), last=date(2099, 1, 8))
    enrolment = await world.enrol(cohort, await world.educator())
    body = {"attendance": 1, "tasks_done": True, "score": 90}

    refused = await world.post(f"/v1/enrolments/{enrolment['id']}/complete", body, status=409)

    assert refused["code"] == "course_not_begun"


async def test_36_hours_count_toward_the_norm_and_32_do_not(world: World) -> None:
    (full,) = await _earned(world, [await world.educator()], hours=[9, 9, 9, 9])
    (short,) = await _earned(world, [await world.educator()], hours=[8, 8, 8, 8])

    counted = await world.post("/v1/certificates", {"enrolment_id": full["id"], "issued_on": None})
    not_counted = await world.post("/v1/certificates", {"enrolment_id": short["id"]})

    assert (counted["counts_toward_norm"], counted["reason"], counted["norm_rule"]) == (True, None, "pd-3y/1")
    issued = date.fromisoformat(counted["issued_on"])
    assert date.fromisoformat(counted["expires_on"]).year == issued.year + 3
    assert (not_counted["counts_toward_norm"], not_counted["reason"]) == (False, "below_36_hours")
    assert not_counted["expires_on"] is None


async def test_a_pass_earns_a_certificate_attendance_a_reference_and_failing_nothing(world: World) -> None:
    cohort = await world.cohort(venues=[3], first=_FIRST, last=_LAST)
    enrolments = [await world.enrol(cohort, person) for person in await world.educators(3)]
    await world.complete(enrolments[0], score=None)
    await world.complete(enrolments[1], score=10)

    reference = await world.post("/v1/certificates", {"enrolment_id": enrolments[0]["id"]})
    failed = await world.post("/v1/certificates", {"enrolment_id": enrolments[1]["id"]}, status=409)
    unfinished = await world.post("/v1/certificates", {"enrolment_id": enrolments[2]["id"]}, status=409)
    twice = await world.post("/v1/certificates", {"enrolment_id": enrolments[0]["id"]}, status=409)

    assert reference["kind"] == "attendance_reference"
    assert reference["number"].startswith("ORLEU-R-")
    assert (reference["counts_toward_norm"], reference["reason"]) == (False, "not_a_certificate")
    assert failed["code"] == unfinished["code"] == "not_completed"
    assert (twice["code"], twice["context"]["number"]) == ("already_issued", reference["number"])


async def test_an_authors_course_gives_certificates_only_once_it_is_approved(world: World) -> None:
    (earned,) = await _earned(world, [await world.educator()], kind="author_course", approved=False)
    programme = (await world.get("/v1/programmes", kind="author_course"))["items"][0]["id"]

    refused = await world.post("/v1/certificates", {"enrolment_id": earned["id"]}, status=409)
    decision = {"approved": True, "decided_by": "Committee", "decided_on": "2025-12-01"}
    await world.post(f"/v1/programmes/{programme}/approval", decision)
    issued = await world.post("/v1/certificates", {"enrolment_id": earned["id"]})

    assert refused["code"] == "programme_not_approved"
    assert issued["kind"] == "certificate"


async def test_numbers_have_no_gaps_though_some_are_refused_in_the_rush(world: World) -> None:
    earned = await _earned(world, await world.educators(12))

    answers = await asyncio.gather(
        *(
            world.http.post("/v1/certificates", json={"enrolment_id": one["id"]})
            for one in [*earned, *earned]  # each is asked for twice
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 12 + [409] * 12
    numbers = sorted(answer.json()["number"] for answer in answers if answer.status_code == 201)
    year = clock.day_in_kazakhstan(clock.now()).year
    assert numbers == [f"ORLEU-{year}-{serial:06d}" for serial in range(1, 13)]


async def test_anybody_may_verify_and_sees_initials_unless_the_person_agreed(
    world: World, stranger: httpx.AsyncClient
) -> None:
    name = {"kk": {"family": "Үлгіұлы", "given": "Мысал", "patronymic": "Әкесіұлы"}}
    shy, open_ = await world.educator(name=name), await world.educator(name=name, consent_public=True)
    earned = await _earned(world, [shy, open_])
    first, second = [await world.post("/v1/certificates", {"enrolment_id": one["id"]}) for one in earned]

    seen = await stranger.get("/v1/verify", params={"number": first["number"]})
    named = await stranger.get("/v1/verify", params={"number": second["number"]})
    none = await stranger.get("/v1/verify", params={"number": "ORLEU-2026-999999"})
    private = await stranger.get(f"/v1/certificates/{first['number']}")

    assert seen.status_code == 200
    assert (seen.json()["valid"], seen.json()["holder"]) == (True, "М. Ү.")
    assert named.json()["holder"] == "Үлгіұлы Мысал Әкесіұлы"
    assert (none.status_code, none.json()["code"]) == (404, "certificate_not_found")
    assert private.status_code == 401
    assert (await world.get(f"/v1/certificates/{first['number']}"))["educator_id"] == shy


async def test_certificates_of_others_come_in_together_or_not_at_all(world: World) -> None:
    person = await world.educator()
    tomorrow = (clock.day_in_kazakhstan(clock.now()) + timedelta(days=1)).isoformat()

    def row(number: str, **more: Any) -> dict[str, Any]:
        base = {"educator_id": person, "number": number, "title": {"ru": "Курс"}, "academic_hours": 72}
        return {**base, "issued_on": "2024-06-14", **more}

    nobody = "0198c0de-0000-7000-8000-00000000dead"
    wrong = {
        "source": "USTAZ",
        "certificates": [row("1"), row("1"), row("2", issued_on=tomorrow), row("3", educator_id=nobody)],
    }
    refused = await world.post("/v1/certificate-batches", wrong, status=422)
    added = await world.post("/v1/certificate-batches", {"source": "USTAZ", "certificates": [row("1"), row("2")]})
    again = await world.post("/v1/certificate-batches", {"source": "USTAZ", "certificates": [row("2")]}, status=422)
    own = await world.post("/v1/certificate-batches", {"source": "bilim", "certificates": [row("9")]}, status=422)

    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
        ("/certificates/1/number", "certificate_exists"),
        ("/certificates/2/issued_on", "issued_in_future"),
        ("/certificates/3/educator_id", "educator_unknown"),
    ]
    assert added == {"added": 2}
    assert again["errors"][0]["pointer"] == "/certificates/0/number"
    assert own["code"] == "source_reserved"
    listed = await world.get("/v1/certificates", educator_id=person)
    assert sorted((one["number"], one["source"], one["counts_toward_norm"]) for one in listed["items"]) == [
        ("1", "USTAZ", True),
        ("2", "USTAZ", True),
    ]
    assert (await world.get("/v1/certificates/1", source="USTAZ"))["academic_hours"] == 72


async def test_the_norm_has_versions_and_each_day_is_judged_by_its_own(world: World) -> None:
    person = await world.educator()
    certificates = [
        {"educator_id": person, "number": day, "title": {"ru": "Курс"}, "academic_hours": 40, "issued_on": day}
        for day in ("2025-12-31", "2026-01-01")
    ]
    await world.post("/v1/certificate-batches", {"source": "USTAZ", "certificates": certificates})

    amended = await world.post(
        "/v1/norm-rules", {"min_hours": 72, "window_months": 36, "valid_from": "2026-01-01", "basis": "Order No. 1"}
    )
    earlier = {"min_hours": 8, "window_months": 36, "valid_from": "2025-01-01", "basis": "Order No. 2"}
    refused = await world.post("/v1/norm-rules", earlier, status=409)

    assert (amended["number"], refused["code"]) == (2, "rule_not_later")
    rules = (await world.get("/v1/norm-rules"))["items"]
    assert [(one["min_hours"], one["valid_until"]) for one in rules] == [(36, "2026-01-01"), (72, None)]
    judged = {one["number"]: one["reason"] for one in (await world.get("/v1/certificates"))["items"]}
    assert judged == {"2025-12-31": None, "2026-01-01": "below_72_hours"}


async def test_numbers_have_no_gaps_though_transactions_are_undone_in_the_rush(world: World) -> None:
    earned = await _earned(world, await world.educators(24))
    admin = Actor.of("admin", subject="test")

    async def given(enrolment: dict[str, Any]) -> None:
        answer = await world.http.post("/v1/certificates", json={"enrolment_id": enrolment["id"]})
        assert answer.status_code == 201, answer.text

    async def issue_and_fail(body: CertificateCreate) -> None:
        async with world.database.writing() as session:
            await issuing.issue(session, admin, body, now=clock.now())
            raise ZeroDivisionError

    async def undone(enrolment: dict[str, Any]) -> None:
        with pytest.raises(ZeroDivisionError):
            await issue_and_fail(CertificateCreate(enrolment_id=enrolment["id"]))

    await asyncio.gather(*(undone(one) if place % 2 else given(one) for place, one in enumerate(earned)))
    await asyncio.gather(*(given(one) for one in earned[1::2]))

    listed = (await world.get("/v1/certificates", limit=200))["items"]
    year = clock.day_in_kazakhstan(clock.now()).year
    assert sorted(one["number"] for one in listed) == [f"ORLEU-{year}-{serial:06d}" for serial in range(1, 25)]
