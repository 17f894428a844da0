"""One project as an answer: bytes, and the entity tag that goes with them."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import TypeAdapter

from services.registry_api.construction import service as construction
from shared import clock
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.registry.construction import ConstructionProjectRead
from shared.web import conditional

ProjectPath = Annotated[UUID, Path(description="The project", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c01"])]
_PROJECT = TypeAdapter(ConstructionProjectRead)


def answer(
    request: Request, project: Mapping[str, Any], *, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The project, or 304 when the caller has this very representation."""
    body = _PROJECT.dump_json(_PROJECT.validate_python(project))
    tag = conditional.etag(project["version"], hashlib.sha256(body).hexdigest()[:16])
    if request.method == "GET" and conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(
        body, status_code=status_code, media_type="application/json", headers={"ETag": tag, **(headers or {})}
    )


async def as_it_is(
    request: Request, session: WriteSession, project_id: UUID, *, status_code: int = 200, location: bool = False
) -> Response:
    """The project after a change."""
    found = await construction.get(session, project_id, on=day_in_kazakhstan(clock.now()))
    headers = {"Location": f"/v1/construction-projects/{project_id}"} if location else None
    return answer(request, found, status_code=status_code, headers=headers)


def json(adapter: TypeAdapter[Any], document: Any) -> Response:
    """A document without a version of its own."""
    return Response(adapter.dump_json(adapter.validate_python(document)), media_type="application/json")
