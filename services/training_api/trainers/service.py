"""What is done with trainers: entering them, changing them, giving them sessions."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api import patches
from services.training_api.providers import service as providers
from services.training_api.trainers import errors, repository
from services.training_api.trainers.models import Trainer
from services.training_api.trainers.repository import Teaching, taught_by, taught_by_many, teaches
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.trainers import TrainerCreate, TrainerQuery, TrainerRead, TrainerUpdate

__all__ = [
    "Teaching",
    "add",
    "assign",
    "change",
    "check_free",
    "count",
    "get",
    "page",
    "release",
    "sessions_of",
    "taught_by",
    "taught_by_many",
    "teaches",
    "teaching",
]


async def add(session: WriteSession, actor: Actor, body: TrainerCreate, *, now: datetime) -> TrainerRead:
    """Enter a trainer. Raises `ProviderUnknown`, `OutOfReach`, `EducatorUnknown`, `TrainerExists`."""
    await providers.demand(session, actor, body.provider_id, pointer="/provider_id")
    if body.educator_id is not None and await repository.is_trainer(
        session, provider_id=body.provider_id, educator_id=body.educator_id
    ):
        raise errors.TrainerExists(pointer="/educator_id")
    trainer = Trainer(**body.model_dump(), in_use=True, created_at=now, updated_at=now)
    if not await repository.add(session, trainer):
        raise errors.EducatorUnknown(pointer="/educator_id")
    return TrainerRead.model_validate(trainer)


async def change(
    session: WriteSession,
    actor: Actor,
    trainer_id: UUID,
    patch: TrainerUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> TrainerRead:
    """Change what the patch names, once `check` has agreed to the version; a consent withdrawn takes the name along.

    Raises `TrainerNotFound`, `OutOfReach`, `FieldRequired`, `ConsentNeeded`, `NameNeeded`.
    """
    trainer = await repository.lock(session, trainer_id)
    if trainer is None:
        raise errors.TrainerNotFound
    await providers.demand(session, actor, trainer.provider_id)
    check(trainer.version)
    changes = patches.changes(patch, nullable=frozenset({"display_name"}))
    for name, value in changes.items():
        setattr(trainer, name, value)
    if not trainer.consent_public and patch.display_name is not None:
        raise errors.ConsentNeeded(pointer="/display_name")
    if not trainer.consent_public:
        trainer.display_name = None
    if trainer.in_use and trainer.educator_id is None and trainer.display_name is None:
        raise errors.NameNeeded(pointer="/display_name")
    if changes:
        trainer.updated_at = now
    await session.flush()
    return TrainerRead.model_validate(trainer)


async def get(session: AnySession, trainer_id: UUID) -> TrainerRead:
    """One trainer. Raises `TrainerNotFound`."""
    trainer = await repository.find(session, trainer_id)
    if trainer is None:
        raise errors.TrainerNotFound
    return TrainerRead.model_validate(trainer)


async def page(session: AnySession, query: TrainerQuery, *, after: Sequence[Any] | None) -> list[TrainerRead]:
    """Trainers in the order they were entered."""
    return [TrainerRead.model_validate(trainer) for trainer in await repository.page(session, query, after=after)]


async def count(session: AnySession, query: TrainerQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


async def teaching(session: AnySession, session_ids: Collection[UUID]) -> dict[UUID, list[Teaching]]:
    """Who teaches each of the sessions."""
    found: dict[UUID, list[Teaching]] = {session_id: [] for session_id in session_ids}
    for one in await repository.teaching(session, session_ids) if found else ():
        found[one.session_id].append(one)
    return found


async def sessions_of(session: AnySession, trainer_id: UUID) -> list[UUID]:
    """The sessions that the trainer was given, the cancelled among them."""
    return await repository.sessions_of(session, trainer_id)


async def assign(
    session: WriteSession, *, session_id: UUID, trainer_id: UUID, period: tuple[datetime, datetime]
) -> bool:
    """Give a session to a trainer; False if it was the trainer's already.

    Raises `TrainerNotFound`, `TrainerNotInUse`, `TrainerTaken`.
    """
    trainer = await repository.lock(session, trainer_id)
    if trainer is None:
        raise errors.TrainerNotFound
    if await repository.assignment(session, session_id=session_id, trainer_id=trainer_id) is not None:
        return False
    if not trainer.in_use:
        raise errors.TrainerNotInUse
    await _refuse_other(session, period, session_id=session_id, trainer_id=trainer_id)
    await repository.assign(session, period, session_id=session_id, trainer_id=trainer_id)
    return True


async def release(session: WriteSession, *, session_id: UUID, trainer_id: UUID) -> None:
    """Take a session from a trainer. Raises `TrainerNotFound` if it was not the trainer's."""
    assigned = await repository.assignment(session, session_id=session_id, trainer_id=trainer_id)
    if assigned is None:
        raise errors.TrainerNotFound
    await repository.remove(session, assigned)


async def check_free(session: WriteSession, *, session_id: UUID, period: tuple[datetime, datetime]) -> None:
    """See that the trainers of a session have time for it then, and hold them. Raises `TrainerTaken`."""
    await repository.lock_those_of(session, session_id)
    await _refuse_other(session, period, session_id=session_id, trainer_id=None)


async def _refuse_other(
    session: WriteSession, period: tuple[datetime, datetime], *, session_id: UUID, trainer_id: UUID | None
) -> None:
    other = await repository.other_session(session, period, session_id=session_id, trainer_id=trainer_id)
    if other is not None:
        raise errors.TrainerTaken(trainer_id=str(other[0]), session_id=str(other[1]))
