"""The demo goes into a fresh house, survives being killed half way, and a second call changes nothing."""

import asyncio
import contextlib
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.courses import CERTIFIED
from deploy.demo.loading.whole import staffed_places
from deploy.demo.world import Scale, world
from deploy.local.home import PROJECT
from tests.support import readme
from tests.support.cluster import Databases
from tests.support.house import House, open_house
from tests.unit.demo.conftest import shipped_districts

HOME = "390000000"
_DEMO_SECONDS = 300.0


class Demo:
    """`python -m deploy.demo --once` against a house."""

    def __init__(self, house: House) -> None:
        self._environment = {**next(iter(house.processes.values())).environment, "BILIM_DEMO": "region"}

    async def start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.demo", "--once"),
            cwd=PROJECT,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def run(self) -> str:
        """Run it to its end; what it printed."""
        process = await self.start()
        printed, _ = await asyncio.wait_for(process.communicate(), _DEMO_SECONDS)
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    async def kill_after(self, words: str) -> None:
        """Run it until it has printed these words, then kill -9."""
        process = await self.start()
        assert process.stdout is not None
        with contextlib.suppress(ProcessLookupError):
            async for line in process.stdout:
                if words in line.decode():
                    break
            process.send_signal(signal.SIGKILL)
        await process.wait()


@pytest.fixture(scope="module")
async def loaded(house: House) -> House:
    """The house with the demo in it, loaded in three starts of which two were killed."""
    demo = Demo(house)
    await demo.kill_after("organisations registered")
    await demo.kill_after("educators taken in")
    printed = await demo.run()
    assert "goes on" in printed
    assert "The demo is loaded." in printed
    return house


async def total(client: Any, path: str, **params: Any) -> int:
    answer = await client.get(path, params={**params, "limit": 1, "count": "exact"})
    assert answer.status_code == 200, answer.text
    found: int = answer.json()["total"]
    return found


async def test_nothing_is_there_twice_although_the_load_was_killed_twice(loaded: House) -> None:
    schools = await total(loaded.registry, "/v1/organisations", area=HOME, type="school")
    colleges = await total(loaded.registry, "/v1/organisations", area=HOME, type="college")
    preschools = await total(loaded.registry, "/v1/organisations", area=HOME, type="preschool")
    editions = (await loaded.rating.get("/v1/publications")).json()["items"]
    methodologies = (await loaded.rating.get("/v1/methodologies")).json()["items"]
    educators = await total(loaded.training, "/v1/educators")
    certificates = await total(loaded.training, "/v1/certificates")
    persons = [person for _, staff in staffed_places(world(Scale.REGION, shipped_districts())) for person in staff]

    assert (schools, colleges, preschools) == (433, 33, 171)
    assert Counter((one["code"], one["period"]) for one in editions) == {
        **{
            (code, period): 1 for code in ("schools-public", "colleges-public") for period in ("2024-2025", "2025-2026")
        },
        ("keleshek-readiness", "2025-2026"): 1,
        ("regional-nine-directions", "2025-2026"): 1,
    }
    assert [(one["edition"], one["origin"]) for one in methodologies] == [(1, "built_in")] * 4
    assert educators == len(persons)
    assert certificates == sum(len(person.certificates) for person in persons) + CERTIFIED


async def test_a_loaded_demo_is_left_as_it_is(loaded: House) -> None:
    async def heads() -> list[int]:
        clients = (loaded.registry, loaded.training, loaded.rating)
        return [(await client.get("/v1/changes", params={"limit": 1})).json()["head"] for client in clients]

    before = await heads()
    assert await Demo(loaded).run() == ""
    assert await heads() == before


async def test_the_latest_rating_of_schools_explains_itself(loaded: House) -> None:
    latest = (await loaded.rating.get("/v1/publications/latest", params={"code": "schools-public"})).json()
    entries = await read_all(loaded, f"/v1/publications/{latest['id']}/entries")
    rated = [entry for entry in entries if entry["status"] == "rated"]
    best = (await loaded.rating.get(f"/v1/publications/{latest['id']}/entries/{rated[0]['organisation_id']}")).json()
    trajectory = await loaded.rating.get(f"/v1/organisations/{rated[0]['organisation_id']}/trajectory")
    scores = Counter(entry["score"] for entry in rated)

    assert latest["edition"] == 2
    assert len(entries) == 432, "the school that was closed in January is not rated in the autumn"
    assert len(rated) > 300, "small villages are not shown: more than a third of their weight rests on too few people"
    assert {entry["reason"] for entry in entries if entry["status"] != "rated"} == {"below_coverage", "suppressed"}
    assert {entry["band"] for entry in rated} == set("ABCDE")
    assert max(scores.values()) == 2, "a tie"
    assert sum(one["contribution"] or 0 for one in best["contributions"]) == pytest.approx(best["score"], abs=1e-9)
    assert {one["source"] for one in best["contributions"]} == {"registry", "training"}
    assert "not_sampled" in {
        reason for entry in await explained(loaded, latest, rated[:8]) for reason in entry["missing"]
    }
    assert [point["period"] for point in trajectory.json()["items"]] == ["2024-2025", "2025-2026"]


async def test_readiness_is_shut_by_a_gate_and_gives_no_places(loaded: House) -> None:
    latest = (await loaded.rating.get("/v1/publications/latest", params={"code": "keleshek-readiness"})).json()
    entries = await read_all(loaded, f"/v1/publications/{latest['id']}/entries")
    assert len(entries) == 5, "only schools of the national project"
    assert {entry["rank"] for entry in entries} == {None}
    assert "not_ready" in {entry["band"] for entry in entries}


