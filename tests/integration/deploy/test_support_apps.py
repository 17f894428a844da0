"""The apps the other tests call."""

import httpx


async def test_the_registry_under_test_is_a_whole_service_upon_its_own_database(
    registry_client: httpx.AsyncClient,
) -> None:
    answer = await registry_client.get("/readyz")

    assert answer.status_code == 200, answer.text
