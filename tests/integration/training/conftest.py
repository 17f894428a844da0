"""A small world of schools, teachers and courses, built through the API itself."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from tests.support import apps
from tests.support.training import World


@pytest.fixture
async def world(training_app: FastAPI, training_client: httpx.AsyncClient, token_for: Callable[..., str]) -> World:
    """Training with a provider in it, and a caller who may do everything."""
    training_client.headers["Authorization"] = f"Bearer {token_for('admin')}"
    world = World(training_client, training_app.state.database, token_for)
    await world.begin()
    return world


@pytest.fixture
async def stranger(training_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a token."""
    async with apps.client_for(training_app) as client:
        yield client
