"""Enrolling, waiting, offers and what follows."""

from datetime import date

from tests.support.training import ALMATY, SHYMKENT, World


async def test_a_person_gets_a_seat_while_there_is_one(world: World) -> None:
    cohort = await world.cohort(venues=[2])

    enrolment = await world.enrol(cohort, await world.educator())

    assert enrolment["status"] == "confirmed"
    assert enrolment["seat"] == 1
    assert enrolment["position"] is None
    assert enrolment["allowed_actions"] == ["withdraw", "defer", "transfer", "substitute"]
    refused = {one["action"]: one["code"] for one in enrolment["refused_actions"]}
    assert (refused["complete"], refused["accept"]) == ("course_not_begun", "wrong_state")


async def test_a_full_venue_puts_people_on_the_waiting_list_in_order(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    first, *others = await world.educators(4)
    await world.enrol(cohort, first)

    waiting = [await world.enrol(cohort, one) for one in others]

    assert [(one["status"], one["position"]) for one in waiting] == [
        ("waitlisted", 1),
        ("waitlisted", 2),
        ("waitlisted", 3),
    ]
    listed = await world.get(f"/v1/cohorts/{cohort['id']}/waiting-list", limit=2, count="exact")
    assert [one["educator_id"] for one in listed["items"]] == others[:2]
    assert listed["total"] == 3
    rest = await world.get(f"/v1/cohorts/{cohort['id']}/waiting-list", limit=2, cursor=listed["next_cursor"])
    assert [one["position"] for one in rest["items"]] == [3]


async def test_1700_teachers_over_20_venues_are_85_each_and_the_86th_waits(world: World) -> None:
    cohort = await world.cohort(venues=[85] * 20)
    people = await world.educators(86)

    answers = [await world.enrol(cohort, person, venue=7) for person in people]

    assert [one["status"] for one in answers] == ["confirmed"] * 85 + ["waitlisted"]
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["capacity"], seats["taken"], seats["free"], seats["waiting"]) == (1700, 85, 1615, 1)


async def test_without_a_venue_the_nearest_one_with_a_free_seat_is_taken(world: World) -> None:
    far, near = await world.organisation(area=SHYMKENT), await world.organisation(area=ALMATY)
    cohort = await world.cohort(venues=[1, 1], hosts=[far, near])
    people = await world.educators(3, await world.organisation(area=ALMATY))

    answers = [await world.enrol(cohort, person) for person in people]

    assert [one["venue_id"] for one in answers] == [cohort["venues"][1], cohort["venues"][0], cohort["venues"][1]]
    assert [one["status"] for one in answers] == ["confirmed", "confirmed", "waitlisted"]


async def test_the_same_person_cannot_enrol_twice_in_a_cohort(world: World) -> None:
    cohort = await world.cohort(venues=[5, 5])
    person = await world.educator()
    enrolled = await world.enrol(cohort, person, venue=0)

    refused = await world.enrol(cohort, person, venue=1, status=409)

    assert refused["code"] == "already_enrolled"
    assert refused["context"]["enrolment_id"] == enrolled["id"]


async def test_overlapping_cohorts_are_a_double_booking_that_names_the_other(world: World) -> None:
    person = await world.educator()
    one = await world.cohort(first=date(2030, 1, 5), last=date(2030, 1, 8))
    other = await world.cohort(first=date(2030, 1, 8), last=date(2030, 1, 9))
    later = await world.cohort(first=date(2030, 1, 9), last=date(2030, 1, 9))
    await world.enrol(one, person)

    refused = await world.enrol(other, person, status=409)

    assert refused["code"] == "double_booking"
    assert refused["context"]["cohort"] == one["code"]
    assert (await world.enrol(later, person))["status"] == "confirmed"


async def test_a_cohort_that_is_not_open_takes_nobody(world: World) -> None:
    person = await world.educator()
    draft = await world.cohort(opened=False)
    early = await world.cohort(enrolment_opens_on="2029-12-01")
    late = await world.cohort(enrolment_closes_on="2020-01-01")

    for cohort in (draft, early, late):
        refused = await world.enrol(cohort, person, status=409)
        assert refused["code"] == "cohort_closed"


