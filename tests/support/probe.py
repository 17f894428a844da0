"""A service of one table, to try the plumbing on: real app, real PostgreSQL, nothing of the product."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import httpx
from fastapi import FastAPI, Query, Request, Response
from pydantic import Field, SecretStr, TypeAdapter
from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Mapped, mapped_column

from shared import clock
from shared.auth import requires
from shared.db.base import Identified, ServiceBase, Versioned, service_metadata
from shared.errors import Conflict, NotFound, Text
from shared.schemas.base import Date, Finite, In, Int64, LocalisedText, Name, Out
from shared.schemas.pages import Page, PageQuery
from shared.settings import ServiceSettings
from shared.web import conditional, pages
from shared.web.app import Service, create_service_app
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing


class Base(ServiceBase):
    __abstract__ = True
    metadata = service_metadata()


class Note(Identified, Versioned, Base):
    __tablename__ = "notes"
    word: Mapped[str] = mapped_column(unique=True)


class NoteCreate(In):
    word: Name = Field(description="The word", examples=["сөз"])
    title: LocalisedText | None = Field(default=None, description="A title")
    pupils: Int64 | None = Field(default=None, description="How many")
    share: Finite | None = Field(default=None, description="A share")
    on: Date | None = Field(default=None, description="A day")


class NoteRead(Out):
    id: UUID = Field(description="Identifier")
    word: str = Field(description="The word")


class NoteQuery(PageQuery):
    word: Name | None = Field(default=None, description="Only this word")


class Forbidden(Conflict):
    code = "word_forbidden"
    title = Text(kk="Бұл сөзге тыйым салынған", ru="Это слово запрещено", en="This word is forbidden")


router = Router("/v1/notes", tags=["notes"])
_PAGE = TypeAdapter(Page[NoteRead])
_LIST = (
    select(Note.id, Note.word)
    .where((Note.word > bindparam("after")) | bindparam("first"))
    .order_by(Note.word)
    .limit(bindparam("limit"))
)


@router.post("", status_code=201, dependencies=[requires("registry:write")])
async def add_note(body: NoteCreate, session: Writing, response: Response, key: IdempotencyKey = None) -> NoteRead:
    if body.word == "forbidden":
        raise Forbidden
    now = clock.now()
    note = Note(word=body.word, created_at=now, updated_at=now)
    session.add(note)
    await session.flush()
    if body.word == "slow":
        await asyncio.sleep(0.4)
    if body.word == "late":  # a constraint that speaks only at COMMIT
        await session.execute(text("INSERT INTO late_rule VALUES (1), (1)"))
    response.headers["Location"] = f"/v1/notes/{note.id}"
    return NoteRead.model_validate(note)


@router.get("", response_model=Page[NoteRead])
async def list_notes(request: Request, query: Annotated[NoteQuery, Query()], session: Reading) -> Response:
    of = {"list": "notes", "word": query.word}
    start = pages.start(request, query.cursor, of=of, length=1)
    rows = await session.execute(
        _LIST, {"after": start[0] if start else "", "first": start is None, "limit": query.limit + 1}
    )
    page, cursor = pages.cut(
        request, [dict(row) for row in rows.mappings()], limit=query.limit, of=of, keys=lambda row: [row["word"]]
    )
    return pages.answer(request, _PAGE, page, next_cursor=cursor)


@router.get("/{note_id}")
async def get_note(note_id: UUID, request: Request, session: Reading, response: Response) -> NoteRead:
    note = await session.get(Note, note_id)
    if note is None:
        raise NotFound
    response.headers["ETag"] = conditional.etag(note.version)
    return NoteRead.model_validate(note)


@router.patch("/{note_id}", dependencies=[requires("registry:write")])
async def change_note(note_id: UUID, body: NoteCreate, request: Request, session: Writing) -> NoteRead:
    note = await session.get(Note, note_id)
    if note is None:
        raise NotFound
    conditional.check_match(request, note.version)
    note.word, note.updated_at = body.word, clock.now()
    await session.flush()
    return NoteRead.model_validate(note)


@router.get("/sleep/{seconds}", include_in_schema=False)
async def sleep(seconds: float) -> NoteRead:
    await asyncio.sleep(seconds)
    raise NotFound


@router.get("/crash/now", include_in_schema=False)
async def crash() -> NoteRead:
    raise RuntimeError("870101300123 must not be seen")


def build(url: str, **settings: object) -> FastAPI:
    """The probe on a database; `settings` overrule the defaults."""
    chosen = ServiceSettings.model_validate(
        {"service": "registry", "database_url": SecretStr(url), "cursor_secret": SecretStr("for tests"), **settings}
    )
    return create_service_app(
        chosen,
        Service(
            package="registry_api",
            title="Probe",
            summary="Probe",
            description="Probe",
            tags=[{"name": "notes", "description": "Notes"}],
            routers=[router],
        ),
    )


async def create_tables(url: str) -> None:
    """The probe's tables, and one that has a rule checked at COMMIT."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(
            text("CREATE TABLE late_rule (x int CONSTRAINT late_rule_once UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        )
    await engine.dispose()


@asynccontextmanager
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app in memory."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://probe") as http:
        yield http
