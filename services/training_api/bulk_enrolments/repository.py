"""Every SQL statement about lists of people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, func, insert, select

from services.training_api.bulk_enrolments.models import BulkEnrolment, BulkRow
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.bulk_enrolments import BulkAnswer, BulkRowQuery


async def add_rows(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        table = BulkRow.__table__
        assert isinstance(table, Table)
        await session.execute(insert(table), list(rows))


async def find(session: AnySession, bulk_id: UUID) -> BulkEnrolment | None:
    return await session.get(BulkEnrolment, bulk_id)


async def counts(session: AnySession, bulk_id: UUID) -> dict[BulkAnswer, int]:
    """How many rows were answered how."""
    query = select(BulkRow.answer, func.count()).where(BulkRow.bulk_enrolment_id == bulk_id).group_by(BulkRow.answer)
    return {row[0]: row[1] for row in await session.execute(query)}


def _of(query: Select[Any], bulk_id: UUID, wanted: BulkRowQuery) -> Select[Any]:
    query = query.where(BulkRow.bulk_enrolment_id == bulk_id)
    return query if wanted.answer is None else query.where(BulkRow.answer == wanted.answer)


async def page(
    session: AnySession, bulk_id: UUID, wanted: BulkRowQuery, *, after: int | None, limit: int
) -> list[BulkRow]:
    """Rows in the order of the file; one more than asked for if there is one."""
    query = _of(select(BulkRow), bulk_id, wanted)
    if after is not None:
        query = query.where(BulkRow.row > after)
    return list(await session.scalars(query.order_by(BulkRow.row).limit(limit + 1)))


async def count(session: AnySession, bulk_id: UUID, wanted: BulkRowQuery) -> int:
    return int(await session.scalar(_of(select(func.count()).select_from(BulkRow), bulk_id, wanted)) or 0)
