"""SQL statements that change memberships; each writes facts with two times and overwrites none."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlalchemy.dialects.postgresql import Range

from services.registry_api.networks.models import Membership
from shared.db import bitemporal
from shared.db.sessions import WriteSession

_NOT_CARRIED = frozenset({"id", "valid", "recorded"})


async def lock(session: WriteSession, *network_ids: UUID) -> None:
    """Let one transaction at a time change the memberships of these networks; in one order, so none waits in a ring."""
    for network_id in sorted(set(network_ids)):
        key = func.hashtextextended(f"memberships/{network_id}", 0)
        await session.execute(select(func.pg_advisory_xact_lock(key)))


def period(first: date, end: date | None) -> Range[date]:
    """The days from `first` up to but not including `end`."""
    return Range(first, end)


async def add(session: WriteSession, rows: Sequence[Membership], *, now: datetime) -> None:
    """Write down parts of memberships where nothing stands; the database refuses what overlaps."""
    for row in rows:
        row.recorded = Range(now, None)
    session.add_all(rows)
    await session.flush()


async def amend(
    session: WriteSession, membership_id: UUID, changes: Mapping[str, Any], *, valid_from: date, now: datetime
) -> bool:
    """Change a membership from a day on; whether anything changed."""
    rows = await bitemporal.amend(
        session, Membership, {"membership_id": membership_id}, changes, valid_from=valid_from, now=now
    )
    return any(row.takes_the_place_of is not None for row in rows)


async def end(session: WriteSession, membership_id: UUID, *, on: date, reason: str | None, now: datetime) -> None:
    """From that day on there is no membership; the last part of what is left tells why."""
    owner = {"membership_id": membership_id}
    left = await bitemporal.end(session, Membership, owner, valid_from=on, now=now)
    for row in left:
        row.ended_reason = reason
    await session.flush()
    parts = await bitemporal.history(session, Membership, owner)
    if parts and parts[-1].ended_reason != reason:  # the day was the first of a part, so nothing was cut short
        await bitemporal.amend(
            session, Membership, owner, {"ended_reason": reason}, valid_from=parts[-1].valid.lower or on, now=now
        )


def continued(last: Membership, *, until: date, **changes: Any) -> Membership:
    """A further part of a membership, from the end of its last one."""
    return Membership(**{**_carried(last), **changes, "valid": Range(last.valid.upper, until)})


async def hand_on(
    session: WriteSession, parts: Sequence[Membership], *, to: UUID, stay: UUID, on: date, now: datetime
) -> None:
    """What these parts say of the days from `on`, of another organisation."""
    changes = {"membership_id": stay, "organisation_id": to, "granted_by": "succession", "override_reason": None}
    rows = [Membership(**{**_carried(part), **changes, "valid": _since(part, on)}) for part in parts]
    await add(session, rows, now=now)


async def hand_mentoring_on(
    session: WriteSession, parts: Sequence[Membership], *, to: UUID, on: date, now: datetime
) -> None:
    """In these parts of one membership, from `on`, another mentors."""
    for part in parts:
        days = _since(part, on)
        await bitemporal.amend(
            session,
            Membership,
            {"membership_id": part.membership_id},
            {"mentor_id": to},
            valid_from=days.lower or on,
            valid_to=days.upper,
            now=now,
        )


async def take_back(session: WriteSession, membership_id: UUID, *, recorded_at: datetime, now: datetime) -> None:
    """Undo what was written of a membership at exactly that moment. Raises `NewerStandsError`."""
    owner = {"membership_id": membership_id}
    await bitemporal.take_back(session, Membership, owner, recorded_at=recorded_at, now=now)


def _since(part: Membership, on: date) -> Range[date]:
    return Range(max(part.valid.lower or on, on), part.valid.upper)


def _carried(row: Membership) -> dict[str, Any]:
    names = (attribute.key for attribute in inspect(Membership).column_attrs)
    return {name: getattr(row, name) for name in names if name not in _NOT_CARRIED}