async def test_a_geography_teacher_is_not_eligible_for_a_physics_course(world: World) -> None:
    programme = await world.programme(
        audience=[{"role": "director"}, {"role": "teacher", "subjects": ["physics", "chemistry"]}]
    )
    cohort = await world.cohort(programme_id=programme)

    by_subject = await world.enrol(cohort, await world.educator(subjects=["geography"]), status=422)
    by_role = await world.enrol(cohort, await world.educator(role="librarian"), status=422)
    by_leaving = await world.enrol(cohort, await world.educator(left_on="2029-06-01"), status=422)

    assert (by_subject["code"], by_subject["context"]["rule"]) == ("not_eligible", "subject")
    assert by_subject["errors"][0]["pointer"] == "/educator_id"
    assert by_role["context"]["rule"] == "role"
    assert by_leaving["context"]["rule"] == "employment"
    assert (await world.enrol(cohort, await world.educator(role="director", subjects=[])))["status"] == "confirmed"
    assert (await world.enrol(cohort, await world.educator(subjects=["chemistry"])))["status"] == "confirmed"


async def test_who_and_what_do_not_exist_are_named_by_their_field(world: World) -> None:
    cohort, person = await world.cohort(), await world.educator()
    nobody = "0198c0de-0000-7000-8000-00000000dead"

    for body, code, pointer in (
        ({"cohort_id": cohort["id"], "educator_id": nobody}, "educator_unknown", "/educator_id"),
        ({"cohort_id": nobody, "educator_id": person}, "cohort_unknown", "/cohort_id"),
        ({"cohort_id": cohort["id"], "educator_id": person, "venue_id": nobody}, "venue_unknown", "/venue_id"),
    ):
        refused = await world.post("/v1/enrolments", body, status=409)
        assert (refused["code"], refused["errors"][0]["pointer"]) == (code, pointer)


