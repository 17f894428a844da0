"""Every SQL statement about appeals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from services.rating_engine.appeals.models import Appeal, AppealStep
from services.rating_engine.appeals.rules import OPEN
from services.rating_engine.runs.rules import Sight
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.rating.appeals import AppealQuery

_OLDEST = (keyset.Key(Appeal.submitted_at), keyset.Key(Appeal.id))


async def get(session: AnySession, appeal_id: UUID) -> Appeal | None:
    """One appeal."""
    return await session.get(Appeal, appeal_id)


async def get_for_change(session: WriteSession, appeal_id: UUID) -> Appeal | None:
    """One appeal, locked until the transaction ends."""
    return await session.get(Appeal, appeal_id, with_for_update=True)


async def is_open(session: AnySession, run_id: UUID, organisation_id: UUID, indicator: str | None) -> bool:
    """Whether the very same is under appeal."""
    statement = select(Appeal.id).where(
        Appeal.run_id == run_id,
        Appeal.organisation_id == organisation_id,
        Appeal.indicator.is_not_distinct_from(indicator),
        Appeal.state.in_(OPEN),
    )
    return await session.scalar(statement) is not None


async def disputed(session: AnySession, run_id: UUID) -> Sequence[tuple[UUID, str]]:
    """The organisations and indicators against whose values an appeal is open."""
    statement = select(Appeal.organisation_id, Appeal.indicator).where(
        Appeal.run_id == run_id, Appeal.indicator.is_not(None), Appeal.state.in_(OPEN)
    )
    return [(row.organisation_id, row.indicator or "") for row in await session.execute(statement)]


async def of_organisation(session: AnySession, run_id: UUID, organisation_id: UUID) -> Sequence[Appeal]:
    """Appeals in the name of one organisation, the oldest first."""
    statement = select(Appeal).where(Appeal.run_id == run_id, Appeal.organisation_id == organisation_id)
    return (await session.scalars(statement.order_by(*keyset.order_by(_OLDEST)))).all()


async def page(
    session: AnySession,
    query: AppealQuery,
    *,
    sight: Sight,
    now: datetime,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Appeal]:
    """Up to `limit` appeals, the oldest first; only within the caller's sight."""
    statement = _filtered(select(Appeal), query, sight, now).order_by(*keyset.order_by(_OLDEST)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(_OLDEST, after))
    return (await session.scalars(statement)).all()


async def count(session: AnySession, query: AppealQuery, *, sight: Sight, now: datetime) -> int:
    """How many the filter lets through."""
    return int(await session.scalar(_filtered(select(func.count(Appeal.id)), query, sight, now)) or 0)


async def next_step(session: WriteSession, appeal_id: UUID) -> int:
    """The number after the last step of an appeal, which the caller holds locked."""
    last = await session.scalar(select(func.max(AppealStep.number)).where(AppealStep.appeal_id == appeal_id))
    return (last or 0) + 1


async def steps(session: AnySession, appeal_id: UUID) -> Sequence[AppealStep]:
    """The history of an appeal."""
    statement = select(AppealStep).where(AppealStep.appeal_id == appeal_id).order_by(AppealStep.number)
    return (await session.scalars(statement)).all()


def _filtered(
    statement: Select[Any],
    query: AppealQuery,
    sight: Sight,
    now: datetime,
) -> Select[Any]:
    if query.run_id is not None:
        statement = statement.where(Appeal.run_id == query.run_id)
    if query.organisation_id is not None:
        statement = statement.where(Appeal.organisation_id == query.organisation_id)
    if query.state is not None:
        statement = statement.where(Appeal.state == query.state.value)
    if query.overdue is not None:
        is_late = Appeal.state.in_(OPEN) & (Appeal.answer_due_at <= now)
        statement = statement.where(is_late if query.overdue else ~is_late)
    if not sight.is_whole:
        statement = statement.where(
            or_(Appeal.area_path.contains([sight.area or ""]), Appeal.organisation_id == sight.organisation)
        )
    return statement
