"""Admits the providers, has their programmes approved, opens cohorts and fills them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.demo import courses
from deploy.demo.loading.calls import Document, Service
from deploy.demo.loading.training import Member
from deploy.demo.world import World
from shared.clients.errors import RemoteProblem

_AT_ONCE = 4
_WAITING = 5
"""So many more than seats want to come to the home region's venue."""
_TAKEN_IN_NEXT = courses.NEXT_SEATS - 2
_BEFORE_NOON, _EVENING = "09:00", "17:00"


async def keleshek(training: Service, world: World, ids: Mapping[str, str], members: Sequence[Member]) -> int:
    """The course of January 2026 at twenty venues, and the next one; how many people are enrolled."""
    provider = await _provider(training, ids[world.stories.keys["altynsarin-academy"]], "ALTYN")
    programme = await _programme(training, courses.keleshek(provider["id"]))
    guests = world.stories.named("host-")
    seats = [(ids[host], courses.SEATS) for host in (world.host, *guests)]
    january = await _cohort(training, courses.JANUARY, programme, seats)
    listed = await training.get(f"/v1/cohorts/{january['id']}/sessions")
    for day in sorted(set(courses.DAYS) - {session["held_on"] for session in listed["items"]}):
        session = {"held_on": day, "starts_at": _BEFORE_NOON, "ends_at": _EVENING}
        await training.post(f"/v1/cohorts/{january['id']}/sessions", session, step=f"session:{day}")
    venues = await _venues(training, january)
    science = [member for member in members if set(member.person.subjects) & set(courses.SCIENCE)]
    elsewhere = [member for member in science if member.place.key in set(guests)]
    of_home = [member for member in science if member.place.key not in set(guests)]
    first = of_home[: courses.SEATS + _WAITING]
    if january["status"] == "open":
        turn = asyncio.Semaphore(_AT_ONCE)

        async def fill(key: str, who: Sequence[Member]) -> list[Document]:
            async with turn:
                return await _enrol(training, january, venues[ids[key]], who)

        of_guests = {key: [member for member in elsewhere if member.place.key == key] for key in guests}
        wishes = {world.host: first} | of_guests
        enrolled = await asyncio.gather(*(fill(key, who) for key, who in wishes.items()))
        await _certify(training, enrolled[0][: courses.CERTIFIED])
        await training.post(f"/v1/cohorts/{january['id']}/close", {}, step="close:january")
    following = await _cohort(training, courses.NEXT, programme, [(ids[world.host], courses.NEXT_SEATS)])
    venue = (await _venues(training, following))[ids[world.host]]
    second = of_home[len(first) : len(first) + _TAKEN_IN_NEXT]
    await _enrol(training, following, venue, second)
    return len(first) + len(elsewhere) + len(second)


async def accelerator(training: Service, world: World, ids: Mapping[str, str]) -> int:
    """The accelerator of Oral; how many organisations took part."""
    keys = world.stories.keys
    provider = await _provider(training, ids[keys["national-teacher"]], "USTAZ")
    programme = await _programme(training, courses.accelerator(provider["id"]))
    cohort = await _cohort(training, courses.ORAL, programme, [(ids[keys["oral-46"]], 100)])
    participants = [key for name in ("oral-", "oral-preschool-", "oral-supplementary-") for key in _team(world, name)]
    turn = asyncio.Semaphore(_AT_ONCE)

    async def join(key: str) -> None:
        async with turn:
            body = {"cohort_id": cohort["id"], "organisation_id": ids[key]}
            await _tolerating(training, "already_enrolled", "/v1/organisation-enrolments", body, step="team")

    await asyncio.gather(*map(join, participants))
    if cohort["status"] == "open":
        await training.post(f"/v1/cohorts/{cohort['id']}/close", {}, step="close:oral")
    return len(participants)


def _team(world: World, prefix: str) -> list[str]:
    return [key for name, key in world.stories.keys.items() if name.removeprefix(prefix).isdecimal()]


async def _provider(training: Service, organisation_id: str, code: str) -> Document:
    known = await anext(training.items("/v1/providers", {"code": code}), None)
    if known is not None:
        return known
    body = {"organisation_id": organisation_id, "code": code}
    return await training.post("/v1/providers", body, step=f"provider:{code}")


async def _programme(training: Service, body: Mapping[str, Any]) -> Document:
    known = await anext(training.items("/v1/programmes", {"code": body["code"]}), None)
    if known is None:
        known = await training.post("/v1/programmes", body, step=f"programme:{body['code']}")
    if known["approval"] == "draft":
        path = f"/v1/programmes/{known['id']}/approval"
        known = await training.post(path, courses.APPROVAL, step=f"approval:{body['code']}")
    return known


async def _cohort(training: Service, code: str, programme: Document, venues: Sequence[tuple[str, int]]) -> Document:
    async for known in training.items("/v1/cohorts", {"programme_id": programme["id"]}):
        if known["code"] == code:
            break
    else:
        places = [{"organisation_id": host, "capacity": seats} for host, seats in venues]
        body = courses.cohort(code, programme["id"], places)
        known = await training.post("/v1/cohorts", body, step=f"cohort:{code}")
    if known["status"] == "draft":
        known = await training.post(f"/v1/cohorts/{known['id']}/open", {}, step=f"open:{code}")
    return known


async def _venues(training: Service, cohort: Document) -> dict[str, str]:
    """The venues of a cohort by their hosts."""
    listed = await training.get(f"/v1/cohorts/{cohort['id']}/venues")
    return {venue["organisation_id"]: venue["id"] for venue in listed["items"]}


async def _enrol(training: Service, cohort: Document, venue: str, members: Sequence[Member]) -> list[Document]:
    """Enrol people at a venue, one after another, so that the waiting list is the same each time."""
    enrolled = []
    for member in members:
        body = {"cohort_id": cohort["id"], "educator_id": member.id, "venue_id": venue}
        enrolment = await _tolerating(training, "already_enrolled", "/v1/enrolments", body, step="enrolment")
        enrolled.append(enrolment or await _enrolment(training, cohort, member))
    return enrolled


async def _enrolment(training: Service, cohort: Document, member: Member) -> Document:
    asked = {"cohort_id": cohort["id"], "educator_id": member.id}
    return await anext(training.items("/v1/enrolments", asked))


async def _certify(training: Service, enrolled: Sequence[Document]) -> None:
    """Let people finish the course and issue their certificates, numbered from 1."""
    for place, enrolment in enumerate(enrolled):
        told = {"attendance": 0.94, "tasks_done": True, "score": 71 + 2 * place, "effective_on": courses.DAYS[-1]}
        path = f"/v1/enrolments/{enrolment['id']}/complete"
        await _tolerating(training, "transition_not_allowed", path, told, step="completion")
        body = {"enrolment_id": enrolment["id"], "issued_on": "2026-01-09"}
        await _tolerating(training, "already_issued", "/v1/certificates", body, step="certificate")


async def _tolerating(
    training: Service, code: str, path: str, body: Mapping[str, Any], *, step: str
) -> Document | None:
    """Carry out a step; None where it was done before by a start whose memory of it has faded."""
    try:
        return await training.post(path, body, step=step)
    except RemoteProblem as problem:
        if problem.remote_code != code:
            raise
        return None
