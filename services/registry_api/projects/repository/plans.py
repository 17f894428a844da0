"""Every SQL statement about development plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry_api.organisations.facts import OrganisationState
from services.registry_api.projects.models import DevelopmentPlan, DevelopmentPlanVersion
from shared.db import keyset
from shared.db.bitemporal import current
from shared.db.sessions import AnySession, WriteSession

KEYS = (keyset.Key(DevelopmentPlan.id.expression, descending=True),)
_LATEST = and_(
    DevelopmentPlanVersion.plan_id == DevelopmentPlan.id, DevelopmentPlanVersion.number == DevelopmentPlan.latest
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which plans are asked for; what is None does not matter."""

    areas: Sequence[str] | None = None
    """Where the organisation stands on the day `on`."""
    on: date
    organisation_id: UUID | None = None


async def page(
    session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[DevelopmentPlan, DevelopmentPlanVersion]]:
    """Plans with their latest versions, the latest entered first."""
    query = select(DevelopmentPlan, DevelopmentPlanVersion).join(DevelopmentPlanVersion, _LATEST)
    query = query.where(*_conditions(wanted)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        query = query.where(keyset.after(KEYS, [UUID(str(after[0]))]))
    return [(row[0], row[1]) for row in await session.execute(query)]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(DevelopmentPlan).where(*_conditions(wanted))) or 0


async def find(session: AnySession, plan_id: UUID) -> DevelopmentPlan | None:
    """One plan."""
    return await session.get(DevelopmentPlan, plan_id)


async def lock(session: WriteSession, plan_id: UUID) -> DevelopmentPlan | None:
    """One plan, which nobody else changes until this transaction ends."""
    query = select(DevelopmentPlan).where(DevelopmentPlan.id == plan_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def versions(session: AnySession, plan_id: UUID) -> Sequence[DevelopmentPlanVersion]:
    """All versions of a plan, the first one first."""
    query = select(DevelopmentPlanVersion).where(DevelopmentPlanVersion.plan_id == plan_id)
    return (await session.scalars(query.order_by(DevelopmentPlanVersion.number))).all()


async def add(session: WriteSession, row: DevelopmentPlan | DevelopmentPlanVersion) -> None:
    """A new plan or version."""
    session.add(row)
    await session.flush()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.organisation_id is not None:
        found.append(DevelopmentPlan.organisation_id == wanted.organisation_id)
    if wanted.areas is not None:
        found.append(
            exists().where(
                OrganisationState.organisation_id == DevelopmentPlan.organisation_id,
                current(OrganisationState),
                OrganisationState.valid.op("@>")(literal(wanted.on)),
                OrganisationState.area_code == func.any(literal(list(wanted.areas), ARRAY(Text))),
            )
        )
    return found
