"""Certificates of a small world: earned, issued, moved on, and verified as a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from tests.support import apps
from tests.support.training import World

Json = dict[str, Any]
FIRST, LAST, ISSUED = date(2026, 1, 5), date(2026, 1, 8), "2026-01-09"
NAME = {"kk": {"family": "Үлгіұлы", "given": "Мысал", "patronymic": "Әкесіұлы"}}
TOKEN = {"Accept": "application/vc+jwt"}
WRONG = {"reason_code": "issued_in_error"}


def app_of(world: World) -> FastAPI:
    app = world.http._transport.app  # type: ignore[attr-defined] # the transport of apps.client_for
    assert isinstance(app, FastAPI)
    return app


@asynccontextmanager
async def another_app(world: World, local_key_file: Path, **environment: str) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger at another app upon the same database."""
    url = app_of(world).state.settings.database_url.get_secret_value()
    app = apps.build_app(
        "training", {"TRAINING_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file), **environment}
    )
    async with apps.running(app), apps.client_for(app) as client:
        yield client


async def earned(world: World, person: str | None = None, *, ago: int = 0, **programme: Any) -> Json:
    """An enrolment that was completed with a pass, `ago` years before 2026."""
    first, last = FIRST.replace(year=2026 - ago), LAST.replace(year=2026 - ago)
    cohort = await world.cohort(programme_id=await world.programme(**programme), venues=[1], first=first, last=last)
    enrolment = await world.enrol(cohort, person or await world.educator(name=NAME))
    return await world.complete(enrolment, effective_on=last.isoformat())


async def issued(world: World, person: str | None = None, *, ago: int = 0, **programme: Any) -> Json:
    done = await earned(world, person, ago=ago, **programme)
    day = date.fromisoformat(ISSUED).replace(year=2026 - ago).isoformat()
    return await world.post("/v1/certificates", {"enrolment_id": done["id"], "issued_on": day})


async def moved(world: World, number: str, action: str, *, on: str | None = None, **more: Any) -> Json:
    return await world.post(f"/v1/certificates/{number}/{action}", {**WRONG, "effective_on": on, **more})


async def file_of(world: World, number: str, form: str, **headers: str) -> bytes:
    answer = await world.http.get(f"/v1/certificates/{number}/{form}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.content


async def verified(stranger: httpx.AsyncClient, data: bytes) -> tuple[str, str | None]:
    answer = await stranger.post("/v1/verify", files={"file": ("certificate", data)})
    assert answer.status_code == 200, answer.text
    return answer.json()["outcome"], answer.json()["failed"]
