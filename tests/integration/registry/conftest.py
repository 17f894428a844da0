"""Callers of the registry, and organisations to call about."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import httpx
import pytest

from services.registry_api.organisations.identifiers import check_digit

ALMATY, AUEZOV_DISTRICT, SHYMKENT, ALATAU_DISTRICT = "750000000", "751310000", "790000000", "751210000"

Register = Callable[..., Awaitable[dict[str, Any]]]
Headers = Callable[..., dict[str, str]]


def demo_number(serial: int) -> str:
    """A number like a BIN that can never be one."""
    for attempt in range(serial * 10, serial * 10 + 10):
        eleven = f"23099{attempt:06d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"
    raise AssertionError("one of ten in a row has a check digit")


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


@pytest.fixture
def register(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> Register:
    """Registers an organisation that is like the others but for what is said here."""
    serials = count(1)

    async def register(*, kk: str | None = None, ru: str | None = None, **fields: Any) -> dict[str, Any]:
        number = next(serials)
        name = {language: text for language, text in (("kk", kk), ("ru", ru)) if text}
        document = {
            "name": name or {"kk": f"№{number} мектеп", "ru": f"Школа № {number}"},
            "type": "school",
            "area": AUEZOV_DISTRICT,
            "valid_from": "2020-09-01",
            "identifiers": [{"scheme": "demo", "value": demo_number(number)}],
            "is_synthetic": True,
            **fields,
        }
        answer = await registry_client.post("/v1/organisations", json=document, headers=admin)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        found["etag"] = answer.headers["ETag"]
        return found

    return register
