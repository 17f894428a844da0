"""HTTP of lists of people."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path as FilePath
from typing import Annotated, Any
from uuid import UUID

from fastapi import File, Form, Path, Query, Request, Response, UploadFile
from pydantic import TypeAdapter

from services.training_api.bulk_enrolments import rules
from services.training_api.bulk_enrolments import service as bulk_enrolments
from services.training_api.dependencies import (
    IdentifierSecret,
    Key,
    Locking,
    answer_list,
    answer_written,
    seen_by,
)
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.bulk_enrolments import BulkEnrolmentRead, BulkRowQuery, BulkRowRead
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/bulk-enrolments", tags=["enrolments"])
routers = (router,)
_PAGE = TypeAdapter(Page[BulkRowRead])
_COLUMNS = ("row", "answer", "educator_id", "enrolment_id", "venue_id", "position", "code", "message_kk", "message_ru")
_CHUNK = 500
_LONGEST_NAME = 300
BulkPath = Annotated[UUID, Path(description="The list", examples=["0198c0de-0000-7000-8000-000000000b01"])]


@router.post(
    "",
    summary="Enrol a list of people",
    description="Takes a CSV, XLSX or NDJSON file of up to 2,000 rows, as spreadsheets in this country save it. A "
    "column tells who each row is: `id`, `ЖСН`/`ИИН` (compared as a keyed hash and not kept) or `аты-жөні`/`ФИО` among "
    "the people within your reach; a column `venue` may name the venue. Everybody is enrolled in the order of the list "
    "in one transaction, and each row is answered: confirmed, waitlisted, submitted, or refused with the reason. A dry "
    "run answers the same and holds no seat.",
    status_code=201,
    response_model=BulkEnrolmentRead,
    dependencies=[requires("training:enrol")],
)
async def enrol_list(
    session: Writing,
    actor: Caller,
    secret: IdentifierSecret,
    locking: Locking,
    file: Annotated[UploadFile, File(description="The file: CSV, XLSX or NDJSON, up to 4 MiB")],
    cohort_id: Annotated[UUID, Form(description="The cohort", examples=["0198c0de-0000-7000-8000-000000000301"])],
    venue_id: Annotated[
        UUID | None,
        Form(description="The venue for rows that name none", examples=["0198c0de-0000-7000-8000-000000000311"]),
    ] = None,
    dry_run: Annotated[bool, Form(description="Answer only; enrol nobody", examples=[True])] = False,
    _key: Key = None,
) -> Response:
    content = await file.read()
    bulk = await bulk_enrolments.enrol(
        session,
        actor,
        await asyncio.to_thread(_lines, content),
        cohort_id=cohort_id,
        venue_id=venue_id,
        dry_run=dry_run,
        file_name=_file_name(file.filename),
        key=secret,
        locking=locking,
        now=clock.now(),
    )
    return answer_written(bulk, status=201, location=f"/v1/bulk-enrolments/{bulk.id}")


@router.get(
    "/{bulk_enrolment_id}",
    summary="Read a list",
    description="A list you handed in, and how many of its rows were answered how.",
    response_model=BulkEnrolmentRead,
    dependencies=[requires("training:enrol")],
)
async def read_bulk_enrolment(session: Reading, actor: Caller, bulk_enrolment_id: BulkPath) -> BulkEnrolmentRead:
    return await bulk_enrolments.get(session, actor, bulk_enrolment_id)


@router.get(
    "/{bulk_enrolment_id}/rows",
    summary="List the answers of a list",
    description="Each row of the file by its number, and what became of it. As CSV, XLSX or NDJSON by `Accept`, then "
    "all of them.",
    response_model=Page[BulkRowRead],
    dependencies=[requires("training:enrol")],
)
async def list_bulk_rows(
    request: Request,
    session: Reading,
    actor: Caller,
    bulk_enrolment_id: BulkPath,
    query: Annotated[BulkRowQuery, Query()],
) -> Response:
    await bulk_enrolments.get(session, actor, bulk_enrolment_id)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, bulk_enrolment_id, query), filename="answers")
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "bulk_rows", "bulk": bulk_enrolment_id, **seen_by(actor)},
        parse=[int],
        fetch=lambda after: bulk_enrolments.rows(session, bulk_enrolment_id, query, after=after),
        count=lambda: bulk_enrolments.count_rows(session, bulk_enrolment_id, query),
        keys=lambda row: [row.row],
    )


def _lines(content: bytes) -> list[rules.Line]:
    with tempfile.TemporaryDirectory(prefix="bilim-list-") as folder:
        path = FilePath(folder) / "list"
        path.write_bytes(content)
        return rules.read(path)


async def _all(request: Request, bulk_id: UUID, query: BulkRowQuery) -> AsyncIterator[list[dict[str, Any]]]:
    async with database_of(request).reading() as session:
        after: list[int] | None = None
        wanted = query.model_copy(update={"limit": _CHUNK})
        while found := await bulk_enrolments.rows(session, bulk_id, wanted, after=after):
            yield [_flat(row) for row in found[:_CHUNK]]
            if len(found) <= _CHUNK:
                return
            after = [found[_CHUNK - 1].row]


def _flat(row: BulkRowRead) -> dict[str, Any]:
    refusal = row.refusal
    return {
        **row.model_dump(mode="json", exclude={"refusal"}),
        "code": refusal.code if refusal else None,
        "message_kk": refusal.message.kk if refusal else None,
        "message_ru": refusal.message.ru if refusal else None,
    }


def _file_name(told: str | None) -> str:
    """The last part of the name a client gives, without signs that are not for reading."""
    last = (told or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:_LONGEST_NAME] or "file"
