"""The other services' client reads the real registry."""

import httpx
from fastapi import FastAPI

from shared.clients.registry import RegistryClient
from shared.schemas.registry.organisation_lists import ResolveScheme
from tests.integration.registry.conftest import ALATAU_DISTRICT, ALMATY, Register, demo_number


async def test_the_client_reads_organisations_areas_and_identifiers(registry_app: FastAPI, register: Register) -> None:
    school = await register(identifiers=[{"scheme": "demo", "value": demo_number(1)}])
    college = await register(type="college", kind="college")

    async with RegistryClient("http://registry.test", transport=httpx.ASGITransport(registry_app)) as client:
        one = await client.organisation(school["id"])
        everyone = [found.id async for found in client.organisations()]
        colleges = [found.id async for found in client.organisations(types=["college"], area=ALMATY)]
        resolved = await client.resolve(ResolveScheme.DEMO, demo_number(1))
        area = await client.area(ALATAU_DISTRICT)
        regions = [found.code async for found in client.areas(level=1)]

    assert str(one.id) == school["id"]
    assert [str(id_) for id_ in everyone] == [school["id"], college["id"]]
    assert [str(id_) for id_ in colleges] == [college["id"]]
    assert str(resolved.organisation.id) == school["id"]
    assert [above.code for above in area.path] == [ALMATY, ALATAU_DISTRICT]
    assert len(regions) == 20