async def test_withdrawing_offers_the_seat_to_the_first_in_line_at_once(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    holder, first, second = [await world.enrol(cohort, one) for one in await world.educators(3)]

    left = await world.post(f"/v1/enrolments/{holder['id']}/withdraw", {"reason_code": "illness"})

    assert (left["status"], left["seat"], left["allowed_actions"]) == ("withdrawn", None, [])
    offered = await world.get(f"/v1/enrolments/{first['id']}")
    assert (offered["status"], offered["seat"], offered["position"]) == ("offered", 1, None)
    assert offered["offer_expires_at"] is not None
    assert offered["allowed_actions"] == ["accept", "decline", "withdraw", "transfer"]
    assert (await world.get(f"/v1/enrolments/{second['id']}"))["position"] == 1

    accepted = await world.post(f"/v1/enrolments/{first['id']}/accept", {})
    assert accepted["status"] == "confirmed"


async def test_a_declined_seat_goes_to_the_next(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    holder, first, second = [await world.enrol(cohort, one) for one in await world.educators(3)]
    await world.post(f"/v1/enrolments/{holder['id']}/withdraw", {"reason_code": "illness"})

    await world.post(f"/v1/enrolments/{first['id']}/decline", {"reason_code": "workload"})

    assert (await world.get(f"/v1/enrolments/{first['id']}"))["status"] == "declined"
    assert (await world.get(f"/v1/enrolments/{second['id']}"))["status"] == "offered"


async def test_who_is_elsewhere_on_these_days_is_passed_over_and_keeps_the_place(world: World) -> None:
    cohort, other = await world.cohort(venues=[1]), await world.cohort(venues=[5])
    holder, busy, second = await world.educators(3)
    held = await world.enrol(cohort, holder)
    waiting = await world.enrol(cohort, busy)
    last = await world.enrol(cohort, second)
    await world.enrol(other, busy)

    await world.post(f"/v1/enrolments/{held['id']}/withdraw", {"reason_code": "illness"})

    assert (await world.get(f"/v1/enrolments/{last['id']}"))["status"] == "offered"
    kept = await world.get(f"/v1/enrolments/{waiting['id']}")
    assert (kept["status"], kept["position"]) == ("waitlisted", 1)


async def test_more_seats_go_to_the_line_first_and_taken_seats_stay(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    holder, *line = [await world.enrol(cohort, one) for one in await world.educators(4)]
    path = f"/v1/cohorts/{cohort['id']}/venues/{cohort['venues'][0]}"

    grown = await world.http.patch(path, json={"capacity": 3}, headers={"If-Match": '"1"'})
    stale = await world.http.patch(path, json={"capacity": 9}, headers={"If-Match": '"1"'})
    blind = await world.http.patch(path, json={"capacity": 9})
    shrunk = await world.http.patch(path, json={"capacity": 2}, headers={"If-Match": grown.headers["etag"]})

    assert (grown.status_code, grown.json()["capacity"], grown.json()["free"]) == (200, 3, 0)
    assert [(await world.get(f"/v1/enrolments/{one['id']}"))["status"] for one in line] == [
        "offered",
        "offered",
        "waitlisted",
    ]
    assert (stale.status_code, blind.status_code) == (412, 428)
    assert (shrunk.status_code, shrunk.json()["code"]) == (409, "seats_taken")
    assert (await world.get(f"/v1/enrolments/{holder['id']}"))["status"] == "confirmed"


async def test_a_deferred_person_resumes_to_a_seat_or_to_the_end_of_the_line(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    one, other = [await world.enrol(cohort, person) for person in await world.educators(2)]

    deferred = await world.post(f"/v1/enrolments/{one['id']}/defer", {"reason_code": "illness"})
    resumed = await world.post(f"/v1/enrolments/{one['id']}/resume", {})

    assert deferred["status"] == "deferred"
    assert (resumed["status"], resumed["position"]) == ("waitlisted", 1)
    assert (await world.get(f"/v1/enrolments/{other['id']}"))["status"] == "offered"


async def test_a_transfer_frees_the_old_seat_and_takes_one_on_the_same_days(world: World) -> None:
    old, new = await world.cohort(venues=[1, 1]), await world.cohort(venues=[1])
    holder, waiting = await world.educators(2)
    held = await world.enrol(old, holder, venue=0)
    line = await world.enrol(old, waiting, venue=0)

    moved = await world.post(f"/v1/enrolments/{held['id']}/transfer", {"cohort_id": new["id"], "reason_code": "nearer"})
    within = await world.post(
        f"/v1/enrolments/{moved['id']}/transfer", {"cohort_id": old["id"], "venue_id": old["venues"][1]}
    )

    assert (moved["status"], moved["cohort_id"]) == ("confirmed", new["id"])
    former = await world.get(f"/v1/enrolments/{held['id']}")
    assert (former["status"], former["transferred_to"]) == ("transferred", moved["id"])
    assert (await world.get(f"/v1/enrolments/{line['id']}"))["status"] == "offered"
    assert (within["status"], within["venue_id"]) == ("confirmed", old["venues"][1])
    refused = await world.post(f"/v1/enrolments/{within['id']}/transfer", {"cohort_id": old["id"]}, status=409)
    assert refused["code"] == "same_cohort"


async def test_a_transfer_within_a_cohort_moves_between_its_venues(world: World) -> None:
    cohort = await world.cohort(venues=[1, 1])
    held = await world.enrol(cohort, await world.educator(), venue=0)

    moved = await world.post(
        f"/v1/enrolments/{held['id']}/transfer", {"cohort_id": cohort["id"], "venue_id": cohort["venues"][1]}
    )

    assert (moved["status"], moved["venue_id"]) == ("confirmed", cohort["venues"][1])
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert [one["taken"] for one in seats["items"]] == [0, 1]


async def test_every_step_is_on_record_with_who_why_and_from_when(world: World) -> None:
    cohort = await world.cohort()
    enrolment = await world.enrol(cohort, await world.educator())

    await world.post(
        f"/v1/enrolments/{enrolment['id']}/withdraw", {"reason_code": "illness", "effective_on": "2029-12-30"}
    )

    steps = (await world.get(f"/v1/enrolments/{enrolment['id']}/transitions"))["items"]
    assert [(step["machine"], step["action"], step["from_status"], step["to_status"]) for step in steps] == [
        ("application", "enrol", None, "accepted"),
        ("participation", "enrol", None, "confirmed"),
        ("participation", "withdraw", "confirmed", "withdrawn"),
    ]
    assert [step["number"] for step in steps] == [1, 2, 3]
    assert (steps[2]["actor"], steps[2]["reason_code"], steps[2]["effective_on"]) == (
        "bilim-local#admin",
        "illness",
        "2029-12-30",
    )


async def test_what_the_table_does_not_allow_is_refused_with_what_it_does(world: World) -> None:
    cohort = await world.cohort()
    enrolment = await world.enrol(cohort, await world.educator())

    refused = await world.post(f"/v1/enrolments/{enrolment['id']}/accept", {}, status=409)
    unreasoned = await world.post(f"/v1/enrolments/{enrolment['id']}/withdraw", {}, status=422)

    assert refused["code"] == "transition_not_allowed"
    assert refused["context"] == {"status": "confirmed", "allowed": "complete, withdraw, defer, transfer, substitute"}
    assert unreasoned["errors"][0]["pointer"] == "/reason_code"


async def test_starting_and_cancelling_a_cohort_moves_everybody_in_it(world: World) -> None:
    started, cancelled = await world.cohort(venues=[1]), await world.cohort(venues=[1])
    people = await world.educators(4)
    sits, waits = [await world.enrol(started, one) for one in people[:2]]
    dropped = [await world.enrol(cancelled, one) for one in people[2:]]

    running = await world.post(f"/v1/cohorts/{started['id']}/start")
    ended = await world.post(f"/v1/cohorts/{cancelled['id']}/cancel", {"reason_code": "too_few"})

    assert (running["status"], ended["status"]) == ("running", "cancelled")
    assert (await world.get(f"/v1/enrolments/{sits['id']}"))["status"] == "started"
    assert (await world.get(f"/v1/enrolments/{waits['id']}"))["status"] == "waitlisted"
    for one in dropped:
        assert (await world.get(f"/v1/enrolments/{one['id']}"))["status"] == "cancelled"
    seats = await world.get(f"/v1/cohorts/{cancelled['id']}/seats")
    assert (seats["free"], seats["taken"], seats["waiting"]) == (1, 0, 0)
    again = await world.post(f"/v1/cohorts/{cancelled['id']}/open", status=409)
    assert again["code"] == "action_not_allowed"


async def test_the_same_key_enrols_once(world: World) -> None:
    cohort = await world.cohort()
    body = {"cohort_id": cohort["id"], "educator_id": await world.educator()}

    one = await world.http.post("/v1/enrolments", json=body, headers={"Idempotency-Key": "k-1"})
    same = await world.http.post("/v1/enrolments", json=body, headers={"Idempotency-Key": "k-1"})

    assert (one.status_code, same.status_code) == (201, 201)
    assert one.json() == same.json()
    assert one.headers["location"] == f"/v1/enrolments/{one.json()['id']}"


async def test_a_director_enrols_own_teachers_and_sees_no_others(world: World) -> None:
    own, other = await world.organisation(), await world.organisation()
    director = world.as_("director", organisation=own)
    cohort = await world.cohort()
    teacher, stranger = await world.educator(own), await world.educator(other)
    theirs = await world.enrol(cohort, stranger)

    mine = await world.http.post(
        "/v1/enrolments", json={"cohort_id": cohort["id"], "educator_id": teacher}, headers=director
    )
    refused = await world.http.post(
        "/v1/enrolments", json={"cohort_id": cohort["id"], "educator_id": stranger}, headers=director
    )
    hidden = await world.http.get(f"/v1/enrolments/{theirs['id']}", headers=director)
    listed = await world.http.get("/v1/enrolments", headers=director)
    analyst = await world.http.get("/v1/enrolments", headers=world.as_("rating_analyst"))

    assert mine.status_code == 201
    assert (refused.status_code, refused.json()["code"]) == (403, "out_of_reach")
    assert hidden.status_code == 404
    assert [one["id"] for one in listed.json()["items"]] == [mine.json()["id"]]
    assert (analyst.status_code, analyst.json()["code"]) == (403, "personal_data_out_of_reach")
