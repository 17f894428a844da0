"""Every SQL statement about allocations and their people."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ARRAY, Select, Table, Uuid, bindparam, func, insert, literal, select, update

from services.training_api.allocations.models import Allocation, AllocationPerson
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.allocations import AllocationQuery, PlacementQuery, UnplacedQuery

_TABLE = Allocation.__table__
KEYS = (keyset.Key(_TABLE.c.id, descending=True),)
_PEOPLE = cast(Table, AllocationPerson.__table__)
_ANSWER = (
    update(_PEOPLE)
    .where(_PEOPLE.c.allocation_id == bindparam("of"), _PEOPLE.c.educator_id == bindparam("who"))
    .values({name: bindparam(f"new_{name}") for name in ("facts", "cohort_id", "venue_id", "reason", "told")})
)
_ENROLLED = (
    update(_PEOPLE)
    .where(_PEOPLE.c.allocation_id == bindparam("of"), _PEOPLE.c.educator_id == bindparam("who"))
    .values(enrolment_id=bindparam("enrolment"))
)


async def find(session: AnySession, allocation_id: UUID) -> Allocation | None:
    return await session.get(Allocation, allocation_id)


async def lock(session: WriteSession, allocation_id: UUID) -> Allocation | None:
    """The allocation as it is now, and as nobody else can change it until the transaction ends."""
    query = select(Allocation).where(Allocation.id == allocation_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def add_people(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    await session.execute(insert(_PEOPLE), [dict(row) for row in rows])


async def people(session: AnySession, allocation_id: UUID) -> list[AllocationPerson]:
    """Everybody in the order of application."""
    query = select(AllocationPerson).where(AllocationPerson.allocation_id == allocation_id)
    return list(await session.scalars(query.order_by(AllocationPerson.number)))


async def answer(session: WriteSession, allocation_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down what became of each."""
    values = [
        {"of": allocation_id, "who": row["educator_id"]}
        | {f"new_{name}": row[name] for name in ("facts", "cohort_id", "venue_id", "reason", "told")}
        for row in rows
    ]
    await (await session.connection()).execute(_ANSWER, values)


async def enrolled(session: WriteSession, allocation_id: UUID, enrolments: Mapping[UUID, UUID]) -> None:
    """Write down the enrolment of each person."""
    values = [{"of": allocation_id, "who": who, "enrolment": one} for who, one in enrolments.items()]
    if values:
        await (await session.connection()).execute(_ENROLLED, values)


async def places(session: AnySession, allocation_id: UUID) -> dict[UUID, UUID | None]:
    """The venue of each person, None for those not placed."""
    query = select(AllocationPerson.educator_id, AllocationPerson.venue_id)
    rows = await session.execute(query.where(AllocationPerson.allocation_id == allocation_id))
    return {row[0]: row[1] for row in rows}


def _matching(query: Select[Any], wanted: AllocationQuery, provider_ids: Sequence[UUID] | None) -> Select[Any]:
    if provider_ids is not None:
        query = query.where(Allocation.provider_id.in_(provider_ids))
    if wanted.provider_id is not None:
        query = query.where(Allocation.provider_id == wanted.provider_id)
    if wanted.cohort_id is not None:
        query = query.where(Allocation.cohort_ids.op("@>")(literal([wanted.cohort_id], ARRAY(Uuid))))
    if wanted.status is not None:
        query = query.where(Allocation.status == wanted.status)
    return query


async def page(
    session: AnySession,
    wanted: AllocationQuery,
    provider_ids: Sequence[UUID] | None,
    *,
    after: Sequence[Any] | None,
) -> list[Allocation]:
    query = _matching(select(Allocation), wanted, provider_ids)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: AllocationQuery, provider_ids: Sequence[UUID] | None) -> int:
    query = _matching(select(func.count()).select_from(Allocation), wanted, provider_ids)
    return int(await session.scalar(query) or 0)


async def providers(session: AnySession) -> list[UUID]:
    """The providers that have allocations."""
    return list(await session.scalars(select(Allocation.provider_id).distinct()))


def _answers(
    query: Select[Any], allocation_id: UUID, wanted: PlacementQuery | UnplacedQuery, reach: Reach
) -> Select[Any]:
    query = query.where(
        AllocationPerson.allocation_id == allocation_id, organisations.within(_PEOPLE.c.organisation_id, reach)
    )
    if wanted.organisation_id is not None:
        query = query.where(AllocationPerson.organisation_id == wanted.organisation_id)
    if isinstance(wanted, PlacementQuery):
        query = query.where(AllocationPerson.venue_id.is_not(None))
        return query if wanted.venue_id is None else query.where(AllocationPerson.venue_id == wanted.venue_id)
    query = query.where(AllocationPerson.reason.is_not(None))
    return query if wanted.reason is None else query.where(AllocationPerson.reason == wanted.reason)


async def answers(
    session: AnySession,
    allocation_id: UUID,
    wanted: PlacementQuery | UnplacedQuery,
    reach: Reach,
    *,
    after: int | None,
    limit: int,
) -> list[AllocationPerson]:
    """The answers in the order of application; one more than asked for if there is one."""
    query = _answers(select(AllocationPerson), allocation_id, wanted, reach)
    if after is not None:
        query = query.where(AllocationPerson.number > after)
    return list(await session.scalars(query.order_by(AllocationPerson.number).limit(limit + 1)))


async def count_answers(
    session: AnySession, allocation_id: UUID, wanted: PlacementQuery | UnplacedQuery, reach: Reach
) -> int:
    query = _answers(select(func.count()).select_from(AllocationPerson), allocation_id, wanted, reach)
    return int(await session.scalar(query) or 0)
