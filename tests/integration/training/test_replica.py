"""The replica of organisations follows the registry's feed."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.training_api.organisations import service as organisations
from services.training_api.worker import end_expired_offers, follower_of
from shared.auth.keys import LocalKey
from shared.clients.credentials import LocalTokens
from shared.clients.registry import RegistryClient
from shared.db.engine import Database
from shared.ids import new_id
from shared.outbox import Follower
from shared.schemas.changes import ChangePage, ChangeRead
from tests.support.training import World


async def _known(world: World, *ids: str) -> dict[str, str | None]:
    async with world.database.reading() as session:
        found = await organisations.find_many(session, [UUID(one) for one in ids])
    return {str(one.id): one.name_kk for one in found.values()}


async def test_a_change_is_applied_once_whatever_is_sent_again(world: World) -> None:
    school = new_id()
    named = world.change(school, type="school", name={"kk": "№1"}, area="750000000", area_path=["750000000"])
    renamed = world.change(
        school, kind="organisation.changed", type="school", name={"kk": "№2"}, area_path=["750000000"]
    )

    for changes in ([named], [named, renamed], [renamed], [named]):
        async with world.database.writing() as session:
            await organisations.apply(session, changes)

    assert await _known(world, str(school)) == {str(school): "№2"}


async def test_a_deleted_organisation_is_no_longer_known(world: World) -> None:
    school = await world.organisation()
    gone = ChangeRead.model_validate(
        {
            "position": 10_000,
            "kind": "organisation.deleted",
            "subject": "organisation",
            "subject_id": school,
            "data": {"id": school},
            "occurred_at": "2026-09-01T09:00:00+05:00",
        }
    )
    async with world.database.writing() as session:
        await organisations.apply(session, [gone])

    assert await _known(world, school) == {}
    refused = await world.post("/v1/educators", world.person(school), status=409)
    assert refused["code"] == "organisation_unknown"


async def test_following_resumes_where_it_stopped(world: World) -> None:
    schools = [new_id() for _ in range(7)]
    feed = [
        world.change(one, type="school", area_path=["750000000"]).model_copy(update={"position": place})
        for place, one in enumerate(schools, 1)
    ]
    asked: list[int] = []

    async def fetch(*, after: int, limit: int, wait: int) -> ChangePage:
        asked.append(after)
        items: Sequence[ChangeRead] = feed[after : after + limit]
        return ChangePage(items=list(items), next_after=after + len(items), head=len(feed))

    def follower(database: Database) -> Follower:
        return Follower(database, "registry", fetch, organisations.apply, batch=3)

    await follower(world.database).step(wait=0)
    await follower(world.database).catch_up()

    assert asked == [0, 3, 6]
    assert len(await _known(world, *(str(one) for one in schools))) == 7


@pytest.fixture
async def registry_behind(training_app: FastAPI, registry_app: FastAPI, local_key_file: Path) -> AsyncIterator[None]:
    """Training's client speaks to the real registry, in memory."""
    before: RegistryClient = training_app.state.registry
    tokens = LocalTokens(LocalKey.load(local_key_file), subject="training-service")
    training_app.state.registry = RegistryClient(
        "http://registry.test", tokens, transport=httpx.ASGITransport(registry_app)
    )
    yield
    await training_app.state.registry.aclose()
    training_app.state.registry = before


async def test_a_school_registered_in_the_registry_can_hire_here(
    world: World,
    training_app: FastAPI,
    registry_client: httpx.AsyncClient,
    registry_behind: None,
    token_for: Callable[..., str],
) -> None:
    headers = {"Authorization": f"Bearer {token_for('admin')}"}
    body = {"name": {"kk": "№46 мектеп", "ru": "Школа № 46"}, "type": "school", "is_synthetic": True}
    registered = await registry_client.post("/v1/organisations", json=body, headers=headers)
    assert registered.status_code == 201, registered.text
    school = registered.json()["id"]

    follower = follower_of(training_app)
    for _ in range(100):
        if await follower.step(wait=1):
            break

    assert await _known(world, school) == {school: "№46 мектеп"}
    assert (await world.post("/v1/educators", world.person(school)))["organisation_id"] == school


async def test_an_offer_nobody_answers_goes_to_the_next(world: World) -> None:
    cohort = await world.cohort(venues=[1])
    holder, first, second = [await world.enrol(cohort, one) for one in await world.educators(3)]
    await world.post(f"/v1/enrolments/{holder['id']}/withdraw", {"reason_code": "illness"})
    async with world.database.writing() as session:
        await session.execute(
            text("UPDATE enrolments SET offer_expires_at = now() - interval '1 hour' WHERE status = 'offered'")
        )

    late = await world.post(f"/v1/enrolments/{first['id']}/accept", {}, status=409)
    ended = await end_expired_offers(world.database)

    assert late["code"] == "offer_expired"
    assert ended == 1
    assert (await world.get(f"/v1/enrolments/{first['id']}"))["status"] == "offer_expired"
    assert (await world.get(f"/v1/enrolments/{second['id']}"))["status"] == "offered"
