"""Organisations around one: who answers for its area, and who is alike."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Date, Select, Text, Uuid, and_, bindparam, func, literal, select

from services.registry_api.organisations.models import OrganisationState
from shared.db.bitemporal import as_of, current
from shared.db.sessions import AnySession

_DEPARTMENTS = ("department", "district_department")


async def authorities(session: AnySession, codes: Sequence[str], *, on: date) -> list[Mapping[str, Any]]:
    """Departments of education that stand at one of these areas, the nearest area (the last code) first."""
    state = OrganisationState
    places = literal(list(codes), ARRAY(Text))
    query = (
        select(
            state.organisation_id.label("id"),
            state.name_kk,
            state.name_ru,
            state.name_en,
            state.phone,
            state.email,
            state.website,
            state.area_code.label("area"),
        )
        .where(
            state.type == "authority",
            state.kind.in_(_DEPARTMENTS),
            state.status.in_(("open", "closing")),
            state.area_code == func.any(places),
            as_of(state, on),
        )
        .order_by(func.array_position(places, state.area_code).desc(), state.sort_kk, state.organisation_id)
        .limit(3)
    )
    return [dict(row) for row in (await session.execute(query)).mappings()]


@lru_cache(maxsize=1)
def alike() -> Select[Any]:
    """A part of other statements: those of the type, kind of place and area that are bound as `peer_type`,
    `peer_setting` and `peer_areas`, at work on the day bound as `on`; the one bound as `organisation` included."""
    state = OrganisationState
    same_place = state.setting.is_not_distinct_from(bindparam("peer_setting", type_=Text))
    return select(state.organisation_id).where(
        current(state),
        state.valid.op("@>")(bindparam("on", type_=Date)),
        (state.organisation_id == bindparam("organisation", type_=Uuid))
        | and_(
            state.type == bindparam("peer_type", type_=Text),
            same_place,
            state.status.in_(("open", "closing")),
            state.area_code == func.any(bindparam("peer_areas", type_=ARRAY(Text))),
        ),
    )
