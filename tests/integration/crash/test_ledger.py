"""What has been acknowledged is kept, once: a ledger of writes to three services under twelve kill -9 strikes.

Strikes fall on the services and on PostgreSQL itself. A writer repeats a request with the same `Idempotency-Key`
until it is answered; afterwards each acknowledged write must be there, exactly once.
"""

import asyncio
import itertools
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.postgres import Cluster
from tests.support.cluster import Databases, temporary_cluster
from tests.support.house import House, open_house

STRIKES = ("registry", "postgres", "training", "rating") * int(os.environ.get("BILIM_STRIKE_ROUNDS", "1"))
"""`make storm` strikes three times at each."""
_BETWEEN_SECONDS = 1.0
_WRITERS = 2
_GIVE_UP_SECONDS = 60.0


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with temporary_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
async def house(own_cluster: Cluster, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[House]:
    async with open_house(Databases(own_cluster), key_file=local_key_file, token_for=token_for) as house:
        yield house


@dataclass
class Ledger:
    """What the writers were told."""

    acknowledged: dict[str, list[tuple[str, str]]] = field(
        default_factory=lambda: {"registry": [], "training": [], "rating": []}
    )
    """By service: the marker of each write and the address it was answered with."""
    repeated: Counter[str] = field(default_factory=Counter)
    stop: asyncio.Event = field(default_factory=asyncio.Event)


def registry_write(marker: str, _: str) -> tuple[str, dict[str, Any]]:
    return "/v1/organisations", {"name": {"kk": marker, "ru": marker}, "type": "school", "area": "750000000"}


def training_write(marker: str, provider: str) -> tuple[str, dict[str, Any]]:
    module = {"subject": "physics", "name": {"kk": "Физика", "ru": "Физика"}, "academic_hours": 36}
    name = {"kk": marker, "ru": marker}
    return "/v1/programmes", {
        "provider_id": provider, "code": marker, "name": name, "kind": "course", "modules": [module]
    }  # fmt: skip


def rating_write(marker: str, _: str) -> tuple[str, dict[str, Any]]:
    tree = {"code": "index", "children": [{"indicator": "SCH_UNT_MEAN"}]}
    return "/v1/methodologies", {
        "code": marker, "title": {"kk": marker, "ru": marker}, "organisation_types": ["school"], "tree": tree
    }  # fmt: skip


WRITES = {"registry": registry_write, "training": training_write, "rating": rating_write}


async def write(house: House, service: str, provider: str, ledger: Ledger) -> None:
    """Write until told to stop; each write is repeated until it is acknowledged."""
    for number in itertools.count():
        if ledger.stop.is_set():
            return
        marker = f"ledger-{uuid4().hex[:10]}-{number}"
        path, body = WRITES[service](marker, provider)
        answer = await insist(house.clients[service], path, body, key=marker, service=service, ledger=ledger)
        ledger.acknowledged[service].append((marker, answer.headers["location"]))
        await asyncio.sleep(0.01)


async def insist(
    http: httpx.AsyncClient, path: str, body: dict[str, Any], *, key: str, service: str, ledger: Ledger
) -> httpx.Response:
    async with asyncio.timeout(_GIVE_UP_SECONDS):
        while True:
            try:
                answer = await http.post(path, json=body, headers={"Idempotency-Key": key}, timeout=15)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 201:
                return answer
            if answer is not None:
                retryable = (
                    answer.status_code in {502, 503, 504} or answer.json()["code"] == "idempotency_key_in_flight"
                )
                assert retryable, answer.text
            ledger.repeated[service] += 1
            await asyncio.sleep(0.1)


async def strike(house: House, cluster: Cluster, target: str) -> None:
    """Kill -9 and start again, as an operator would."""
    if target == "postgres":
        process = cluster.process
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait()
        cluster.start()
        return
    process_ = house.processes[target]
    process_.kill()
    process_.start()
    await process_.ready()


async def make_provider(house: House) -> str:
    created = await house.registry.post(
        "/v1/organisations", json={"name": {"kk": "Ledger", "ru": "Ledger"}, "type": "provider", "area": "750000000"}
    )
    assert created.status_code == 201, created.text
    body = {"organisation_id": created.json()["id"], "code": "LEDGER"}
    for _ in range(200):
        answer = await house.training.post("/v1/providers", json=body)
        if answer.status_code == 201:
            return str(answer.json()["id"])
        await asyncio.sleep(0.1)  # the registry's feed has not told it yet
    raise AssertionError(answer.text)


async def read_all(http: httpx.AsyncClient, path: str, name: Callable[[dict[str, Any]], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    address: str | None = f"{path}?limit=200"
    while address:
        answer = await http.get(address)
        assert answer.status_code == 200, answer.text
        found.update(name(item) for item in answer.json()["items"])
        address = answer.links.get("next", {}).get("url")
    return found


async def test_no_acknowledged_write_is_lost_or_doubled(house: House, own_cluster: Cluster) -> None:
    provider = await make_provider(house)
    ledger = Ledger()

    writers = [
        asyncio.create_task(write(house, service, provider, ledger)) for service in WRITES for _ in range(_WRITERS)
    ]
    for target in STRIKES:
        await asyncio.sleep(_BETWEEN_SECONDS)
        await strike(house, own_cluster, target)
    await asyncio.sleep(_BETWEEN_SECONDS)
    ledger.stop.set()
    await asyncio.gather(*writers)

    names = {
        "registry": await read_all(house.registry, "/v1/organisations", lambda item: item["name"]["kk"]),
        "training": await read_all(house.training, "/v1/programmes", lambda item: item["code"]),
        "rating": await read_all(house.rating, "/v1/methodologies", lambda item: item["code"]),
    }
    for service, written in ledger.acknowledged.items():
        lost = [marker for marker, _ in written if names[service][marker] == 0]
        doubled = [marker for marker, _ in written if names[service][marker] > 1]
        unasked = [n for n in names[service] if n.startswith("ledger-") and n not in {m for m, _ in written}]
        assert (lost, doubled, unasked) == ([], [], [])
        for _, location in written[:: max(1, len(written) // 20)]:
            assert (await house.clients[service].get(location)).status_code == 200
    counts = {service: len(written) for service, written in ledger.acknowledged.items()}
    print(f"acknowledged {counts}, repeated {dict(ledger.repeated)}, strikes {len(STRIKES)}")
    assert all(count > 20 for count in counts.values()), counts
    assert sum(ledger.repeated.values()) > 0, "no strike met a write: the test would prove nothing"
