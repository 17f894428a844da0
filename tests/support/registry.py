"""A registry to play scenarios on: who calls, what is expected, and organisations to call about."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import httpx

from services.registry_api.organisations.identifiers import check_digit

SHYMKENT, ALATAU, AUEZOV = "790000000", "751210000", "751310000"
"""A city of the republic and two districts of Almaty (750000000)."""
KARAGANDA, KYZYLORDA, WEST_KAZAKHSTAN = "350000000", "430000000", "270000000"
"""Regions."""


class Registry:
    """The registry as its callers meet it; a caller is the admin unless another one is named."""

    def __init__(self, client: httpx.AsyncClient, token_for: Callable[..., str]) -> None:
        self.client = client
        self._token_for = token_for
        self._serials = count(1)

    def headers(self, role: str | None = "admin", **claims: Any) -> dict[str, str]:
        """The headers of a caller: `headers("region_officer", area="750000000")`; None is somebody without a token."""
        return {} if role is None else {"Authorization": f"Bearer {self._token_for(role, **claims)}"}

    async def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        expect: int,
        caller: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        if_match: str | None = None,
        **more: Any,
    ) -> httpx.Response:
        """The answer, whose status has to be `expect`."""
        headers = dict(self.headers() if caller is None else caller)
        if if_match is not None:
            headers["If-Match"] = if_match
        if json is not None:
            more["json"] = json
        answer = await self.client.request(method, path, headers=headers, params=params, **more)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer

    async def get(
        self, path: str, *, expect: int = 200, caller: Mapping[str, str] | None = None, **params: Any
    ) -> dict[str, Any]:
        """What is read there; query parameters by name."""
        answer = await self.call("GET", path, expect=expect, caller=caller, params=params)
        found: dict[str, Any] = answer.json()
        return found

    async def post(
        self, path: str, json: Any = None, *, expect: int = 201, caller: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What comes of it: the thing that was made, or the problem when that is expected."""
        answer = await self.call("POST", path, json, expect=expect, caller=caller)
        found: dict[str, Any] = answer.json() if answer.content else {}
        if expect < 400 and "ETag" in answer.headers:
            found["etag"] = answer.headers["ETag"]
        return found

    async def organisation(self, kk: str | None = None, ru: str | None = None, **fields: Any) -> dict[str, Any]:
        """A new organisation: a synthetic state school in Shymkent since 2015 unless said otherwise."""
        number = next(self._serials)
        name = {language: text for language, text in (("kk", kk), ("ru", ru)) if text}
        return await self.post(
            "/v1/organisations",
            {
                "name": name or {"kk": f"№{number} мектеп", "ru": f"Школа № {number}"},
                "type": "school",
                "area": SHYMKENT,
                "valid_from": "2015-09-01",
                "identifiers": [{"scheme": "demo", "value": demo_number(number)}],
                "is_synthetic": True,
                **fields,
            },
        )

    async def hand_in(self, content: bytes, kind: str, **form: str) -> dict[str, Any]:
        """A file through `POST /v1/imports`: the import when its job is over."""
        asked = await self.client.post(
            "/v1/imports",
            files={"file": ("file.csv", content)},
            data={"kind": kind, **form},
            headers={**self.headers(), "Accept-Language": "en"},
        )
        assert asked.status_code == 202, asked.text
        for _ in range(3000):
            if (await self.get(asked.headers["Location"]))["status"] not in ("queued", "running"):
                return await self.get(f"/v1/imports/{asked.json()['id']}")
            await asyncio.sleep(0.02)
        raise AssertionError(f"{asked.headers['Location']} does not end")

    async def observe(self, *observations: Mapping[str, Any]) -> None:
        """Hand in observations; each has to be taken."""
        given = {"source_system": "scenario", "source_ref": "", "status": "final"}
        await self.post("/v1/observations", {"observations": [{**given, **one} for one in observations]}, expect=201)


def demo_number(serial: int) -> str:
    """A number like a BIN that can never be one."""
    for attempt in range(serial * 10, serial * 10 + 10):
        eleven = f"23099{attempt:06d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"
    raise AssertionError("one of ten in a row has a check digit")
