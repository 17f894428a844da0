"""Enrolment: seats at many venues, the line, approval, leaving and coming back; the rows D5 and B2 by name."""

import asyncio
import time
from collections import Counter
from datetime import date
from typing import Any

from services.training_api.enrolments import service as enrolments
from services.training_api.seats.service import SeatLocking
from shared import clock
from shared.auth import Actor
from shared.schemas.training.enrolments import EnrolmentCreate, EnrolmentRead
from tests.support.training import ALMATY, SHYMKENT, World

Json = dict[str, Any]
CHAIN = ["school", "district", "provider"]
_DECISIONS: dict[str, Json] = {"approve": {}, "reject": {"reason_code": "plan_full"}, "cancel": {}}
DIRECTOR, OFFICER, COORDINATOR = "director", "region_officer", "training_coordinator"


async def decide(world: World, enrolment: Json, action: str, as_: dict[str, str], **body: Any) -> Json:
    """What the service answers to somebody's decision, whatever it is."""
    path = f"/v1/enrolments/{enrolment['id']}/{action}"
    answer = await world.http.post(path, json=body, headers=as_)
    found: Json = answer.json()
    return found


async def test_an_application_goes_up_the_chain_and_the_last_level_gives_the_seat(world: World) -> None:
    school = await world.organisation()
    director = world.as_(DIRECTOR, organisation=school)
    officer, coordinator = world.as_(OFFICER, area=SHYMKENT), world.as_(COORDINATOR, area=SHYMKENT)
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=CHAIN))

    applied = await world.enrol(cohort, await world.educator(school))
    early = await decide(world, applied, "approve", officer)
    by_school = await decide(world, applied, "approve", director)
    again = await decide(world, applied, "approve", director)
    by_district = await decide(world, applied, "approve", officer)
    by_provider = await decide(world, applied, "approve", coordinator, reason_code="agreed")

    assert (applied["status"], applied["application"], applied["participation"]) == ("submitted", "submitted", None)
    assert (applied["next_approver"], applied["seat"]) == ("school", None)
    assert applied["waiting_since"] is not None
    assert applied["allowed_actions"] == ["approve", "reject", "cancel"]
    assert (early["code"], early["context"]) == ("not_next_approver", {"next_approver": "school"})
    assert (by_school["application"], by_school["next_approver"]) == ("school_approved", "district")
    assert (again["status"], again["code"]) == (403, "not_next_approver")
    assert (by_district["application"], by_district["next_approver"]) == ("district_approved", "provider")
    assert by_district["waiting_since"] >= by_school["waiting_since"] >= applied["waiting_since"]
    assert (by_provider["status"], by_provider["seat"], by_provider["next_approver"]) == ("confirmed", 1, None)
    steps = (await world.get(f"/v1/enrolments/{applied['id']}/transitions"))["items"]
    assert [(one["machine"], one["action"], one["to_status"]) for one in steps] == [
        ("application", "enrol", "submitted"),
        ("application", "approve", "school_approved"),
        ("application", "approve", "district_approved"),
        ("application", "approve", "accepted"),
        ("participation", "approve", "confirmed"),
    ]


async def test_two_who_approve_at_once_take_one_level_each(world: World) -> None:
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["school", "provider"]))
    applied = await world.enrol(cohort, await world.educator())

    answers = await asyncio.gather(*(decide(world, applied, "approve", {}) for _ in range(4)))

    assert sorted(str(one.get("application") or one["code"]) for one in answers) == [
        "accepted",
        "school_approved",
        "transition_not_allowed",
        "transition_not_allowed",
    ]


async def test_who_was_accepted_at_once_has_nothing_to_approve(world: World) -> None:
    enrolled = await world.enrol(await world.cohort(), await world.educator())

    codes = [(await decide(world, enrolled, action, {}, **said))["code"] for action, said in _DECISIONS.items()]

    assert codes == ["transition_not_allowed"] * 3


async def test_a_cancelled_cohort_cancels_the_applications_with_the_rest(world: World) -> None:
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["provider"]))
    applied, accepted = [await world.enrol(cohort, one) for one in await world.educators(2)]
    await decide(world, accepted, "approve", {})

    await world.post(f"/v1/cohorts/{cohort['id']}/cancel", {"reason_code": "too_few"})

    for one in (applied, accepted):
        left = await world.get(f"/v1/enrolments/{one['id']}")
        assert (left["status"], left["next_approver"], left["seat"]) == ("cancelled", None, None)


async def test_somebody_elses_director_decides_nothing(world: World) -> None:
    stranger = world.as_(DIRECTOR, organisation=await world.organisation())
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["school"]))
    applied = await world.enrol(cohort, await world.educator())

    refused = await decide(world, applied, "approve", stranger)
    await decide(world, applied, "approve", {})
    late = [await decide(world, applied, action, stranger, **said) for action, said in _DECISIONS.items()]

    assert (refused["status"], refused["code"]) == (403, "out_of_reach")
    assert {one["code"] for one in late} == {"out_of_reach"}, "a stranger is told how it stands"


