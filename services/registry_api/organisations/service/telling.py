"""What others learn of organisations: events with the whole public state of the day they are told."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations import repository
from services.registry_api.organisations.service import views
from shared import outbox
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.registry.organisation_words import OrganisationStatus

Row = Mapping[str, Any]
_ENDED = frozenset({OrganisationStatus.CLOSED, OrganisationStatus.MERGED})
_ONE_AT_A_TIME = 0x44415953
"""«DAYS»: of several replicas one announces."""


async def tell(session: WriteSession, kind: str, organisation_id: UUID, *, now: datetime) -> None:
    """Put one organisation's public state of today into the change feed."""
    await session.flush()
    await tell_many(session, [(kind, organisation_id)], now=now)


async def tell_many(session: WriteSession, told: Sequence[tuple[str, UUID]], *, now: datetime) -> None:
    """The same for many: what happened and to whom, in this order."""
    today = day_in_kazakhstan(now)
    ids = [organisation_id for _, organisation_id in told]
    states = {row["id"]: row for row in await repository.nearest(session, ids, on=today)}
    held: dict[UUID, list[Row]] = {}
    for row in await repository.identifiers(session, ids):
        held.setdefault(row["organisation_id"], []).append(row)
    codes = {state["area_code"] for state in states.values() if state["area_code"]}
    paths = await areas.paths(session, codes, on=today)

    def event(kind: str, id_: UUID) -> outbox.Event:
        state = states[id_]
        there = _on(held.get(id_, ()), max(today, state["valid_from"] or today))
        path = paths[state["area_code"]] if state["area_code"] else ()
        return outbox.Event(
            kind=kind,
            subject="organisation",
            subject_id=id_,
            data=views.event(state, there, path),
            occurred_at=now,
        )

    await outbox.add_many(session, (event(kind, id_) for kind, id_ in told))


async def announce_days(session: WriteSession, *, now: datetime) -> int:
    """Tell of changes written earlier whose first day has come since this was last asked; how many.

    Who was to be closed on 1 September is told to be closed when that day begins, once, whatever number of
    processes ask and however long none of them ran.
    """
    today = day_in_kazakhstan(now)
    if not await repository.try_lock(session, _ONE_AT_A_TIME):
        return 0
    last = await repository.last_announced(session)
    if last is None or last < today:
        await repository.mark_announced(session, today, now=now)
    if last is None or last >= today:
        return 0
    begun = await repository.beginning(session, after=last, until=today)
    rekeyed = await repository.beginning_identifiers(session, after=last, until=today)
    told = [
        ("organisation.closed" if OrganisationStatus(status) in _ENDED else "organisation.changed", id_)
        for id_, status in begun
    ]
    told += [("organisation.rekeyed", id_) for id_ in rekeyed if id_ not in dict(begun)]
    if told:
        await tell_many(session, told, now=now)
    return len(told)


def _on(held: Sequence[Row], day: date) -> Iterator[Row]:
    for row in held:
        if (row["valid_from"] is None or row["valid_from"] <= day) and (
            row["valid_until"] is None or day < row["valid_until"]
        ):
            yield row
