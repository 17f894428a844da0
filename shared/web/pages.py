"""Answers with lists: one page, its cursor, its `Link` header, rendered once by pydantic to bytes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import TypeAdapter
from pydantic_core import to_json
from starlette.responses import Response

from shared.web.cursors import Cursors, Key

Row = TypeVar("Row")


def cursors_of(request: Request) -> Cursors:
    """The service's cursors, put on the app by the factory."""
    cursors = request.app.state.cursors
    assert isinstance(cursors, Cursors)
    return cursors


def start(request: Request, cursor: str | None, *, of: Mapping[str, object], length: int) -> list[Key] | None:
    """The sort keys to go on after; None for the first page. Raises `CursorInvalid`.

    `of` names everything that decides which list it is: filters and order, not `limit`.
    """
    return cursors_of(request).read(cursor, of=of, length=length) if cursor else None


def cut(
    request: Request,
    rows: Sequence[Row],
    *,
    limit: int,
    of: Mapping[str, object],
    keys: Callable[[Row], Sequence[object]],
) -> tuple[Sequence[Row], str | None]:
    """Of up to `limit` + 1 rows, those of this page, and the cursor to the next one if there are more."""
    if len(rows) <= limit:
        return rows, None
    page = rows[:limit]
    return page, cursors_of(request).make(of=of, keys=keys(page[-1]))


def answer(
    request: Request,
    page: TypeAdapter[Any],
    items: Sequence[Any],
    *,
    next_cursor: str | None,
    total: int | None = None,
    headers: Mapping[str, str] | None = None,
    fields: Collection[str] | None = None,
    **more: Any,
) -> Response:
    """The page as JSON, with `Link: …; rel="next"`.

    `fields` are those of an item that are asked for; `more` are further members of the page's schema, such as facets.
    """
    content = page.validate_python({"items": items, "next_cursor": next_cursor, "total": total, **more})
    sent = dict(headers or {})
    if next_cursor is not None:
        sent["Link"] = f'<{request.url.include_query_params(cursor=next_cursor)}>; rel="next"'
    wanted: dict[str, Any] | None = None
    if fields is not None:
        wanted = {"items": {"__all__": set(fields)}, "next_cursor": True, "total": True, **dict.fromkeys(more, True)}
    return Response(page.dump_json(content, include=wanted), media_type="application/json", headers=sent)


def ready(
    request: Request,
    items: Sequence[Mapping[str, Any]],
    *,
    next_cursor: str | None,
    total: int | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """The same, of items that are as they are to be sent, and are not looked at again.

    For lists that are read most: checking what came out of our own tables costs as much as reading it. A test has to
    compare such an answer with its schema.
    """
    sent = dict(headers or {})
    if next_cursor is not None:
        sent["Link"] = f'<{request.url.include_query_params(cursor=next_cursor)}>; rel="next"'
    body = to_json({"items": items, "next_cursor": next_cursor, "total": total, **more})
    return Response(body, media_type="application/json", headers=sent)
