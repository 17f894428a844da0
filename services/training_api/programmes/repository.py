"""Every SQL statement about programmes."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from services.training_api.programmes.models import Programme, ProgrammeModule, ProgrammeReview
from shared import alphabet
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.programmes import ProgrammeQuery

KEYS = (keyset.Key(Programme.__table__.c.code), keyset.Key(Programme.__table__.c.number))


async def find(session: AnySession, programme_id: UUID) -> Programme | None:
    return await session.get(Programme, programme_id)


async def lock(session: WriteSession, programme_id: UUID) -> Programme | None:
    """The version as it is now, and as nobody else can change it until the transaction ends."""
    query = select(Programme).where(Programme.id == programme_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def last_version(session: WriteSession, code: str) -> Programme | None:
    """The newest version, locked, so that two next versions follow one another."""
    query = select(Programme).where(Programme.code == code).order_by(Programme.number.desc()).limit(1)
    return await session.scalar(query.with_for_update())


async def modules(session: AnySession, programme_ids: Collection[UUID]) -> dict[UUID, list[ProgrammeModule]]:
    """The modules of each programme, in order."""
    query = select(ProgrammeModule).where(ProgrammeModule.programme_id.in_(programme_ids))
    found: dict[UUID, list[ProgrammeModule]] = {programme_id: [] for programme_id in programme_ids}
    for module in await session.scalars(query.order_by(ProgrammeModule.programme_id, ProgrammeModule.place)):
        found[module.programme_id].append(module)
    return found


async def codes(session: AnySession, programme_ids: Collection[UUID]) -> dict[UUID, str]:
    found = await session.execute(select(Programme.id, Programme.code).where(Programme.id.in_(programme_ids)))
    return {row.id: row.code for row in found}


def _matching(query: Select[Any], wanted: ProgrammeQuery) -> Select[Any]:
    conditions = {
        Programme.provider_id: wanted.provider_id,
        Programme.code: wanted.code,
        Programme.kind: wanted.kind,
        Programme.approval: wanted.approval,
        Programme.theme: wanted.theme,
        Programme.mode: wanted.mode,
    }
    query = query.where(*(column == value for column, value in conditions.items() if value is not None))
    if wanted.language is not None:
        query = query.where(Programme.__table__.c.languages.any_() == wanted.language.value)
    if wanted.subject is not None:
        taught = select(ProgrammeModule.programme_id).where(ProgrammeModule.subject == wanted.subject)
        query = query.where(Programme.id.in_(taught))
    if wanted.valid_on is not None:
        query = query.where(
            or_(Programme.valid_from.is_(None), Programme.valid_from <= wanted.valid_on),
            or_(Programme.valid_until.is_(None), Programme.valid_until > wanted.valid_on),
        )
    for word in alphabet.search_tokens(wanted.q or ""):
        query = query.where(Programme.search_key.contains(word, autoescape=True))
    return query


async def page(
    session: AnySession, wanted: ProgrammeQuery, *, after: Sequence[Any] | None, limit: int
) -> list[Programme]:
    query = _matching(select(Programme), wanted)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(limit + 1)))


async def reviews(session: AnySession, programme_id: UUID) -> list[ProgrammeReview]:
    """What experts thought of a version, from the first."""
    query = select(ProgrammeReview).where(ProgrammeReview.programme_id == programme_id)
    return list(await session.scalars(query.order_by(ProgrammeReview.id)))


async def count(session: AnySession, wanted: ProgrammeQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Programme), wanted)) or 0)
