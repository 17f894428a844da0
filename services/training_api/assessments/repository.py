"""Every SQL statement about assessments."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.training_api.assessments.models import Assessment
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.assessments import AssessmentQuery

_TABLE = Assessment.__table__
KEYS = (keyset.Key(_TABLE.c.id),)


async def find(session: AnySession, assessment_id: UUID) -> Assessment | None:
    return await session.get(Assessment, assessment_id)


async def lock(session: WriteSession, assessment_id: UUID) -> Assessment | None:
    query = select(Assessment).where(Assessment.id == assessment_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def standing(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, list[Assessment]]:
    """What was not voided, of each of these enrolments, by attempt."""
    query = select(Assessment).where(Assessment.enrolment_id.in_(enrolment_ids), Assessment.voided_at.is_(None))
    found: dict[UUID, list[Assessment]] = {enrolment_id: [] for enrolment_id in enrolment_ids}
    for assessment in await session.scalars(query.order_by(Assessment.attempt, Assessment.id)):
        found[assessment.enrolment_id].append(assessment)
    return found


def _matching(query: Select[Any], wanted: AssessmentQuery, reach: Reach) -> Select[Any]:
    conditions = {
        Assessment.enrolment_id: wanted.enrolment_id,
        Assessment.cohort_id: wanted.cohort_id,
        Assessment.kind: wanted.kind,
    }
    query = query.where(
        organisations.within(_TABLE.c.organisation_id, reach),
        *(column == value for column, value in conditions.items() if value is not None),
    )
    if wanted.standing is not None:
        query = query.where(Assessment.voided_at.is_(None) if wanted.standing else Assessment.voided_at.is_not(None))
    return query


async def page(
    session: AnySession, wanted: AssessmentQuery, reach: Reach, *, after: Sequence[Any] | None
) -> list[Assessment]:
    query = _matching(select(Assessment), wanted, reach)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: AssessmentQuery, reach: Reach) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Assessment), wanted, reach)) or 0)
