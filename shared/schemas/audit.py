"""The audit trail on the wire: who changed what, field by field, when and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Instant, Line, Out
from shared.schemas.pages import PageQuery


class AuditQuery(PageQuery):
    """Which entries of the trail."""

    resource_type: Line | None = Field(default=None, description="Only this kind of thing", examples=["organisations"])
    resource_id: Line | None = Field(default=None, description="Only this thing")
    actor: Line | None = Field(default=None, description="Only changes made by this caller")
    action: Line | None = Field(default=None, description="Only this kind of change", examples=["update"])
    request_id: Line | None = Field(default=None, description="Only changes of this request")
    since: Instant | None = Field(default=None, description="Only changes from this moment on")
    until: Instant | None = Field(default=None, description="Only changes before this moment")


class AuditRead(Out):
    """One change of one thing."""

    id: UUID = Field(description="Identifier of the entry")
    occurred_at: datetime = Field(description="When")
    actor: str = Field(description="Who", max_length=300)
    roles: list[str] = Field(description="In which roles", max_length=20)
    action: str = Field(description="What was done: insert, update, delete, or a verb of the house", max_length=100)
    resource_type: str = Field(description="The kind of thing", max_length=100, examples=["organisations"])
    resource_id: str = Field(description="The thing", max_length=300)
    changes: dict[str, Any] = Field(
        description="Field by field: what it was and what it is", examples=[{"status": ["open", "closed"]}]
    )
    reason: str | None = Field(description="Why, as the caller put it in `X-Reason`", max_length=500)
    request_id: str | None = Field(description="The request that did it", max_length=64)
