"""How fast the running services answer readers: `python -m tests.load.reads` prints a table and asserts nothing."""

import asyncio
import os
import statistics
import time

import httpx

from deploy.local.home import open_home, read_state
from deploy.local.services import addresses

CALLERS = 8
SECONDS_EACH = 3.0
READS = {
    "registry": (
        "/livez",
        "/v1/organisations?limit=50",
        "/v1/organisations?limit=50&q=мектеп",
        "/v1/areas?limit=50",
    ),
    "training": ("/livez", "/v1/cohorts?limit=50", "/v1/programmes?limit=50"),
    "rating": ("/livez", "/v1/publications?limit=50", "/v1/methodologies?limit=50"),
}


async def _call(client: httpx.AsyncClient, path: str, until: float, taken: list[float], wrong: list[int]) -> None:
    while time.monotonic() < until:
        begun = time.perf_counter()
        answer = await client.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            wrong.append(answer.status_code)


async def measure(address: str, path: str) -> str:
    """One line of the table; the callers' own work is part of every figure."""
    taken: list[float] = []
    wrong: list[int] = []
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        until = time.monotonic() + SECONDS_EACH
        await asyncio.gather(*(_call(client, path, until, taken, wrong) for _ in range(CALLERS)))
    cuts = statistics.quantiles(taken, n=100)
    refused = f"  ({len(wrong)} not 200, such as {wrong[0]})" if wrong else ""
    return f"{path:<40}{len(taken) / SECONDS_EACH:>10.0f}{cuts[49]:>10.1f}{cuts[94]:>10.1f}{cuts[98]:>10.1f}{refused}"


async def _table(found: dict[str, str]) -> None:
    for service, paths in READS.items():
        print(f"{service + ' ' + found[service]:<40}{'per s':>10}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}")
        for path in paths:
            print(await measure(found[service], path))


def main() -> None:
    """Print the table for the services that run from this BILIM_HOME."""
    state = read_state(open_home(os.environ))
    if state.get("state") != "ready":
        print("The services do not run here; start them with `make run` to measure their answers too.")
        return
    print(f"{CALLERS} callers at once, {SECONDS_EACH:.0f} s each")
    asyncio.run(_table(state.get("addresses") or addresses(os.environ)))


if __name__ == "__main__":
    main()
