"""No poison in any place makes a 5xx, an answer that is no problem document, or a person's number in a log."""

import asyncio
import os
from collections import Counter

import httpx

from tests.contract import poison, world
from tests.support.house import House

SAMPLED = 8
"""Of so many shots one is tried by `make test`, at places that shift from operation to operation."""
EVERY_SHOT = "BILIM_FUZZ_EXAMPLES" in os.environ
"""`make fuzz` tries all."""
AT_ONCE = 4
"""Far below what the services admit: a refusal for crowding would hide others."""
SERVERS_OWN = b"Invalid HTTP request received."
"""What uvicorn says of bytes that are no HTTP; no application is asked."""


class Poisoned:
    """What is tried on each service; a class a service, so that they are tried side by side."""

    service: str

    async def test_poison_is_refused_in_the_house_s_own_words(self, house: House, known: world.Known) -> None:
        await poison_all(house, known, self.service)

    async def test_every_operation_refuses_a_parameter_it_does_not_know(self, house: House, known: world.Known) -> None:
        await ask_for_the_unknown(house, known, self.service)


class TestRegistry(Poisoned):
    service = "registry"


class TestTraining(Poisoned):
    service = "training"


class TestRating(Poisoned):
    service = "rating"


async def poison_all(house: House, known: world.Known, service: str) -> None:
    """No shot makes a 5xx, an answer that is no problem document, an echo or an error in the log."""
    http = house.clients[service]
    document = (await http.get("/openapi.json")).json()
    shots = iter(list(poison.shots(document, known))[:: 1 if EVERY_SHOT else SAMPLED])
    faults: list[str] = []
    seen: Counter[int] = Counter()

    async def shoot() -> None:
        for shot in shots:
            answer = await sent(http, shot)
            seen[answer.status_code] += 1
            if (wrong := fault(answer)) is not None:
                faults.append(f"{wrong}: {shot} -> {answer.status_code} {answer.content[:300]!r}")

    await asyncio.gather(*(shoot() for _ in range(AT_ONCE)))

    assert faults == []
    assert seen[422] > 500 / SAMPLED, seen
    log = house.processes[service].log.read_text(errors="replace")
    assert poison.CANARY not in log
    assert '"level": "error"' not in log, [line for line in log.splitlines() if '"level": "error"' in line][:3]


async def ask_for_the_unknown(house: House, known: world.Known, service: str) -> None:
    """Every operation names the parameter it does not know."""
    http = house.clients[service]
    document = (await http.get("/openapi.json")).json()
    taken = {}
    tried = 0
    for shot in poison.shots(document, known):
        if shot.target.endswith(b"?unknown=-1"):
            tried += 1
            answer = await sent(http, shot)
            errors = answer.json().get("errors", [])
            if answer.status_code != 422 or ("?unknown", "unknown_field") not in {
                (one["pointer"], one["code"]) for one in errors
            }:
                taken[str(shot)] = (answer.status_code, answer.text[:200])

    assert taken == {}
    assert tried == sum(method in poison.METHODS for item in document["paths"].values() for method in item)


async def sent(http: httpx.AsyncClient, shot: poison.Shot) -> httpx.Response:
    """The answer to exactly these bytes: httpx would tidy the address."""
    own = {name.lower() for name, _ in shot.headers}
    authority = [] if b"authorization" in own else [(b"Authorization", http.headers["Authorization"].encode())]
    request = httpx.Request(
        shot.method,
        http.base_url,
        headers=[*shot.headers, *authority],
        content=shot.body,
        extensions={"target": shot.target, "timeout": http.timeout.as_dict()},
    )
    return await http.send(request)


def fault(answer: httpx.Response) -> str | None:
    """What is wrong with the answer, if anything is."""
    if answer.status_code >= 500:
        return "server error"
    if answer.status_code < 400 or answer.content == SERVERS_OWN:
        return None
    if answer.headers.get("content-type") != "application/problem+json" or "code" not in answer.json():
        return "no problem document"
    if poison.CANARY in answer.text or any(poison.CANARY in value for value in answer.headers.values()):
        return "echo"
    return None
