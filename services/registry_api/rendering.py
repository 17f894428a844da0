"""One versioned thing as an answer: bytes, and the entity tag that goes with them."""

import hashlib
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from pydantic import TypeAdapter

from shared.web import conditional


def answer(
    request: Request,
    schema: TypeAdapter[Any],
    document: Any,
    *,
    version: int,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The thing as its schema describes it, or 304 when the caller has this very representation.

    The tag begins with the version, which a change must name; the digest tells apart what different callers see of
    it, and what it shows of others, such as the name of its owner.
    """
    body = schema.dump_json(schema.validate_python(document))
    tag = conditional.etag(version, hashlib.sha256(body).hexdigest()[:16])
    if request.method == "GET" and conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(
        body, status_code=status_code, media_type="application/json", headers={"ETag": tag, **(headers or {})}
    )