async def test_the_nine_directions_show_progress_and_no_ranking_of_regions(loaded: House) -> None:
    latest = (await loaded.rating.get("/v1/publications/latest", params={"code": "regional-nine-directions"})).json()
    entries = {entry["area"]: entry for entry in await read_all(loaded, f"/v1/publications/{latest['id']}/entries")}
    home = entries[HOME]
    explained = (await loaded.rating.get(f"/v1/publications/{latest['id']}/entries/{home['organisation_id']}")).json()
    progress = {one["indicator"]: one["value"] for one in explained["contributions"]}

    assert len(entries) == 20
    assert {entry["rank"] for entry in entries.values()} == {None}
    assert home["score"] is not None
    assert progress["SCH_SUPPL_COVERAGE"] == pytest.approx(100 * (75.0 - 66.7) / (86 - 66.7))
    assert progress["COL_DUAL_COVERAGE"] > 100, "uncapped"
    assert progress["REG_FAMILY_PLACEMENT"] < 0, "it went away from the target"
    assert progress["SCH_PSY_SUPPORT_COVERAGE"] is None, "no data, and not zero"


async def test_the_school_of_momyshuly_is_found_without_kazakh_letters(loaded: House) -> None:
    found = (await loaded.registry.get("/v1/organisations", params={"q": "момышулы 46"})).json()["items"]
    assert [one["name"]["kk"] for one in found] == ["Бауыржан Момышұлы атындағы №46 жалпы білім беретін мектеп"]
    assert found[0]["is_synthetic"] is True


async def test_thirty_three_schools_45_preschools_and_7_others_took_the_accelerator(loaded: House) -> None:
    cohort = await the_cohort(loaded, "ORAL-2022")
    counted = (await loaded.training.get("/v1/reports/organisations", params={"cohort_id": cohort["id"]})).json()
    assert counted["total"] == 85
    assert {one["organisation_type"]: one["organisations"] for one in counted["by_type"]} == {
        "preschool": 45,
        "school": 33,
        "supplementary": 7,
    }


async def test_january_has_twenty_venues_of_85_seats_and_a_waiting_list_at_home(loaded: House) -> None:
    cohort = await the_cohort(loaded, "KELESHEK-2026-01")
    venues = (await loaded.training.get(f"/v1/cohorts/{cohort['id']}/venues")).json()["items"]
    waiting = await read_all(loaded, f"/v1/cohorts/{cohort['id']}/waiting-list", of="training")
    assert [venue["capacity"] for venue in venues] == [85] * 20
    assert len({venue["area"][:2] for venue in venues}) == 20
    assert sorted(venue["free"] for venue in venues) == [0] + [82] * 19
    assert [one["position"] for one in waiting] == [1, 2, 3, 4, 5]


async def test_facts_of_areas_are_those_of_the_stories(loaded: House) -> None:
    async def value(area: str, indicator: str) -> tuple[str, float]:
        answer = await loaded.registry.get("/v1/observations", params={"area": area, "indicator": indicator})
        [one] = answer.json()["items"]
        return one["period"], one["value"]

    assert await value("790000000", "REG_NIS_LEADING_SCHOOLS") == ("2018-Q4", 13)
    assert await value("350000000", "REG_PRE_COVERAGE_1_6") == ("2021-Q2", 84)


async def test_what_was_promised_stands_with_the_figures_of_the_stories(loaded: House) -> None:
    async def read(path: str, **params: Any) -> dict[str, Any]:
        answer = await loaded.registry.get(path, params=params)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    leading = await read("/v1/networks/nis-leading-schools/count", area="790000000", as_of="2019-01-01")
    keleshek = await read("/v1/construction-projects/totals", programme="keleshek")
    page = await read("/v1/reports/dashboard", area="350000000")
    memoranda = await read("/v1/memoranda", area="790000000")

    assert (leading["value"], leading["national"]["value"], leading["share_percent"]) == (13, 700, 1.857)
    assert (keleshek["projects"], keleshek["places"]) == (217, 460_000)
    assert len(page["items"]) == 9
    assert [one["status"] for one in memoranda["items"]] == ["in_force"]


async def test_a_registry_with_organisations_of_its_own_is_left_alone(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> None:
    async with open_house(databases, key_file=local_key_file, token_for=token_for) as house:
        body = {"name": {"kk": "№1 мектеп"}, "type": "school", "area": "750000000"}
        created = await house.registry.post("/v1/organisations", json=body)
        assert created.status_code == 201, created.text
        printed = await Demo(house).run()
        assert "stays out of it" in printed
        assert await total(house.registry, "/v1/organisations") == 1


async def the_cohort(house: House, code: str) -> dict[str, Any]:
    [found] = [one for one in await read_all(house, "/v1/cohorts", of="training") if one["code"] == code]
    return found


async def explained(house: House, publication: dict[str, Any], entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    address = f"/v1/publications/{publication['id']}/entries"
    return [(await house.rating.get(f"{address}/{one['organisation_id']}")).json() for one in entries]


async def read_all(house: House, path: str, *, of: str = "rating") -> list[dict[str, Any]]:
    address: str | None = f"{path}?limit=200"
    items: list[dict[str, Any]] = []
    while address:
        answer = await house.clients[of].get(address)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        address = answer.links.get("next", {}).get("url")
    return items


async def test_the_readme_tells_the_truth(loaded: House) -> None:
    steps = readme.steps(readme.README.read_text())
    addresses = {
        f"http://127.0.0.1:{process.service.default_port}": process.url for process in loaded.processes.values()
    }
    environment = next(iter(loaded.processes.values())).environment

    printed = await readme.carry_out(steps, addresses=addresses, environment=environment)

    assert len(printed) == len(steps) >= 10
    wrong = [(step.command, said) for step, said in zip(steps, printed, strict=True) if not step.is_answered_by(said)]
    assert wrong == []
