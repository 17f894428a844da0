"""HTTP of the documents of a memorandum: renditions in, bytes out."""

import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from services.registry_api.memoranda import service as memoranda
from services.registry_api.memoranda.router.reads import MemorandumPath
from services.registry_api.memoranda.router.writing import WRITER
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.memorandum_texts import MemorandumDocumentQuery, MemorandumDocumentRead
from shared.schemas.registry.memorandum_words import DocumentKind, DocumentLanguage
from shared.web import conditional, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/memoranda", tags=["memoranda"])
DocumentPath = Annotated[UUID, Path(description="The document", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f5031"])]

_PAGE = TypeAdapter(Page[MemorandumDocumentRead])
_READER = [requires("registry:read")]
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\/:*?<>|]")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")


@router.post(
    "/{memorandum_id}/documents",
    summary="Hand in a document of a memorandum",
    description="Keeps a file of up to 20 MiB as the next version of its kind and language. What it is is told by its "
    "name and its first bytes together: PDF, DOCX, ODT, PNG, JPEG or a CMS signature. The same bytes are kept once.",
    status_code=201,
    response_model=MemorandumDocumentRead,
    dependencies=WRITER,
)
async def hand_in_document(
    response: Response,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    file: Annotated[UploadFile, File(description="The file, up to 20 MiB")],
    kind: Annotated[DocumentKind, Form(description="What it is", examples=["signed"])],
    language: Annotated[DocumentLanguage, Form(description="Its language", examples=["kk"])],
    _key: IdempotencyKey = None,
) -> MemorandumDocumentRead:
    memorandum = await memoranda.lock(session, memorandum_id)
    upload = memoranda.Upload(
        kind=kind,
        language=language,
        file_name=_UNSAFE.sub("_", file.filename or "document"),
        read=file.read,
        rewind=partial(file.seek, 0),
    )
    kept = await memoranda.keep(session, memoranda.store_in(session), actor, memorandum, upload, now=clock.now())
    response.headers["Location"] = f"/v1/memoranda/{memorandum_id}/documents/{kept.id}"
    return MemorandumDocumentRead.model_validate(kept)


@router.get(
    "/{memorandum_id}/documents",
    summary="List the documents of a memorandum",
    description="All versions of all renditions, the newest first.",
    response_model=Page[MemorandumDocumentRead],
    dependencies=_READER,
)
async def list_documents(
    request: Request,
    session: Reading,
    actor: Caller,
    memorandum_id: MemorandumPath,
    query: Annotated[MemorandumDocumentQuery, Query()],
) -> Response:
    await memoranda.get(session, memorandum_id, actor=actor, now=clock.now())
    of = {"memorandum": str(memorandum_id), **query.model_dump(mode="json", exclude={"limit", "cursor", "count"})}
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await memoranda.documents(session, memorandum_id, query, after=after)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [str(row.id)])
    total = await memoranda.count_documents(session, memorandum_id, query) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.get(
    "/{memorandum_id}/documents/{document_id}",
    summary="Read what is known of a document",
    description="Its kind, language, version, size and digest; the bytes are under `content`.",
    response_model=MemorandumDocumentRead,
    dependencies=_READER,
)
async def read_document(
    session: Reading, memorandum_id: MemorandumPath, document_id: DocumentPath
) -> MemorandumDocumentRead:
    found = await memoranda.document(session, memorandum_id, document_id)
    return MemorandumDocumentRead.model_validate(found)


@router.get(
    "/{memorandum_id}/documents/{document_id}/content",
    summary="Download a document",
    description="The bytes as they were handed in, to be saved and not shown; the `ETag` is their digest.",
    response_class=Response,
    responses={
        200: {
            "description": "The bytes",
            "content": {
                media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in memoranda.MEDIA_TYPES
            },
        },
        304: {"description": "Not changed since it was read"},
    },
    dependencies=_READER,
)
async def download_document(
    request: Request, session: Reading, memorandum_id: MemorandumPath, document_id: DocumentPath
) -> Response:
    found = await memoranda.document(session, memorandum_id, document_id)
    tag = conditional.etag(found.digest)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    headers = {
        "ETag": tag,
        "Content-Length": str(found.size),
        "Content-Disposition": _disposition(found.file_name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
    return StreamingResponse(_bytes(request, found.digest), media_type=found.media_type, headers=headers)


async def _bytes(request: Request, digest: str) -> AsyncIterator[bytes]:
    # In a session of its own, because the request's is closed before the answer is sent.
    async with database_of(request).reading() as session:
        async for part in memoranda.store_in(session).read(digest):
            yield part


def _disposition(file_name: str) -> str:
    r"""RFC 6266: a plain name for old programs, the true one beside it.

    >>> _disposition("акт.pdf")
    'attachment; filename="___.pdf"; filename*=UTF-8\'\'%D0%B0%D0%BA%D1%82.pdf'
    """
    safe = _UNSAFE.sub("_", file_name)
    return f"attachment; filename=\"{_NOT_ASCII.sub('_', safe)}\"; filename*=UTF-8''{quote(safe, safe='')}"
