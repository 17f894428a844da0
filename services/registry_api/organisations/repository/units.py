"""SQL of sub-units: who belongs to an organisation at any depth, and who an organisation is in a few words."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping, and_, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from services.registry_api.organisations.models import OrganisationState
from shared.db.sessions import AnySession

_DEEPEST = 20


async def under(
    session: AnySession, organisation_id: UUID, *, on: date, known_at: datetime | None = None
) -> list[UUID]:
    """The organisation and all its parts on a day, at any depth."""
    tree = select(literal(organisation_id).label("id"), literal(0).label("depth")).cte("tree", recursive=True)
    part = aliased(OrganisationState)
    believed = func.upper_inf(part.recorded) if known_at is None else part.recorded.op("@>")(literal(known_at))
    tree = tree.union(
        select(part.organisation_id, tree.c.depth + 1).join(
            tree, and_(part.parent_id == tree.c.id, part.valid.op("@>")(literal(on)), believed, tree.c.depth < _DEEPEST)
        )
    )
    return list(await session.scalars(select(tree.c.id).distinct()))


async def portrayed(
    session: AnySession, ids: Collection[UUID], *, on: date, known_at: datetime | None = None
) -> Sequence[RowMapping]:
    """Name, type, kind and parent on a day or, failing that, as first known."""
    state = OrganisationState
    believed = func.upper_inf(state.recorded) if known_at is None else state.recorded.op("@>")(literal(known_at))
    query = (
        select(
            state.organisation_id.label("id"),
            state.name_kk,
            state.name_ru,
            state.name_en,
            state.type,
            state.kind,
            state.parent_id,
            state.area_code,
            state.status,
        )
        .ext(distinct_on(state.organisation_id))
        .where(state.organisation_id == func.any(literal(list(ids))), believed)
        .order_by(state.organisation_id, state.valid.op("@>")(literal(on)).desc(), func.lower(state.valid))
    )
    return (await session.execute(query)).mappings().all()
