"""`GET /v1/audit`: the trail of changes, for those who may read it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter

from shared import audit
from shared.auth import requires
from shared.schemas.audit import AuditQuery, AuditRead
from shared.schemas.pages import Page
from shared.web import pages
from shared.web.routing import Router
from shared.web.sessions import Reading

_PAGE = TypeAdapter(Page[AuditRead])
_FILTERS = ("resource_type", "resource_id", "actor", "action", "request_id", "since", "until")


def router() -> APIRouter:
    """The audit trail of the service it is included in."""
    routes = Router("/v1/audit", tags=["audit"])

    @routes.get(
        "", response_model=Page[AuditRead], summary="Read the audit trail", dependencies=[requires("audit:read")]
    )
    async def list_audit_entries(request: Request, query: Annotated[AuditQuery, Query()], session: Reading) -> Response:
        """Every change, field by field, the latest first."""
        wanted = {name: getattr(query, name) for name in _FILTERS}
        of = {"list": "audit", **wanted}
        start = pages.start(request, query.cursor, of=of, length=2)
        after = (datetime.fromisoformat(str(start[0])), UUID(str(start[1]))) if start else None
        rows = await audit.read(session, audit.Filters(**wanted), limit=query.limit + 1, after=after)
        page, cursor = pages.cut(
            request, rows, limit=query.limit, of=of, keys=lambda row: [row["occurred_at"], row["id"]]
        )
        return pages.answer(request, _PAGE, page, next_cursor=cursor)

    return routes