async def test_an_application_holds_no_seat_and_more_seats_do_not_pass_it_by_approval(world: World) -> None:
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["provider"]), venues=[1])
    first, second = [await world.enrol(cohort, one) for one in await world.educators(2)]
    path = f"/v1/cohorts/{cohort['id']}/venues/{cohort['venues'][0]}"

    await world.http.patch(path, json={"capacity": 5}, headers={"If-Match": '"1"'})
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    placed = await decide(world, first, "approve", {})

    assert (seats["free"], seats["taken"], seats["waiting"]) == (5, 0, 0)
    assert placed["status"] == "confirmed"
    assert (await world.get(f"/v1/enrolments/{second['id']}"))["status"] == "submitted"


async def test_a_transfer_passes_nobody_by_approval(world: World) -> None:
    free = await world.cohort(venues=[2])
    asking = await world.programme(approval_chain=["provider"])
    asked, other = [await world.cohort(programme_id=asking, venues=[2]) for _ in range(2)]
    stranger, known = await world.educators(2)
    enrolled, applied = await world.enrol(free, stranger), await world.enrol(asked, known)
    approved = await decide(world, applied, "approve", {})

    refused = await decide(world, enrolled, "transfer", {}, cohort_id=asked["id"])
    moved = await decide(world, approved, "transfer", {}, cohort_id=other["id"])

    assert (refused["code"], refused["context"]) == ("application_needed", {"next_approver": "provider"})
    assert (moved["status"], moved["cohort_id"]) == ("confirmed", other["id"])


async def test_who_is_approved_when_all_seats_are_taken_waits_in_line(world: World) -> None:
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["provider"]), venues=[1])
    first, second = [await world.enrol(cohort, one) for one in await world.educators(2)]

    seated = await decide(world, second, "approve", {})
    waits = await decide(world, first, "approve", {})

    assert (seated["status"], waits["status"], waits["position"]) == ("confirmed", "waitlisted", 1)


async def test_an_application_is_rejected_with_a_reason_or_taken_back_and_may_be_made_again(world: World) -> None:
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["provider"]))
    one, other = await world.educators(2)
    rejected, taken_back = await world.enrol(cohort, one), await world.enrol(cohort, other)

    mute = await decide(world, rejected, "reject", {})
    unknown = await decide(world, rejected, "reject", {}, reason_code="bad_mood")
    rejected = await decide(world, rejected, "reject", {}, reason_code="plan_full")
    taken_back = await decide(world, taken_back, "cancel", {}, reason_code="changed_plans")
    late = await decide(world, rejected, "approve", {})

    assert (mute["status"], mute["errors"][0]["pointer"]) == (422, "/reason_code")
    assert (unknown["code"], "plan_full" in unknown["context"]["known"]) == ("reason_unknown", True)
    assert (rejected["status"], rejected["allowed_actions"]) == ("rejected", [])
    assert taken_back["status"] == "cancelled"
    assert late["code"] == "transition_not_allowed"
    assert (await world.enrol(cohort, one))["status"] == "submitted"


async def test_many_applications_are_decided_at_once_and_each_is_answered(world: World) -> None:
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["provider"]), venues=[2])
    applied = [await world.enrol(cohort, one) for one in await world.educators(4)]
    await decide(world, applied[3], "cancel", {})
    nobody = "0198c0de-0000-7000-8000-00000000dead"
    listed = await world.get("/v1/enrolments?status=submitted", cohort_id=cohort["id"], next_approver="provider")

    decided = await world.post(
        "/v1/enrolment-decisions",
        {"decision": "approve", "enrolment_ids": [nobody, *(one["id"] for one in applied)], "reason_code": "agreed"},
    )

    assert len(listed["items"]) == 3
    assert (decided["decided"], decided["refused"]) == (3, 2)
    told = [one["enrolment"]["status"] if one["enrolment"] else one["problem"]["code"] for one in decided["items"]]
    assert told == ["enrolment_not_found", "confirmed", "confirmed", "waitlisted", "transition_not_allowed"]


async def many(
    world: World, rows: list[Json], *, dry_run: bool = False, as_: str = "admin"
) -> list[enrolments.Answered]:
    """Enrol all of them through the one call that files and teams are made of."""
    wanted = [EnrolmentCreate.model_validate(row) for row in rows]
    actor = Actor.of(as_, subject="coordinator-7", area=SHYMKENT)
    async with world.database.writing() as session:
        return await enrolments.enrol_many(
            session, actor, wanted, dry_run=dry_run, locking=SeatLocking.SKIP_LOCKED, now=clock.now()
        )


def word(answer: enrolments.Answered) -> str:
    """What became of one person, in one word."""
    if answer.enrolment is not None:
        return answer.enrolment.status.value
    assert answer.problem is not None
    return answer.problem.code


