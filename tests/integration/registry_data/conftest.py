"""Files to hand in, and what becomes of them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

ENGLAND = Path(__file__).parents[3].parent / "shared" / "rating" / "cases" / "school_data" / "england_ks4_2018_19.csv"
ENGLISH_INDICATORS = {
    "P8MEA": "ENG_P8MEA",
    "ATT8SCR": "ENG_ATT8SCR",
    "PTL2BASICS_95": "ENG_PTL2BASICS_95",
    "PTEBACC_E_PTQ_EE": "ENG_PTEBACC_E_PTQ_EE",
    "EBACCAPS": "ENG_EBACCAPS",
}
ORGANISATIONS_MAPPING: dict[str, Any] = {
    "columns": {
        "URN": "identifier.value",
        "SCHNAME": ["name.kk", "name.ru", "name.en"],
        "LATITUDE": "latitude",
        "LONGITUDE": "longitude",
        "GRAMMAR": "selective",
    },
    "constants": {
        "identifier.scheme": "urn",
        "type": "school",
        "area": "750000000",
        "valid_from": "2010-09-01",
        "is_synthetic": "false",
    },
    "ignore_other_columns": True,
}
OBSERVATIONS_MAPPING: dict[str, Any] = {
    "organisation": {"scheme": "urn", "column": "URN"},
    "period": "2018-2019",
    "indicators": ENGLISH_INDICATORS,
    "reasons": {
        "SUPP": "suppressed",
        "NP": "not_reported",
        "NE": "not_applicable",
        "LOWCOV": "low_coverage",
        "": "not_reported",
    },
    "status": "final",
    "source_system": "DfE performance tables",
}

Headers = Callable[..., dict[str, str]]
HandIn = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def headers_of(token_for: Callable[..., str]) -> Headers:
    """The headers of a caller: `headers_of("region_officer", area="750000000")`."""

    def headers(role: str, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {token_for(role, **claims)}"}

    return headers


@pytest.fixture
def admin(headers_of: Headers) -> dict[str, str]:
    """The headers of a caller who may do everything."""
    return headers_of("admin")


async def ended(client: httpx.AsyncClient, location: str, headers: dict[str, str]) -> dict[str, Any]:
    """The job when it is over."""
    for _ in range(3000):
        job: dict[str, Any] = (await client.get(location, headers=headers)).json()
        if job["status"] not in ("queued", "running"):
            return job
        await asyncio.sleep(0.02)
    raise AssertionError(f"{location} does not end: {job}")


@pytest.fixture
def hand_in(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> HandIn:
    """Hands a file in, waits until it is read, and gives the import; its job under `job`."""

    async def hand_in(
        content: bytes | str,
        kind: str,
        mapping: dict[str, Any] | None = None,
        *,
        name: str = "file.csv",
        headers: dict[str, str] | None = None,
        language: str = "en",
        **fields: Any,
    ) -> dict[str, Any]:
        data = {"kind": kind, **{key: str(value).lower() for key, value in fields.items()}}
        if mapping is not None:
            data["mapping"] = json.dumps(mapping, ensure_ascii=False)
        body = content.encode() if isinstance(content, str) else content
        caller = {**(headers or admin), "Accept-Language": language}
        answer = await registry_client.post("/v1/imports", data=data, files={"file": (name, body)}, headers=caller)
        assert answer.status_code == 202, answer.text
        job = await ended(registry_client, answer.headers["location"], caller)
        read = await registry_client.get(f"/v1/imports/{answer.json()['id']}", headers=caller)
        assert read.status_code == 200, read.text
        return {**read.json(), "job": job}

    return hand_in


@pytest.fixture
def define(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> Callable[..., Awaitable[None]]:
    """Defines an indicator of schools that is like others but for what is said here."""

    async def define(code: str, **fields: Any) -> None:
        definition = {
            "code": code,
            "organisation_types": ["school"],
            "pillar": "outcomes",
            "name": {"kk": code, "ru": code, "en": code},
            "unit": "score",
            "polarity": "higher",
            "formula": f"as published: {code}",
            "period_kind": "school_year",
            **fields,
        }
        answer = await registry_client.post("/v1/indicators", json=definition, headers=admin)
        assert answer.status_code in (200, 201), answer.text

    return define
