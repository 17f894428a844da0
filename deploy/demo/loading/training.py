"""Takes teachers and their earlier certificates in."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deploy.demo import people
from deploy.demo.loading.calls import LoadFailure, Service
from deploy.demo.people import Certificate, Person
from deploy.demo.region import Place

_BATCH = 2000
_REPLICA_SECONDS = 120
_SOURCE, _PROVIDER = "USTAZ-DEMO", "Demonstration: other providers"
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Member:
    """A person who has been taken in."""

    id: str
    place: Place
    person: Person


async def wait_for_organisations(training: Service, count: int) -> None:
    """Wait until the feed has brought so many organisations here."""
    for _ in range(_REPLICA_SECONDS * 2):
        table = await training.get("/v1/indicator-table", {"indicators": "TCH_PD_3Y_SHARE"})
        if len(table["organisations"]) >= count:
            return
        await asyncio.sleep(0.5)
    raise LoadFailure("training_api does not follow the registry's feed: its copy of the organisations stays behind.")


async def take_in(
    training: Service, staffed: Sequence[tuple[Place, Sequence[Person]]], ids: Mapping[str, str], *, resumed: bool
) -> list[Member]:
    """Take in the staff of these places, each place whole; who is there already is recognised."""
    known = await _known(training) if resumed else {}
    members: list[Member] = []
    for batch in _batches(staffed):
        bodies = [(place, person, people.body(person, ids[place.key])) for place, person in batch]
        names = [(ids[place.key], _full_name(person.name)) for place, person, _ in bodies]
        if all(name in known for name in names):
            found = [known[name] for name in names]
        else:
            told = {"educators": [body for _, _, body in bodies]}
            found = (await training.post("/v1/educator-batches", told, step="educators"))["ids"]
        members += [Member(id_, place, person) for id_, (place, person) in zip(found, batch, strict=True)]
    return members


async def certify(training: Service, members: Sequence[Member], *, resumed: bool) -> int:
    """Record the certificates they earned elsewhere; how many these are."""
    rows = [(member, certificate) for member in members for certificate in member.person.certificates]
    numbered = [_certificate(serial, *row) for serial, row in enumerate(rows, start=1)]
    batches = [numbered[start : start + _BATCH] for start in range(0, len(numbered), _BATCH)]
    turn = asyncio.Semaphore(_AT_ONCE)

    async def send(batch: Sequence[dict[str, object]]) -> None:
        async with turn:
            # A batch is kept whole or not at all, so its first certificate speaks for all.
            if resumed and await training.find(f"/v1/certificates/{batch[0]['number']}"):
                return
            told = {"source": _SOURCE, "provider_name": _PROVIDER, "certificates": batch}
            await training.post("/v1/certificate-batches", told, step="certificates")

    await asyncio.gather(*(send(batch) for batch in batches))
    return len(numbered)


async def _known(training: Service) -> dict[tuple[str, str], str]:
    """Ids of the educators there are, by workplace and name."""
    return {
        (educator["organisation_id"], _full_name(educator["name"])): educator["id"]
        async for educator in training.items("/v1/educators")
    }


def _batches(staffed: Sequence[tuple[Place, Sequence[Person]]]) -> Iterator[list[tuple[Place, Person]]]:
    """The people of whole places, as many as one request takes."""
    batch: list[tuple[Place, Person]] = []
    for place, persons in staffed:
        if batch and len(batch) + len(persons) > _BATCH:
            yield batch
            batch = []
        batch += ((place, person) for person in persons)
    if batch:
        yield batch


def _full_name(name: Mapping[str, Mapping[str, str]]) -> str:
    return " ".join(name["kk"][part] for part in ("family", "given", "patronymic"))


def _certificate(serial: int, member: Member, certificate: Certificate) -> dict[str, object]:
    return {
        "educator_id": member.id,
        "number": f"U-{certificate.issued_on.year}-{serial:06}",
        "title": {"kk": certificate.title[0], "ru": certificate.title[1]},
        "academic_hours": certificate.hours,
        "issued_on": certificate.issued_on.isoformat(),
    }
