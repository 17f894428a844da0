"""Observations through HTTP: recorded together, revised and never overwritten, read as a table."""

import asyncio
import csv
import hashlib
import io
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.schemas.registry.observations import ObservationTable
from shared.schemas.tables import digest_of
from tests.integration.registry_data.conftest import Headers

OF_AREAS = {"indicator": "REG_PRE_QUEUE", "period": "2025-03"}
ALMATY, AUEZOV, SHYMKENT = "750000000", "751310000", "790000000"

Define = Callable[..., Awaitable[None]]
Register = Callable[..., Awaitable[str]]
Record = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def register(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> Register:
    """Registers a school and gives its id."""

    async def register(urn: str, **fields: Any) -> str:
        document = {
            "name": {"kk": f"№{urn} мектеп", "ru": f"Школа № {urn}"},
            "type": "school",
            "area": AUEZOV,
            "valid_from": "2015-09-01",
            "identifiers": [{"scheme": "urn", "value": urn}],
            "is_synthetic": True,
            **fields,
        }
        answer = await registry_client.post("/v1/organisations", json=document, headers=admin)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return register


@pytest.fixture
def record(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> Record:
    """Records observations that are alike but for what is said of each."""

    async def record(*observations: dict[str, Any]) -> dict[str, Any]:
        alike = {"indicator": "SCH_UNT_MEAN", "period": "2025-2026", "source_system": "NTC"}
        body = {"observations": [{**alike, **one} for one in observations]}
        answer = await registry_client.post("/v1/observations", json=body, headers=admin)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return record


async def listed(client: httpx.AsyncClient, headers: dict[str, str], **filters: Any) -> list[dict[str, Any]]:
    answer = await client.get("/v1/observations", params={"limit": 200, **filters}, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def table(client: httpx.AsyncClient, headers: dict[str, str], **wanted: Any) -> dict[str, Any]:
    params = {"indicators": "SCH_UNT_MEAN", "period": "2025-2026", "organisation_type": "school", **wanted}
    answer = await client.get("/v1/observation-table", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_what_a_source_says_again_is_a_revision_and_the_old_one_stays_known(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    school = await register("1")
    first = await record({"organisation_id": school, "value": 70.5, "n": 26})
    before = (await listed(registry_client, admin))[0]

    same = await record({"organisation_id": school, "value": 70.5, "n": 26})
    revised = await record({"organisation_id": school, "value": 71.0, "n": 25, "status": "final"})

    assert (first["created"], same["unchanged"], revised["changed"]) == (1, 1, 1)
    assert same["items"] == [{**first["items"][0], "outcome": "unchanged"}]
    assert revised["items"][0]["revision"] == 2
    (now,) = await listed(registry_client, admin)
    assert (now["value"], now["status"], now["revision"], now["recorded_to"]) == (71.0, "final", 2, None)
    (then,) = await listed(registry_client, admin, known_at=before["recorded_from"])
    assert (then["value"], then["revision"]) == (70.5, 1)
    assert [one["revision"] for one in await listed(registry_client, admin, revisions="all")] == [1, 2]


async def test_another_source_says_its_own(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    school = await register("1")
    await record({"organisation_id": school, "value": 70.5})

    await record({"organisation_id": school, "value": 69.0, "source_system": "akimat"})

    assert {one["source_system"]: one["revision"] for one in await listed(registry_client, admin)} == {
        "NTC": 1,
        "akimat": 1,
    }
    assert (await table(registry_client, admin))["columns"]["SCH_UNT_MEAN"]["value"] == [69.0]


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"value": 1, "missing_reason": "suppressed"}, "/observations/1", "value_and_reason"),
        ({}, "/observations/1", "value_or_reason_missing"),
        ({"value": 1, "area": ALMATY}, "/observations/1", "subject_not_one"),
        ({"value": 1, "indicator": "NO_SUCH"}, "/observations/1/indicator", "indicator_unknown"),
        ({"value": 1, "indicator_version": 2}, "/observations/1/indicator", "indicator_unknown"),
        (
            {"value": 1, "indicator": "REG_PRE_QUEUE", "period": "2025-03"},
            "/observations/1/indicator",
            "indicator_of_areas",
        ),
        ({"value": 1, "period": "2025"}, "/observations/1/period", "period_unsuitable"),
        ({"value": 1, "period": "2025-2027"}, "/observations/1/period", "period_unknown"),
        ({"value": 1, "organisation_id": str(UUID(int=7))}, "/observations/1/organisation_id", "organisation_unknown"),
        ({"value": 1, "n": -1}, "/observations/1/n", "greater_than_equal"),
        ({"value": 1, "variance": -1}, "/observations/1/variance", "greater_than_equal"),
        ({"value": True}, "/observations/1/value", None),
        ({"value": "5"}, "/observations/1/value", None),
        ({"value": 1, "source_system": ""}, "/observations/1/source_system", "string_too_short"),
        ({"value": 1, "note": "a\u0000"}, "/observations/1/note", "string_pattern_mismatch"),
        ({"value": 1, "colour": "blue"}, "/observations/1/colour", "unknown_field"),
    ],
)
async def test_one_faulty_observation_refuses_the_batch_and_is_pointed_at(
    registry_client: httpx.AsyncClient,
    admin: dict[str, str],
    register: Register,
    wrong: dict[str, Any],
    pointer: str,
    code: str | None,
) -> None:
    school = await register("1")
    alike = {"organisation_id": school, "indicator": "SCH_UNT_MEAN", "period": "2025-2026", "source_system": "NTC"}
    good = {**alike, "value": 70.5}

    body = {"observations": [good, {**alike, **wrong}]}
    answer = await registry_client.post("/v1/observations", json=body, headers=admin)

    assert answer.status_code == 422, answer.text
    told = {one["pointer"]: one["code"] for one in answer.json()["errors"]}
    assert pointer in told
    assert code is None or told[pointer] == code
    assert await listed(registry_client, admin) == []


async def test_a_number_that_is_none_is_refused(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register
) -> None:
    school = await register("1")
    one = f'"organisation_id": "{school}", "indicator": "SCH_UNT_MEAN", "period": "2025-2026", "source_system": "NTC"'

    for number in ("NaN", "Infinity", "-Infinity", "1e999"):
        answer = await registry_client.post(
            "/v1/observations",
            content=f'{{"observations": [{{{one}, "value": {number}}}]}}',
            headers={**admin, "Content-Type": "application/json"},
        )
        assert answer.status_code in (400, 422), answer.text


async def test_the_same_thing_twice_in_one_batch_is_refused(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register
) -> None:
    school = await register("1")
    one = {"organisation_id": school, "indicator": "SCH_UNT_MEAN", "period": "2025-2026", "source_system": "NTC"}

    answer = await registry_client.post(
        "/v1/observations", json={"observations": [{**one, "value": 1}, {**one, "value": 2}]}, headers=admin
    )

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/observations/1", "observation_repeated")
    ]


async def test_an_unusual_value_is_accepted_with_a_warning_in_the_readers_language(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register
) -> None:
    school, kindergarten = await register("1"), await register("2", type="preschool")
    alike = {"indicator": "SCH_UNT_MEAN", "period": "2025-2026", "source_system": "NTC"}
    body = {
        "observations": [
            {**alike, "organisation_id": school, "value": 139.9},
            {**alike, "organisation_id": kindergarten, "value": 69},
        ]
    }

    answer = await registry_client.post("/v1/observations", json=body, headers={**admin, "Accept-Language": "ru"})

    assert answer.status_code == 201
    told = [(one["pointer"], one["code"]) for one in answer.json()["warnings"]]
    assert told == [
        ("/observations/0/value", "value_implausible"),
        ("/observations/1/indicator", "organisation_type_unexpected"),
    ]
    assert "30 – 125" in answer.json()["warnings"][0]["message"]


async def test_a_region_officer_records_inside_the_region_and_a_director_for_the_school(
    registry_client: httpx.AsyncClient, headers_of: Headers, register: Register
) -> None:
    inside, outside = await register("1"), await register("2", area=SHYMKENT)
    alike = {"indicator": "SCH_UNT_MEAN", "period": "2025-2026", "source_system": "NTC", "value": 70}

    async def status(school: str, headers: dict[str, str]) -> int:
        body = {"observations": [{**alike, "organisation_id": school}]}
        return (await registry_client.post("/v1/observations", json=body, headers=headers)).status_code

    officer = headers_of("region_officer", area=ALMATY)
    director = headers_of("director", organisation=inside)
    assert [await status(inside, officer), await status(outside, officer)] == [201, 422]
    assert [await status(inside, director), await status(outside, director)] == [201, 422]
    assert await status(inside, headers_of("auditor")) == 403
    assert await status(inside, {}) == 401


async def test_two_senders_of_one_value_make_one_revision_and_no_conflict(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    schools = [await register(str(number)) for number in range(5)]
    observations = [{"organisation_id": school, "value": 70.0} for school in schools]

    answers = await asyncio.gather(*(record(*observations) for _ in range(6)))

    assert sum(answer["created"] for answer in answers) == 5
    assert sum(answer["unchanged"] for answer in answers) == 25
    assert len(await listed(registry_client, admin, revisions="all")) == 5


async def test_a_batch_tells_the_feed_once_for_an_indicator_and_period(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    schools = [await register(str(number)) for number in range(3)]

    await record(*({"organisation_id": school, "value": 70.0} for school in schools))
    await record(*({"organisation_id": school, "value": 70.0} for school in schools))

    for _ in range(100):
        changes = (await registry_client.get("/v1/changes?limit=1000", headers=admin)).json()["items"]
        told = [one for one in changes if one["kind"] == "observations.recorded"]
        if told:
            break
        await asyncio.sleep(0.05)
    assert [(one["subject_id"], one["data"]["period"], one["data"]["created"]) for one in told] == [
        ("SCH_UNT_MEAN", "2025-2026", 3)
    ]


async def test_the_table_gives_every_organisation_in_scope_a_value_or_a_reason(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    valued, silent, suppressed, annulled, elsewhere = [await register(str(number)) for number in range(5)]
    await register("9", type="college")
    await record(
        {"organisation_id": valued, "value": 71.5, "n": 26, "variance": 24.0},
        {"organisation_id": suppressed, "missing_reason": "suppressed", "missing_code": "SUPP"},
        {"organisation_id": annulled, "value": 99.0},
    )
    await record({"organisation_id": annulled, "missing_reason": "invalidated", "status": "withdrawn"})
    await record({"organisation_id": elsewhere, "value": 60.0, "period": "2024-2025"})

    found = await table(registry_client, admin)

    assert found["organisations"] == sorted([valued, silent, suppressed, annulled, elsewhere])
    column = found["columns"]["SCH_UNT_MEAN"]
    cells = {
        one: (column["value"][place], column["n"][place], column["variance"][place], column["reason"][place])
        for place, one in enumerate(found["organisations"])
    }
    assert cells == {
        valued: (71.5, 26, 24.0, None),
        silent: (None, None, None, "not_reported"),
        suppressed: (None, None, None, "suppressed"),
        annulled: (None, None, None, "invalidated"),
        elsewhere: (None, None, None, "not_reported"),
    }
    attributes = found["attributes"]
    assert attributes["area_path"] == [[ALMATY, AUEZOV]] * 5
    assert attributes["type"] == ["school"] * 5
    assert set(attributes) >= {"setting", "size_class", "kind", "ownership", "languages", "selective", "multigrade"}
    assert set(attributes) >= {"programmes", "profile"}
    assert all(name.endswith("мектеп") for name in attributes["name_kk"])


async def test_the_digest_names_the_content_whatever_the_order_of_recording(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    schools = [await register(str(number)) for number in range(6)]
    observations = [{"organisation_id": school, "value": 60.0 + place} for place, school in enumerate(schools)]
    await record(*observations)
    first = await table(registry_client, admin)
    random.Random(1).shuffle(observations)
    await record(*({**one, "value": 1.0} for one in observations))
    other = await table(registry_client, admin)
    for one in observations:
        await record(one)

    second = await table(registry_client, admin)

    assert first["digest"] == second["digest"] != other["digest"]
    content = {name: first[name] for name in ("organisations", "attributes", "columns", "as_of")}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert first["digest"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    read = ObservationTable.model_validate(first)
    assert digest_of(read.organisations, read.attributes, read.columns, read.as_of) == first["digest"]
    assert (await table(registry_client, admin, known_at=first["known_at"]))["digest"] == first["digest"]


async def test_the_table_is_of_a_day_an_area_and_a_moment_of_knowledge(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    here, there = await register("1"), await register("2", area=SHYMKENT)
    late = await register("3", valid_from="2026-09-01")
    await record({"organisation_id": here, "value": 70.0})
    known_at = (await table(registry_client, admin))["known_at"]
    await record({"organisation_id": here, "value": 75.0})

    assert (await table(registry_client, admin, area=SHYMKENT))["organisations"] == [there]
    assert (await table(registry_client, admin, area=ALMATY, as_of="2026-08-31"))["organisations"] == [here]
    assert (await table(registry_client, admin, as_of="2026-10-01"))["organisations"] == sorted([here, there, late])
    early = await table(registry_client, admin, area=ALMATY, as_of="2026-08-31", known_at=known_at)
    assert early["columns"]["SCH_UNT_MEAN"]["value"] == [70.0]
    assert (await table(registry_client, admin, as_of="2014-01-01"))["organisations"] == []


async def test_a_shorter_period_counts_when_it_ends_last_within_the_one_asked_for(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    school = await register("1")
    await record(
        *(
            {"organisation_id": school, "indicator": "TCH_VACANCY_RATE", "period": period, "value": value}
            for period, value in (("2025-09", 1.0), ("2026-05", 2.0), ("2026-09", 3.0), ("2025-08", 4.0))
        )
    )

    found = await table(registry_client, admin, indicators="TCH_VACANCY_RATE,SCH_UNT_MEAN")

    assert found["columns"]["TCH_VACANCY_RATE"]["value"] == [2.0]
    assert found["columns"]["SCH_UNT_MEAN"]["reason"] == ["not_reported"]


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"indicators": "NO_SUCH"}, "?indicators"),
        ({"indicators": "SCH_UNT_MEAN,SCH_UNT_MEAN"}, "?indicators"),
        ({"indicators": "a;b"}, "?indicators"),
        ({"period": "2025-2027"}, "?period"),
        ({"period": "soon"}, "?period"),
        ({"organisation_type": "castle"}, "?organisation_type"),
        ({"as_of": "2026-02-30"}, "?as_of"),
        ({"known_at": "2026-01-01T00:00:00"}, "?known_at"),
        ({"colour": "blue"}, "?colour"),
    ],
)
async def test_a_table_that_cannot_be_is_refused(
    registry_client: httpx.AsyncClient, admin: dict[str, str], wanted: dict[str, str], pointer: str
) -> None:
    params = {"indicators": "SCH_UNT_MEAN", "period": "2025-2026", "organisation_type": "school", **wanted}

    answer = await registry_client.get("/v1/observation-table", params=params, headers=admin)

    assert answer.status_code == 422, answer.text
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]
    assert (await registry_client.get("/v1/observation-table", params=params)).status_code == 401


async def test_a_table_that_is_known_already_is_not_sent_again(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register
) -> None:
    await register("1")
    params = {"indicators": "SCH_UNT_MEAN", "period": "2025-2026", "organisation_type": "school"}
    first = await registry_client.get("/v1/observation-table", params=params, headers=admin)

    again = await registry_client.get(
        "/v1/observation-table", params=params, headers={**admin, "If-None-Match": first.headers["etag"]}
    )

    assert again.status_code == 304


async def test_observations_are_given_as_a_file_too(
    registry_client: httpx.AsyncClient, admin: dict[str, str], register: Register, record: Record
) -> None:
    school = await register("1")
    await record({"organisation_id": school, "value": 70.0}, {"area": ALMATY, "value": 68.0})

    answer = await registry_client.get("/v1/observations", headers={**admin, "Accept": "text/csv"})
    lines = await registry_client.get("/v1/observations", headers={**admin, "Accept": "application/x-ndjson"})

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    # Both were recorded at once: which of them stands first is chance.
    assert {(row["organisation_id"], row["area"], row["value"]) for row in rows} == {
        (school, "", "70.0"),
        ("", ALMATY, "68.0"),
    }
    assert sorted(json.loads(line)["value"] for line in lines.text.splitlines()) == [68.0, 70.0]
