"""What others learn of projects."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared import outbox
from shared.db.sessions import WriteSession


async def tell(session: WriteSession, kind: str, project_id: UUID, data: Mapping[str, Any]) -> None:
    """Tell of one project."""
    await tell_many(session, kind, [(project_id, data)])


async def tell_many(session: WriteSession, kind: str, told: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    """Tell of many."""
    await outbox.add_many(
        session,
        (
            outbox.Event(
                kind=f"construction_project.{kind}",
                subject="construction_project",
                subject_id=str(project_id),
                data={"id": str(project_id), **data},
            )
            for project_id, data in told
        ),
    )
