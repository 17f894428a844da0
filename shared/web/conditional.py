"""Strong ETags: read again only what has changed (`If-None-Match`), change only what was read (`If-Match`)."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Header
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from shared.web import errors

_TAG_LIST = r'^(\*|(W/)?"[^"]*"(, ?(W/)?"[^"]*")*)$'
IfMatch = Annotated[
    Annotated[str, StringConstraints(max_length=500, pattern=_TAG_LIST)] | None,
    Header(alias="If-Match", description="The `ETag` the resource had when you read it", examples=['"3"']),
]
"""Documents the header on a route (`if_match: IfMatch = None`); `check_match` acts upon it."""


def etag(version: int | str, *facets: object) -> str:
    """The entity tag of one representation: the resource's version, then whatever else shapes the answer.

    >>> etag(3), etag(3, "2026-09-01", "ru")
    ('"3"', '"3;2026-09-01;ru"')
    """
    return '"' + ";".join(str(part) for part in (version, *facets)) + '"'


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the caller already has this representation."""
    header = request.headers.get("if-none-match")
    return header is not None and (header.strip() == "*" or tag in _tags(header))


def not_modified(tag: str) -> Response:
    """304 with the tag."""
    return Response(status_code=304, headers={"ETag": tag})


def check_match(request: Request, version: int | str) -> None:
    """Refuse a change that is not based on the current version: 428 without `If-Match`, 412 with an old one.

    Facets of the tag (day, language) do not matter here: they shape what is read, not what is changed.
    """
    header = request.headers.get("if-match")
    if not header:
        raise errors.PreconditionRequired(pointer="#If-Match")
    if header.strip() != "*" and str(version) not in _versions(_tags(header)):
        raise errors.PreconditionFailed()


def _versions(tags: Sequence[str]) -> list[str]:
    return [tag.strip('"').partition(";")[0] for tag in tags]
