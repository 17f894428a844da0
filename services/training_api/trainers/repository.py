"""Every SQL statement about trainers and what they teach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Label, Select, func, literal, or_, select
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, TSTZRANGE, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from services.training_api.trainers.models import SessionTrainer, Trainer
from shared.db import failures, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.trainers import TrainerQuery

KEYS = (keyset.Key(Trainer.__table__.c.id),)


@dataclass(frozen=True, slots=True)
class Teaching:
    """Somebody teaches a session."""

    session_id: UUID
    trainer_id: UUID
    educator_id: UUID | None
    display_name: str | None


async def find(session: AnySession, trainer_id: UUID) -> Trainer | None:
    return await session.get(Trainer, trainer_id)


async def lock(session: WriteSession, trainer_id: UUID) -> Trainer | None:
    """The trainer as it is now; whoever else wants to give the trainer a session waits."""
    query = select(Trainer).where(Trainer.id == trainer_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def lock_those_of(session: WriteSession, session_id: UUID) -> None:
    """Hold the trainers of a session, in the order of their ids."""
    of_session = select(SessionTrainer.trainer_id).where(SessionTrainer.session_id == session_id)
    query = select(Trainer.id).where(Trainer.id.in_(of_session)).order_by(Trainer.id)
    await session.execute(query.with_for_update(key_share=True))


async def add(session: WriteSession, trainer: Trainer) -> bool:
    """Write the trainer down; False if there is no such educator."""
    try:
        async with session.begin_nested():
            session.add(trainer)
            await session.flush()
    except IntegrityError as error:
        failure = failures.classify(error)
        if failure is None or failure.kind is not failures.Kind.FOREIGN_KEY:
            raise
        return False
    return True


async def is_trainer(session: WriteSession, *, provider_id: UUID, educator_id: UUID) -> bool:
    query = select(Trainer.id).where(Trainer.provider_id == provider_id, Trainer.educator_id == educator_id)
    return (await session.execute(query.limit(1))).first() is not None


async def teaching(session: AnySession, session_ids: Collection[UUID]) -> list[Teaching]:
    """Who teaches the sessions."""
    query = (
        select(SessionTrainer.session_id, Trainer.id, Trainer.educator_id, Trainer.display_name)
        .join(Trainer, Trainer.id == SessionTrainer.trainer_id)
        .where(SessionTrainer.session_id.in_(session_ids))
        .order_by(SessionTrainer.session_id, Trainer.id)
    )
    return [Teaching(*row) for row in await session.execute(query)]


async def sessions_of(session: AnySession, trainer_id: UUID) -> list[UUID]:
    """The sessions that the trainer was given, the cancelled among them."""
    query = select(SessionTrainer.session_id).where(SessionTrainer.trainer_id == trainer_id)
    return list(await session.scalars(query.order_by(SessionTrainer.session_id)))


async def assignment(session: WriteSession, *, session_id: UUID, trainer_id: UUID) -> SessionTrainer | None:
    return await session.get(SessionTrainer, (session_id, trainer_id))


async def other_session(
    session: WriteSession, period: tuple[datetime, datetime], *, session_id: UUID, trainer_id: UUID | None = None
) -> tuple[UUID, UUID] | None:
    """A trainer, and another session that the trainer teaches at that time; of all who teach the session, or of one.

    An educator who is the trainer of several providers is one person.
    """
    mine, other = aliased(Trainer), aliased(Trainer)
    of_session = select(SessionTrainer.trainer_id).where(SessionTrainer.session_id == session_id)
    query = (
        select(mine.id, SessionTrainer.session_id)
        .select_from(mine)
        .join(other, or_(other.id == mine.id, other.educator_id == mine.educator_id))
        .join(SessionTrainer, SessionTrainer.trainer_id == other.id)
        .where(
            mine.id == trainer_id if trainer_id is not None else mine.id.in_(of_session),
            SessionTrainer.session_id != session_id,
            SessionTrainer.busy.op("&&")(literal(Range(*period), TSTZRANGE)),
        )
        .order_by(mine.id, SessionTrainer.session_id)
        .limit(1)
    )
    row = (await session.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def assign(
    session: WriteSession, period: tuple[datetime, datetime], *, session_id: UUID, trainer_id: UUID
) -> None:
    session.add(SessionTrainer(session_id=session_id, trainer_id=trainer_id, busy=Range(*period)))
    await session.flush()


async def remove(session: WriteSession, assigned: SessionTrainer) -> None:
    await session.delete(assigned)
    await session.flush()


def taught_by(educator_id: UUID, hours: MultiRange[datetime]) -> Select[UUID, Any]:
    """The sessions that an educator teaches within these hours: `session_id`, and `hours` as a multirange."""
    as_hours: Label[Any] = func.tstzmultirange(SessionTrainer.busy, type_=TSTZMULTIRANGE).label("hours")
    return (
        select(SessionTrainer.session_id, as_hours)
        .join(Trainer, Trainer.id == SessionTrainer.trainer_id)
        .where(
            Trainer.educator_id == educator_id,
            SessionTrainer.busy.op("&&")(literal(hours, TSTZMULTIRANGE)),
        )
    )


def taught_by_many(educator_ids: Collection[UUID], hours: MultiRange[datetime]) -> Select[UUID, UUID, Any]:
    """The same of many educators: `educator_id`, `session_id` and `hours`."""
    as_hours: Label[Any] = func.tstzmultirange(SessionTrainer.busy, type_=TSTZMULTIRANGE).label("hours")
    return (
        select(Trainer.educator_id, SessionTrainer.session_id, as_hours)
        .join(Trainer, Trainer.id == SessionTrainer.trainer_id)
        .where(
            Trainer.educator_id.in_(educator_ids),
            SessionTrainer.busy.op("&&")(literal(hours, TSTZMULTIRANGE)),
        )
    )


def teaches(educator: ColumnElement[UUID], hours: ColumnElement[Any]) -> Exists:
    """The condition that the educator in one column teaches within the hours of another."""
    return (
        select(SessionTrainer.session_id)
        .join(Trainer, Trainer.id == SessionTrainer.trainer_id)
        .where(Trainer.educator_id == educator, SessionTrainer.busy.op("&&")(hours))
        .exists()
    )


def _matching(query: Select[Any], wanted: TrainerQuery) -> Select[Any]:
    conditions = {
        Trainer.provider_id: wanted.provider_id,
        Trainer.educator_id: wanted.educator_id,
        Trainer.in_use: wanted.in_use,
    }
    return query.where(*(column == value for column, value in conditions.items() if value is not None))


async def page(session: AnySession, wanted: TrainerQuery, *, after: Sequence[Any] | None) -> list[Trainer]:
    query = _matching(select(Trainer), wanted)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: TrainerQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Trainer), wanted)) or 0)
