"""HTTP of areas."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.areas import service as areas
from services.registry_api.areas.repository import Wanted
from shared import alphabet, clock
from shared.schemas.base import Kato
from shared.schemas.registry.areas import AreaAtQuery, AreaPage, AreaQuery, AreaRead
from shared.web import conditional, export, pages
from shared.web.routing import Router
from shared.web.sessions import Reading, database_of

router = Router("/v1/areas", tags=["areas"])

_PAGE = TypeAdapter(AreaPage)
_AREA = TypeAdapter(AreaRead)
_COLUMNS = ("code", "parent", "level", "kind", "name_kk", "name_ru", "name_en", "valid_from", "valid_until")
_CHUNK = 1000


@router.get(
    "",
    summary="List areas",
    description="Units of the classifier (KATO) on one day, in the order of their codes. Public. As CSV, XLSX or "
    "NDJSON by `Accept`, then all of them.",
    response_model=AreaPage,
)
async def list_areas(request: Request, session: Reading, query: Annotated[AreaQuery, Query()]) -> Response:
    on = query.as_of or clock.day_in_kazakhstan(clock.now())
    wanted = Wanted(
        parent=query.parent,
        level=query.level,
        kind=query.kind,
        words=tuple(alphabet.search_tokens(query.q or "")),
    )
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted, query, on), filename="areas")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await areas.page(session, wanted, on=on, known_at=query.known_at, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda area: (area["code"],))
    total = await areas.count(session, wanted, on=on, known_at=query.known_at) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.get(
    "/{code}",
    summary="Read an area",
    description="One unit of the classifier with all units above it, on one day and as it was known then. Public.",
    response_model=AreaRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_area(
    request: Request,
    session: Reading,
    code: Annotated[Kato, Path(description="KATO code", examples=["751210000"])],
    query: Annotated[AreaAtQuery, Query()],
) -> Response:
    on = query.as_of or clock.day_in_kazakhstan(clock.now())
    area = await areas.get(session, code, on=on, known_at=query.known_at)
    body = _AREA.dump_json(_AREA.validate_python(area))
    tag = conditional.etag(hashlib.sha256(body).hexdigest()[:32])
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(body, media_type="application/json", headers={"ETag": tag})


async def _all(
    request: Request, wanted: Wanted, query: AreaQuery, on: date
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[str] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await areas.page(session, wanted, on=on, known_at=query.known_at, after=after, limit=_CHUNK)
            yield [_line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = [str(rows[_CHUNK - 1]["code"])]


def _line(area: Mapping[str, Any]) -> Mapping[str, Any]:
    names = {f"name_{language}": name for language, name in area["name"].items()}
    return {column: area.get(column) for column in _COLUMNS} | names
