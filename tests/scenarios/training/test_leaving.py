"""Leaving, coming back, handing over: what may be done to an enrolment, and why not; rows D5 and B2 by name."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest

from services.training_api.enrolments import service as enrolments
from shared import clock
from shared.db.engine import driver_connection
from tests.support.training import SHYMKENT, World

Json = dict[str, Any]


async def act(world: World, enrolment: Json, action: str, *, status: int | None = None, **body: Any) -> Json:
    return await world.post(f"/v1/enrolments/{enrolment['id']}/{action}", body, status=status)


def refusals(enrolment: Json) -> dict[str, str]:
    return {one["action"]: one["code"] for one in enrolment["refused_actions"]}


async def database(world: World, statement: str, enrolment_id: str) -> None:
    """What the database itself says to it."""
    async with world.database.writing() as session:
        connection = await driver_connection(session)
        await connection.execute(statement, enrolment_id)


async def test_a_seat_is_handed_to_a_colleague_and_the_line_is_not_touched(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[1])
    ill, colleague, waits = await world.educators(3, school)
    held, waiting = await world.enrol(cohort, ill), await world.enrol(cohort, waits)

    new = await act(world, held, "substitute", educator_id=colleague, reason_code="illness")

    former = await world.get(f"/v1/enrolments/{held['id']}")
    assert (new["status"], new["educator_id"], new["seat"]) == ("confirmed", colleague, held["seat"])
    assert (former["status"], former["substituted_by"], former["seat"]) == ("substituted", new["id"], None)
    still = await world.get(f"/v1/enrolments/{waiting['id']}")
    assert (still["status"], still["position"]) == ("waitlisted", 1)
    steps = (await world.get(f"/v1/enrolments/{held['id']}/transitions"))["items"]
    assert (steps[-1]["action"], steps[-1]["to_status"], steps[-1]["reason_code"]) == (
        "substitute",
        "substituted",
        "illness",
    )


async def test_only_a_colleague_who_may_and_has_time_takes_the_seat(world: World) -> None:
    school = await world.organisation()
    programme = await world.programme(audience=[{"role": "teacher", "subjects": ["physics"]}])
    cohort, other = await world.cohort(programme_id=programme, venues=[2]), await world.cohort(venues=[5])
    holder, busy, there = await world.educators(3, school)
    held = await world.enrol(cohort, holder)
    await world.enrol(other, busy)
    await world.enrol(cohort, there)

    codes = {}
    for name, person in (
        ("stranger", await world.educator()),
        ("geographer", await world.educator(school, subjects=["geography"])),
        ("busy", busy),
        ("there", there),
        ("same", holder),
    ):
        answer = await world.http.post(f"/v1/enrolments/{held['id']}/substitute", json={"educator_id": person})
        codes[name] = (answer.status_code, answer.json()["code"])

    assert codes == {
        "stranger": (409, "not_a_colleague"),
        "geographer": (422, "not_eligible"),
        "busy": (409, "double_booking"),
        "there": (409, "already_enrolled"),
        "same": (409, "same_educator"),
    }
    assert (await world.get(f"/v1/enrolments/{held['id']}"))["status"] == "confirmed"


@pytest.mark.parametrize(
    ("chain", "codes"),
    [
        (["school"], ["confirmed", "confirmed"]),
        (["school", "district"], ["application_needed", "confirmed"]),
        (["school", "provider"], ["application_needed", "application_needed"]),
    ],
)
async def test_a_seat_that_somebody_above_the_school_approved_is_not_the_schools_to_hand_over(
    world: World, chain: list[str], codes: list[str]
) -> None:
    school = await world.organisation()
    cohort = await world.cohort(programme_id=await world.programme(approval_chain=chain))
    callers = [world.as_("director", organisation=school), world.as_("region_officer", area=SHYMKENT)]
    held = await world.enrol(cohort, await world.educator(school))
    for _ in chain:
        held = await act(world, held, "approve")

    found = []
    for caller, colleague in zip(callers, await world.educators(2, school), strict=True):
        body = {"educator_id": colleague}
        answer = (await world.http.post(f"/v1/enrolments/{held['id']}/substitute", json=body, headers=caller)).json()
        found.append(answer["code"] if "code" in answer else answer["status"])
        held = answer if "seat" in answer else held

    assert found == codes
    other = await world.educator(school)
    assert (await act(world, held, "substitute", educator_id=other))["status"] == "confirmed", "who decides last may"


async def test_nobody_is_offered_a_seat_of_a_course_that_is_over(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    holder, waits = [await world.enrol(cohort, one) for one in await world.educators(2)]
    await world.post(f"/v1/cohorts/{cohort['id']}/start")
    await act(world, holder, "withdraw", reason_code="illness")
    before = await world.get(f"/v1/enrolments/{waits['id']}")
    await world.post(f"/v1/cohorts/{cohort['id']}/finish")

    refused = await act(world, waits, "offer", status=409)
    told = await world.get(f"/v1/enrolments/{waits['id']}")

    assert "offer" in before["allowed_actions"]
    assert (refused["code"], refusals(told)["offer"]) == ("cohort_closed", "cohort_closed")


async def test_no_team_takes_part_in_a_course_that_was_called_off(world: World) -> None:
    cohort = await world.cohort()
    await world.post(f"/v1/cohorts/{cohort['id']}/cancel", {"reason_code": "too_few"})
    team = {"cohort_id": cohort["id"], "organisation_id": await world.organisation()}

    refused = await world.post("/v1/organisation-enrolments", team, status=409)

    assert refused["code"] == "cohort_closed"


async def test_a_colleague_is_sent_until_the_day_the_cohort_says(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[2], substitution_closes_on="2020-01-01")
    holder, colleague = await world.educators(2, school)
    held = await world.enrol(cohort, holder)

    refused = await act(world, held, "substitute", educator_id=colleague, status=409)

    assert refusals(held)["substitute"] == "substitution_closed"
    assert (refused["code"], refused["context"]) == ("substitution_closed", {"day": "2020-01-01"})


async def test_once_the_list_is_closed_nobody_comes_in_and_nobody_leaves_without_a_reason(world: World) -> None:
    cohort, other = await world.cohort(venues=[1]), await world.cohort(venues=[3])
    holder, first, second, late = await world.educators(4)
    held, line = await world.enrol(cohort, holder), [await world.enrol(cohort, one) for one in (first, second)]
    await act(world, held, "withdraw", reason_code="illness")
    offered = await world.get(f"/v1/enrolments/{line[0]['id']}")
    await database(world, "UPDATE cohorts SET changes_close_on = '2020-01-01' WHERE id = $1", cohort["id"])

    told = await world.get(f"/v1/enrolments/{offered['id']}")
    refused = await act(world, offered, "accept", status=409)
    shut = await world.enrol(cohort, late, status=409)
    mute = await act(world, offered, "transfer", cohort_id=other["id"], status=422)
    left = await act(world, offered, "withdraw", reason_code="workload")

    assert (offered["status"], refusals(told)["accept"]) == ("offered", "after_cut_off")
    assert "accept" not in told["allowed_actions"]
    assert (refused["code"], shut["code"], mute["code"]) == ("after_cut_off", "after_cut_off", "reason_needed")
    assert left["status"] == "withdrawn"
    assert (await world.get(f"/v1/enrolments/{line[1]['id']}"))["status"] == "waitlisted", "offered after the cut-off"


async def test_a_seat_that_came_free_behind_a_closed_list_is_the_lines_when_the_list_opens_again(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    path = f"/v1/cohorts/{cohort['id']}"
    holder, waits = [await world.enrol(cohort, one) for one in await world.educators(2)]
    await database(world, "UPDATE cohorts SET changes_close_on = '2020-01-01' WHERE id = $1", cohort["id"])
    await act(world, holder, "withdraw", reason_code="illness")
    still = await world.get(f"/v1/enrolments/{waits['id']}")

    tag = (await world.http.get(path)).headers["ETag"]
    changed = await world.http.patch(path, json={"changes_close_on": "2030-01-01"}, headers={"If-Match": tag})

    assert (still["status"], changed.status_code) == ("waitlisted", 200)
    assert (await world.get(f"/v1/enrolments/{waits['id']}"))["status"] == "offered", (
        "whoever comes next takes the seat"
    )


async def test_an_offer_nobody_answers_goes_down_the_line_and_never_back(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    holder, first, second = [await world.enrol(cohort, one) for one in await world.educators(3)]
    await act(world, holder, "withdraw", reason_code="illness")
    await database(
        world, "UPDATE enrolments SET offer_expires_at = now() - interval '1 hour' WHERE id = $1", first["id"]
    )

    told = await world.get(f"/v1/enrolments/{first['id']}")
    async with world.database.writing() as session:
        assert await enrolments.expire(session, first["id"], now=clock.now())
    passed = await world.get(f"/v1/enrolments/{second['id']}")
    await act(world, passed, "decline", reason_code="workload")
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")

    assert refusals(told)["accept"] == "offer_expired"
    assert passed["status"] == "offered"
    assert [(await world.get(f"/v1/enrolments/{one['id']}"))["status"] for one in (holder, first, second)] == [
        "withdrawn",
        "offer_expired",
        "declined",
    ], "somebody who had left was offered a seat again"
    assert (seats["free"], seats["waiting"]) == (1, 0)
    back = await world.enrol(cohort, first["educator_id"])
    assert back["status"] == "confirmed", "who left may enrol again"


async def test_a_reason_is_one_of_its_list_and_the_refusal_names_them(world: World) -> None:
    enrolment = await world.enrol(await world.cohort(), await world.educator())

    refused = await act(world, enrolment, "withdraw", reason_code="bad_mood", status=422)
    steps = (await world.get(f"/v1/enrolments/{enrolment['id']}/transitions"))["items"]
    left = await act(
        world, enrolment, "withdraw", reason_code="illness", evidence=[{"title": "Sick note of 12.01.2030"}]
    )

    assert (refused["code"], refused["errors"][0]["pointer"]) == ("reason_unknown", "/reason_code")
    assert "illness" in refused["context"]["known"]
    assert len(steps) == 2, "a refused command left a step behind"
    assert left["status"] == "withdrawn"
    steps = (await world.get(f"/v1/enrolments/{enrolment['id']}/transitions"))["items"]
    assert steps[-1]["evidence"] == [{"title": "Sick note of 12.01.2030", "url": None, "digest": None}]


async def test_everything_that_cannot_be_done_is_named_with_its_reason_in_three_languages(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    seated, first, second = [await world.enrol(cohort, one) for one in await world.educators(3)]

    assert seated["allowed_actions"] == ["withdraw", "defer", "transfer", "substitute"]
    assert refusals(seated)["complete"] == "course_not_begun"
    assert refusals(second)["offer"] == "not_first_in_line"
    assert "offer" in first["allowed_actions"]
    for enrolment in (seated, first, second):
        told = {one["action"]: one for one in enrolment["refused_actions"]}
        assert not set(told) & set(enrolment["allowed_actions"])
        assert all(one["message"][language] for one in told.values() for language in ("kk", "ru", "en"))


async def test_defer_and_transfer_keep_the_person_once_in_the_course(world: World) -> None:
    cohort, later = (
        await world.cohort(venues=[1]),
        await world.cohort(venues=[1], first=date(2030, 5, 5), last=date(2030, 5, 6)),
    )
    held = await world.enrol(cohort, await world.educator())

    deferred = await act(world, held, "defer", reason_code="parental_leave")
    again = await world.enrol(cohort, held["educator_id"], status=409)
    moved = await act(world, deferred, "transfer", cohort_id=later["id"], reason_code="dates_unsuitable")

    assert (deferred["status"], again["code"]) == ("deferred", "already_enrolled")
    assert (moved["status"], moved["cohort_id"]) == ("confirmed", later["id"])
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["taken"], seats["free"]) == (0, 1)


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("UPDATE enrolments SET participation = 'started', status = 'started' WHERE id = $1", "does not lead"),
        ("UPDATE enrolments SET participation = 'no_show', status = 'no_show' WHERE id = $1", "does not lead"),
        ("UPDATE enrolments SET application = 'submitted', status = 'submitted' WHERE id = $1", "does not lead"),
        ("UPDATE enrolments SET outcome = 'voided', status = 'voided' WHERE id = $1", "does not lead"),
        ("UPDATE enrolments SET status = 'withdrawn' WHERE id = $1", "status_says_the_three"),
        (
            "INSERT INTO enrolment_transitions (enrolment_id, number, machine, action, from_status, to_status, actor,"
            " effective_on, recorded_at)"
            " VALUES ($1, 90, 'participation', 'accept', 'waitlisted', 'confirmed', 'x', now(), now())",
            "no such move",
        ),
        (
            "INSERT INTO enrolment_transitions (enrolment_id, number, machine, action, from_status, to_status, actor,"
            " effective_on, recorded_at)"
            " VALUES ($1, 90, 'application', 'approve', 'rejected', 'accepted', 'x', now(), now())",
            "no such move",
        ),
        ("UPDATE enrolment_transitions SET to_status = 'confirmed' WHERE enrolment_id = $1", "only added"),
        ("DELETE FROM enrolment_transitions WHERE enrolment_id = $1", "only added"),
    ],
)
async def test_the_database_refuses_an_illegal_move_of_the_row_and_of_its_steps(
    world: World, statement: str, complaint: str
) -> None:
    cohort = await world.cohort(venues=[0])
    waits = await world.enrol(cohort, await world.educator())

    with pytest.raises(asyncpg.CheckViolationError, match=complaint):
        await database(world, statement, waits["id"])


async def test_d5_the_same_teacher_in_two_overlapping_venues_is_a_409_that_names_the_other(world: World) -> None:
    first, second = await world.cohort(venues=[5]), await world.cohort(venues=[5])
    teacher = await world.educator()
    held = await world.enrol(first, teacher)

    refused = await world.enrol(second, teacher, status=409)

    assert (refused["code"], refused["context"]["cohort"]) == ("double_booking", first["code"])
    assert refused["context"]["enrolment_id"] == held["id"]


async def test_d5_of_two_at_once_for_the_last_seat_exactly_one_is_confirmed(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    people = await world.educators(2)

    both = await asyncio.gather(*(world.enrol(cohort, person) for person in people))

    assert sorted(one["status"] for one in both) == ["confirmed", "waitlisted"]


async def test_d5_a_geography_teacher_is_not_eligible(world: World) -> None:
    audience = [
        {"role": "director"},
        {"role": "deputy_director"},
        {"role": "teacher", "subjects": ["physics", "chemistry", "biology", "informatics", "steam", "robotics"]},
    ]
    cohort = await world.cohort(programme_id=await world.programme(audience=audience))

    refused = await world.enrol(cohort, await world.educator(subjects=["geography"]), status=422)

    assert (refused["code"], refused["context"]["rule"]) == ("not_eligible", "subject")


async def test_b2_33_schools_45_preschools_and_7_organisations_of_supplementary_education_are_85(world: World) -> None:
    cohort = await world.cohort(venues=[10])
    counts = {"school": 33, "preschool": 45, "supplementary": 7}
    teams = [
        await world.post("/v1/organisation-enrolments", {"cohort_id": cohort["id"], "organisation_id": one})
        for type_, number in counts.items()
        for one in await world.organisations(number, type_=type_, area=SHYMKENT)
    ]

    told = await world.get("/v1/reports/organisations", cohort_id=cohort["id"])

    assert len(teams) == told["total"] == 85
    assert {one["organisation_type"]: one["organisations"] for one in told["by_type"]} == counts
    assert [one["coverage"] for one in told["by_type"]] == [None] * 3, "a share of a number nobody knows"


async def test_a_team_comes_with_named_members_and_each_is_answered(world: World) -> None:
    school = await world.organisation()
    cohort = await world.cohort(venues=[2])
    first, second, third = await world.educators(3, school)
    stranger = await world.educator()
    body = {"cohort_id": cohort["id"], "organisation_id": school, "members": [first, second, stranger]}

    team = await world.post("/v1/organisation-enrolments", body)
    more = await world.post(f"/v1/organisation-enrolments/{team['id']}/members", {"members": [third, first]})

    assert [one["enrolment"]["status"] if one["enrolment"] else one["problem"]["code"] for one in team["named"]] == [
        "confirmed",
        "confirmed",
        "member_elsewhere",
    ]
    assert [one["enrolment"]["status"] if one["enrolment"] else one["problem"]["code"] for one in more["named"]] == [
        "waitlisted",
        "already_enrolled",
    ]
    assert (team["members"], more["members"]) == (2, 3)
    public = await world.get(f"/v1/organisation-enrolments/{team['id']}")
    assert (public["members"], "named" in public) == (3, False)
    listed = await world.get(f"/v1/organisation-enrolments/{team['id']}/members")
    assert {one["educator_id"] for one in listed["items"]} == {first, second, third}
    stranger_to_it = world.as_("director", organisation=await world.organisation())
    hidden = await world.http.get(f"/v1/organisation-enrolments/{team['id']}/members", headers=stranger_to_it)
    assert hidden.status_code == 404
