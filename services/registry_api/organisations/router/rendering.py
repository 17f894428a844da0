"""One organisation as an answer: bytes, and the entity tag that goes with them."""

import hashlib
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import TypeAdapter

from services.registry_api.organisations.service import Seen
from shared.schemas.registry.organisations import OrganisationRead
from shared.web import conditional

OrganisationPath = Annotated[
    UUID, Path(description="The organisation", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])
]
_ORGANISATION = TypeAdapter(OrganisationRead)


def answer(
    request: Request, seen: Seen, *, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The organisation, or 304 when the caller has this very representation.

    The tag begins with the version, which a change must name; the digest tells apart what different callers see of
    it on different days.
    """
    body = _ORGANISATION.dump_json(_ORGANISATION.validate_python(seen.document))
    tag = conditional.etag(seen.version, hashlib.sha256(body).hexdigest()[:16])
    if request.method == "GET" and conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(
        body, status_code=status_code, media_type="application/json", headers={"ETag": tag, **(headers or {})}
    )