def made(answer: enrolments.Answered) -> EnrolmentRead:
    assert answer.enrolment is not None
    return answer.enrolment


def told(answers: list[enrolments.Answered]) -> Counter[str]:
    return Counter(word(one) for one in answers)


async def test_d5_1700_teachers_over_20_venues_are_85_each_and_the_86th_waits(world: World) -> None:
    cohort = await world.cohort(venues=[85] * 20, first=date(2031, 1, 5), last=date(2031, 1, 8))
    people = await world.educators(1000) + await world.educators(701)
    rows = [{"cohort_id": cohort["id"], "educator_id": person} for person in people[:1700]]

    began = time.perf_counter()
    dry = await many(world, rows, dry_run=True)
    between = time.perf_counter()
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    answers = await many(world, rows)
    took = time.perf_counter() - between
    print(f"1,700 people: dry run {between - began:.2f} s, enrolled {took:.2f} s")
    last = await world.enrol(cohort, people[1700], venue=3)

    assert told(dry) == {"confirmed": 1700}
    assert (seats["taken"], seats["waiting"]) == (0, 0), "the dry run reserved something"
    assert told(answers) == {"confirmed": 1700}
    full = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert [one["taken"] for one in full["items"]] == [85] * 20
    assert (last["status"], last["position"]) == ("waitlisted", 1)
    assert took < 20, "2 to 4 s on two cores that others use too"


async def test_each_of_many_is_confirmed_waits_or_is_refused_with_the_reason(world: World) -> None:
    cohort = await world.cohort(
        programme_id=await world.programme(audience=[{"role": "teacher", "subjects": ["physics"]}]),
        venues=[1, 1],
        first=date(2031, 2, 5),
        last=date(2031, 2, 6),
    )
    other = await world.cohort(venues=[5], first=date(2031, 2, 6), last=date(2031, 2, 7))
    away = await world.organisation(area=ALMATY)
    one, two, three, four = await world.educators(4)
    geographer, stranger = await world.educator(subjects=["geography"]), await world.educator(away)
    nobody = "0198c0de-0000-7000-8000-00000000dead"

    def row(person: str, run: Json = cohort, **more: str) -> Json:
        return {"cohort_id": run["id"], "educator_id": person, **more}

    answers = await many(
        world,
        [
            row(one),
            row(one),
            row(one, other),
            row(two, venue_id=cohort["venues"][0]),
            row(three),
            row(four),
            row(geographer),
            row(stranger),
            row(nobody),
            row(four, venue_id=nobody),
            {"cohort_id": nobody, "educator_id": four},
        ],
        as_="training_coordinator",
    )

    assert [word(one) for one in answers] == [
        "confirmed",
        "already_enrolled",
        "double_booking",
        "waitlisted",
        "confirmed",
        "waitlisted",
        "not_eligible",
        "out_of_reach",
        "educator_unknown",
        "already_enrolled",
        "cohort_unknown",
    ]
    clash = answers[2].problem
    assert clash is not None
    assert clash.values["cohort"] == cohort["code"]
    first = made(answers[0])
    steps = (await world.get(f"/v1/enrolments/{first.id}/transitions"))["items"]
    assert [(one["machine"], one["to_status"]) for one in steps] == [
        ("application", "accepted"),
        ("participation", "confirmed"),
    ]
    waits = made(answers[5])
    assert waits.position == 2
    told_again = await world.get(f"/v1/enrolments/{waits.id}")
    assert (told_again["position"], told_again["allowed_actions"]) == (2, [one.value for one in waits.allowed_actions])
    left = await world.post(f"/v1/enrolments/{first.id}/withdraw", {"reason_code": "illness"})
    assert left["status"] == "withdrawn"
    assert (await world.get(f"/v1/enrolments/{made(answers[3]).id}"))["status"] == "offered"


async def test_of_many_only_those_of_a_school_get_the_seats_kept_for_it(world: World) -> None:
    cohort, school = await world.cohort(venues=[2]), await world.organisation()
    await world.post(f"/v1/cohorts/{cohort['id']}/pools", {"kind": "school", "key": school, "seats": 1})
    people = [*await world.educators(2), await world.educator(school)]

    answers = await many(world, [{"cohort_id": cohort["id"], "educator_id": person} for person in people])

    assert [word(one) for one in answers] == ["confirmed", "waitlisted", "confirmed"]


async def test_many_applicants_are_submitted_where_the_programme_asks_for_approval(world: World) -> None:
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=["school", "provider"]))
    rows = [{"cohort_id": cohort["id"], "educator_id": person} for person in await world.educators(3)]

    answers = await many(world, rows)

    assert told(answers) == {"submitted": 3}
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["taken"], seats["waiting"]) == (0, 0)
    first = made(answers[0])
    assert first.next_approver == "school"
    assert (await decide(world, {"id": first.id}, "approve", {}))["next_approver"] == "provider"
