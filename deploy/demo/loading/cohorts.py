"""Admits the providers, has their programmes approved, opens cohorts and fills them."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, TypeVar

from deploy.demo import courses
from deploy.demo.loading.calls import Document, Service
from deploy.demo.loading.training import Member
from deploy.demo.world import World
from shared.clients.errors import RemoteProblem

T = TypeVar("T")
_AT_ONCE = 6
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
    seated, waiting, second = _parted(of_home, courses.SEATS, _WAITING, _TAKEN_IN_NEXT)
    if january["status"] == "open":
        at_home = venues[ids[world.host]]
        enrolled = await _enrol(training, january, [(at_home, member) for member in seated])
        await _enrol(training, january, [(venues[ids[member.place.key]], member) for member in elsewhere])
        await _enrol(training, january, [(at_home, member) for member in waiting], at_once=1)
        await _certify(training, enrolled[: courses.CERTIFIED])
        await training.post(f"/v1/cohorts/{january['id']}/close", {}, step="close:january")
    following = await _cohort(training, courses.NEXT, programme, [(ids[world.host], courses.NEXT_SEATS)])
    venue = (await _venues(training, following))[ids[world.host]]
    await _enrol(training, following, [(venue, member) for member in second])
    return sum(map(len, (seated, waiting, elsewhere, second)))


async def accelerator(training: Service, world: World, ids: Mapping[str, str]) -> int:
    """The accelerator of Oral; how many organisations took part."""
    keys = world.stories.keys
    provider = await _provider(training, ids[keys["national-teacher"]], "USTAZ")
    programme = await _programme(training, courses.accelerator(provider["id"]))
    cohort = await _cohort(training, courses.ORAL, programme, [(ids[keys["oral-46"]], 100)])
    participants = [key for name in ("oral-", "oral-preschool-", "oral-supplementary-") for key in _team(world, name)]

    async def join(key: str) -> None:
        body = {"cohort_id": cohort["id"], "organisation_id": ids[key]}
        await _tolerating(training, "already_enrolled", "/v1/organisation-enrolments", body, step="team")

    await _side_by_side(map(join, participants))
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


async def _enrol(
    training: Service, cohort: Document, wishes: Sequence[tuple[str, Member]], *, at_once: int = _AT_ONCE
) -> list[Document]:
    """Enrol each person at the venue; one after another where the order of a waiting list depends on it."""

    async def one(venue: str, member: Member) -> Document:
        body = {"cohort_id": cohort["id"], "educator_id": member.id, "venue_id": venue}
        enrolment = await _tolerating(training, "already_enrolled", "/v1/enrolments", body, step="enrolment")
        return enrolment or await _enrolment(training, cohort, member)

    return await _side_by_side((one(*wish) for wish in wishes), at_once=at_once)


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


def _parted(members: Sequence[Member], *sizes: int) -> list[Sequence[Member]]:
    """The first so many, the next so many …"""
    ends = list(accumulate(sizes, initial=0))
    return [members[start:end] for start, end in pairwise(ends)]


async def _side_by_side(calls: Iterable[Awaitable[T]], *, at_once: int = _AT_ONCE) -> list[T]:
    """Carry out calls, a few at once; their answers in order."""
    turn = asyncio.Semaphore(at_once)

    async def one(call: Awaitable[T]) -> T:
        async with turn:
            return await call

    return await asyncio.gather(*map(one, calls))


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
