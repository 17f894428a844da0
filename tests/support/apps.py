"""A service's real app, in memory: its lifespan runs, its requests cross no network."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from deploy.local.services import SERVICES


def build_app(service: str, environment: Mapping[str, str]) -> FastAPI:
    """The app of `registry`, `training` or `rating`, built from the environment as in production."""
    (found,) = (one for one in SERVICES if one.name == service)
    factory = importlib.import_module(f"services.{found.package}.app").create_app
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        app = factory()
    assert isinstance(app, FastAPI)
    return app


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """The app between its start and its end.

    The lifespan has a task of its own, as under a server: what it opens (task groups, cancel scopes) must be closed
    by the same task, and a fixture is set up and torn down by two.
    """
    started, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.router.lifespan_context(app):
            started.set()
            await ending.wait()

    life = asyncio.create_task(live())
    begun = asyncio.create_task(started.wait())
    await asyncio.wait({life, begun}, return_when=asyncio.FIRST_COMPLETED)
    begun.cancel()
    if life.done():
        await life
        raise RuntimeError("the app ended at its start")
    try:
        yield
    finally:
        ending.set()
        await life


def client_for(app: FastAPI, **arguments: Any) -> httpx.AsyncClient:
    """A caller of the app. What the app did not catch is raised in the test and not answered with 500."""
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://service.test", **arguments)
