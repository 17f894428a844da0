"""What is done with reorganisations: tried, applied, taken back, read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.errors import NothingToUndo
from services.registry_api.organisations.service import Organisation
from services.registry_api.organisations.succession import Undoing
from services.registry_api.reorganisations import digests, errors, repository
from services.registry_api.reorganisations.models import Reorganisation
from services.registry_api.reorganisations.service import carriers
from services.registry_api.reorganisations.service.applying import apply, hold
from shared import outbox
from shared.auth import Actor
from shared.db.bitemporal import NewerStandsError
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.reorganisations import (
    ReorganisationCreate,
    ReorganisationQuery,
    ReorganisationStatus,
    ReorganisationUndo,
)

__all__ = ["count", "document", "get", "hold", "page", "preview", "record", "undo"]

_TICK = timedelta(microseconds=1)


async def preview(
    session: WriteSession,
    actor: Actor,
    asked: ReorganisationCreate,
    held: Mapping[UUID, Organisation],
    *,
    now: datetime,
    secret: bytes | None,
) -> dict[str, Any]:
    """The effects an event would have, found by applying it and rolling back; raises what `record` raises."""
    async with session.begin_nested() as trial:
        applied = await apply(session, actor, asked, held, reorganisation_id=new_id(), now=now, secret=secret)
        await trial.rollback()
    imagined = {str(id_) for id_ in applied.created}
    found: dict[str, Any] = _without(applied.effects, imagined)
    return found


async def record(
    session: WriteSession,
    actor: Actor,
    asked: ReorganisationCreate,
    held: Mapping[UUID, Organisation],
    *,
    now: datetime,
    secret: bytes | None,
) -> Reorganisation:
    """Apply an event and write it down with its effects. Raises what `apply` raises."""
    id_ = new_id()
    applied = await apply(session, actor, asked, held, reorganisation_id=id_, now=now, secret=secret)
    reorganisation = Reorganisation(
        id=id_,
        kind=asked.kind.value,
        happened_on=asked.on,
        reason=asked.reason,
        legal_basis=asked.legal_basis,
        organisations=applied.organisations,
        created=applied.created,
        asked=asked.model_dump(mode="json", exclude_unset=True),
        effects=applied.effects,
        digest_before=applied.digest_before,
        digest_after=applied.digest_after,
        recorded_at=now,
        created_at=now,
        updated_at=now,
    )
    await repository.add(session, reorganisation)
    await outbox.add(session, _event("reorganisation.applied", reorganisation, now))
    return reorganisation


async def undo(
    session: WriteSession, actor: Actor, reorganisation_id: UUID, asked: ReorganisationUndo, *, now: datetime
) -> Reorganisation:
    """Take an event back: afterwards the same is held true of all it touched as before it.

    Raises `ReorganisationNotFound`, `AlreadyUndone`, `OutOfReach`, and `NewerStands` where anything else was recorded
    of these organisations since.
    """
    reorganisation = await repository.lock(session, reorganisation_id)
    if reorganisation is None:
        raise errors.ReorganisationNotFound()
    if reorganisation.undone_at is not None:
        raise errors.AlreadyUndone()
    touched, recorded_at = reorganisation.organisations, reorganisation.recorded_at
    await organisations.hold(session, touched)
    if await digests.digest(session, touched) != reorganisation.digest_after:
        raise errors.NewerStands()
    moment = max(now, recorded_at + _TICK)
    try:
        await carriers.take_back(session, Undoing(reorganisation_id, recorded_at, moment, tuple(touched)))
        await organisations.take_back(
            session,
            actor,
            touched,
            created=reorganisation.created,
            on=reorganisation.happened_on,
            recorded_at=recorded_at,
            now=moment,
        )
    except (NewerStandsError, NothingToUndo):
        raise errors.NewerStands() from None
    if await digests.digest(session, touched) != reorganisation.digest_before:
        raise errors.NewerStands()
    await repository.mark_undone(session, reorganisation, reason=asked.reason, now=moment)
    await outbox.add(session, _event("reorganisation.undone", reorganisation, moment))
    return reorganisation


async def get(session: AnySession, reorganisation_id: UUID) -> Reorganisation:
    """The event. Raises `ReorganisationNotFound`."""
    found = await repository.find(session, reorganisation_id)
    if found is None:
        raise errors.ReorganisationNotFound()
    return found


async def page(
    session: ReadSession, query: ReorganisationQuery, *, after: Sequence[Any] | None, limit: int
) -> list[Reorganisation]:
    """Up to `limit` + 1 events behind a position, the latest day first."""
    return await repository.page(session, query, after=after, limit=limit + 1)


async def count(session: ReadSession, query: ReorganisationQuery) -> int:
    """How many the list has."""
    return await repository.count(session, query)


def document(reorganisation: Reorganisation) -> dict[str, Any]:
    """The event as `ReorganisationRead` and `ReorganisationSummary` show it."""
    names = (
        *("id", "kind", "reason", "legal_basis", "organisations", "effects", "asked", "digest_before"),
        *("digest_after", "recorded_at", "undone_at", "undone_reason", "version"),
    )
    undone = reorganisation.undone_at is not None
    return {
        **{name: getattr(reorganisation, name) for name in names},
        "on": reorganisation.happened_on,
        "status": ReorganisationStatus.UNDONE if undone else ReorganisationStatus.APPLIED,
    }


def _event(kind: str, reorganisation: Reorganisation, now: datetime) -> outbox.Event:
    return outbox.Event(
        kind=kind,
        subject="reorganisation",
        subject_id=reorganisation.id,
        data={
            "id": str(reorganisation.id),
            "kind": reorganisation.kind,
            "on": reorganisation.happened_on.isoformat(),
            "organisations": [
                {name: effect[name] for name in ("organisation_id", "role", "is_new")}
                for effect in reorganisation.effects["organisations"]
            ],
            "totals": reorganisation.effects["totals"],
        },
        occurred_at=now,
    )


def _without(value: Any, imagined: set[str]) -> Any:
    """The value with ids that nothing will ever have left out."""
    match value:
        case dict():
            return {name: _without(inner, imagined) for name, inner in value.items()}
        case list():
            return [_without(inner, imagined) for inner in value]
        case _:
            return None if value in imagined else value
