"""Every SQL statement about the replica of organisations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, false, func, literal, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from services.training_api.organisations.models import Organisation
from services.training_api.organisations.rules import Reach
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut

_COLUMNS = (
    Organisation.id,
    Organisation.type,
    Organisation.status,
    Organisation.name_kk,
    Organisation.name_ru,
    Organisation.name_en,
    Organisation.area,
    Organisation.area_path,
    Organisation.languages,
    Organisation.kind,
    Organisation.ownership,
    Organisation.setting,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an organisation."""

    id: UUID
    type: str
    status: str
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    area: str | None
    area_path: list[str]
    languages: list[str]
    kind: str | None
    ownership: str | None
    setting: str | None

    @property
    def name(self) -> TextOut:
        return TextOut(kk=self.name_kk, ru=self.name_ru, en=self.name_en)


_GET = select(*_COLUMNS).where(Organisation.id == bindparam("organisation_id"), ~Organisation.deleted)


async def find(session: AnySession, organisation_id: UUID) -> Known | None:
    row = (await session.execute(_GET, {"organisation_id": organisation_id})).one_or_none()
    return None if row is None else Known(*tuple(row))


async def find_many(session: AnySession, organisation_ids: Collection[UUID]) -> dict[UUID, Known]:
    query = select(*_COLUMNS).where(Organisation.id.in_(organisation_ids), ~Organisation.deleted)
    return {row.id: Known(*tuple(row)) for row in await session.execute(query)}


async def counts_by_type(session: AnySession, organisation_ids: Collection[UUID]) -> list[tuple[str, int]]:
    query = (
        select(Organisation.type, func.count())
        .where(Organisation.id.in_(organisation_ids))
        .group_by(Organisation.type)
        .order_by(Organisation.type)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def write(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add or replace organisations; a row that has seen a later event stays as it is.

    The same event may come again, and then brings what an earlier version of this service did not keep.
    """
    statement = insert(Organisation)
    new = {column.name: column for column in statement.excluded if column.name != "id"}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Organisation.id],
            set_=new,
            where=Organisation.position <= statement.excluded.position,
        ),
        list(rows),
    )


async def mark_deleted(session: WriteSession, organisation_id: UUID, *, position: int) -> None:
    await session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id, Organisation.position < position)
        .values(deleted=True, position=position)
    )


def within(column: ColumnElement[UUID], reach: Reach) -> ColumnElement[bool]:
    """The condition that the organisation in `column` is within somebody's reach."""
    if reach.everywhere:
        return true()
    seen: list[ColumnElement[bool]] = [false()]
    if reach.organisations:
        seen.append(column.in_(reach.organisations))
    if reach.areas:
        areas = literal(sorted(reach.areas), Organisation.area_path.type)
        seen.append(column.in_(select(Organisation.id).where(Organisation.area_path.op("&&")(areas))))
    return or_(*seen)
