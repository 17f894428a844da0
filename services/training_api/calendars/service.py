"""What is done with calendars: reading them, and giving out and revoking addresses under which phones read them."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.training_api.calendars import errors, repository
from services.training_api.calendars.models import CalendarSubscription
from services.training_api.calendars.repository import Shown
from services.training_api.educators import service as educators
from services.training_api.organisations import service as organisations
from services.training_api.providers import service as providers
from services.training_api.rooms import service as rooms
from services.training_api.trainers import service as trainers
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.calendars import (
    CalendarOwner,
    SubscriptionCreate,
    SubscriptionMade,
    SubscriptionRead,
)

__all__ = [
    "PATH",
    "Owned",
    "Shown",
    "by_token",
    "of_educator",
    "of_room",
    "of_trainer",
    "revoke",
    "subscribe",
    "subscriptions",
]

PATH = "/v1/calendar-feeds"
MOST_LIVE = 20
_PAST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Owned:
    """The sessions of one calendar, and whose they are: a UID is of a session and an owner."""

    owner_id: UUID
    sessions: list[Shown]


async def of_educator(
    session: AnySession, actor: Actor, educator_id: UUID, *, since: date | None, now: datetime
) -> Owned:
    """The calendar of a teacher, to whoever may see the person. Raises `EducatorNotFound`, `PersonalDataOutOfReach`."""
    await educators.get(session, actor, educator_id)
    return await _read(session, CalendarOwner.EDUCATOR, educator_id, since=since, now=now)


async def of_trainer(session: AnySession, trainer_id: UUID, *, since: date | None, now: datetime) -> Owned:
    """The calendar of a trainer. Raises `TrainerNotFound`."""
    await trainers.get(session, trainer_id)
    return await _read(session, CalendarOwner.TRAINER, trainer_id, since=since, now=now)


async def of_room(session: AnySession, room_id: UUID, *, since: date | None, now: datetime) -> Owned:
    """The calendar of a room. Raises `RoomNotFound`."""
    await rooms.get(session, room_id)
    return await _read(session, CalendarOwner.ROOM, room_id, since=since, now=now)


async def by_token(session: AnySession, token: str, *, since: date | None, now: datetime) -> Owned:
    """The calendar that is read under a secret. Raises `FeedNotFound`, also for one that was revoked."""
    found = await repository.by_token(session, _digest(token))
    if found is None:
        raise errors.FeedNotFound
    return await _read(session, found.owner_kind, found.owner_id, since=since, now=now)


async def subscribe(
    session: WriteSession, actor: Actor, body: SubscriptionCreate, *, now: datetime
) -> SubscriptionMade:
    """Give out an address; its secret is told this once.

    Raises `CalendarOwnerNotFound`, `TrainerNotFound`, `RoomNotFound`, `OutOfReach`, `TooManySubscriptions`.
    """
    await _demand(session, actor, body.owner_kind, body.owner_id)
    if await repository.count_live(session, body.owner_kind, body.owner_id) >= MOST_LIVE:
        raise errors.TooManySubscriptions
    token = secrets.token_urlsafe(32)
    made = CalendarSubscription(
        owner_kind=body.owner_kind,
        owner_id=body.owner_id,
        token_hash=_digest(token),
        label=body.label,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    await session.flush()
    return SubscriptionMade(**_told(made).model_dump(), path=f"{PATH}/{token}")


async def subscriptions(
    session: AnySession, actor: Actor, kind: CalendarOwner, owner_id: UUID
) -> list[SubscriptionRead]:
    """The addresses of a calendar, without their secrets. Raises as `subscribe`."""
    await _demand(session, actor, kind, owner_id)
    return [_told(one) for one in await repository.of_owner(session, kind, owner_id)]


async def revoke(session: WriteSession, actor: Actor, subscription_id: UUID, *, now: datetime) -> SubscriptionRead:
    """From now on nobody reads the calendar under this address; again changes nothing.

    Raises `SubscriptionNotFound`, `OutOfReach`.
    """
    found = await repository.lock(session, subscription_id)
    if found is None:
        raise errors.SubscriptionNotFound
    await _demand(session, actor, found.owner_kind, found.owner_id)
    if found.revoked_at is None:
        found.revoked_at = now
        found.updated_at = now
        await session.flush()
    return _told(found)


async def _read(
    session: AnySession, kind: CalendarOwner, owner_id: UUID, *, since: date | None, now: datetime
) -> Owned:
    first = since or day_in_kazakhstan(now) - _PAST
    return Owned(owner_id, await repository.sessions(session, kind, owner_id, since=first))


async def _demand(session: AnySession, actor: Actor, kind: CalendarOwner, owner_id: UUID) -> None:
    """Raise unless the caller decides for the owner: the workplace for a teacher, the course for the others."""
    match kind:
        case CalendarOwner.EDUCATOR:
            workplace = (await educators.workplaces(session, [owner_id])).get(owner_id)
            if workplace is None:
                raise errors.CalendarOwnerNotFound
            await organisations.demand(session, actor, Scope.TRAINING_ENROL, workplace)
        case CalendarOwner.TRAINER:
            trainer = await trainers.get(session, owner_id)
            await providers.demand(session, actor, trainer.provider_id)
        case CalendarOwner.ROOM:
            room = await rooms.get(session, owner_id)
            await organisations.demand(session, actor, Scope.TRAINING_MANAGE, room.organisation_id)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _told(one: CalendarSubscription) -> SubscriptionRead:
    return SubscriptionRead.model_validate(one)
