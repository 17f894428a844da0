"""Every SQL statement about support plans."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Select, Text, Uuid, bindparam, func, select, text

from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from services.training_api.support.models import (
    SupportEvidence,
    SupportPlan,
    SupportRubric,
    SupportTransition,
    SupportVisit,
)
from services.training_api.support.rules import LIVE, OWED, VISITED, Done
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.support import RubricQuery, SupportPlanQuery
from shared.schemas.training.support_reports import SupportBy, VisitsDueQuery

_RUBRICS = SupportRubric.__table__
_PLANS = SupportPlan.__table__
_VISITS = SupportVisit.__table__
RUBRIC_KEYS = (keyset.Key(_RUBRICS.c.programme_code), keyset.Key(_RUBRICS.c.number))
KEYS = (keyset.Key(_PLANS.c.id),)
DUE_KEYS = (keyset.Key(_VISITS.c.planned_on), keyset.Key(_VISITS.c.id))


async def rubric(session: AnySession, rubric_id: UUID) -> SupportRubric | None:
    return await session.get(SupportRubric, rubric_id)


async def programme_codes(session: AnySession, code: str) -> list[UUID]:
    """The providers of the programme of this code; none if there is no such programme."""
    # The table of another capability, read by name: its service knows programmes by their versions only.
    query = text("SELECT DISTINCT provider_id FROM programmes WHERE code = :code").bindparams(
        bindparam("code", type_=Text)
    )
    return [row[0] for row in await session.execute(query, {"code": code})]


async def programme_code(session: AnySession, programme_id: UUID) -> str:
    query = text("SELECT code FROM programmes WHERE id = :id").bindparams(bindparam("id", type_=Uuid))
    return str(await session.scalar(query, {"id": programme_id}))


async def last_rubric(session: WriteSession, code: str) -> int:
    """The number of the newest version, held against another writer until the transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('support_rubrics:' || :code, 0))"), {"code": code}
    )
    query = select(func.max(SupportRubric.number)).where(SupportRubric.programme_code == code)
    return int(await session.scalar(query) or 0)


async def rubrics(session: AnySession, wanted: RubricQuery, *, after: Sequence[Any] | None) -> list[SupportRubric]:
    query = _rubrics_of(select(SupportRubric), wanted)
    if after is not None:
        query = query.where(keyset.after(RUBRIC_KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(RUBRIC_KEYS)).limit(wanted.limit + 1)))


async def count_rubrics(session: AnySession, wanted: RubricQuery) -> int:
    return int(await session.scalar(_rubrics_of(select(func.count()).select_from(SupportRubric), wanted)) or 0)


def _rubrics_of(query: Select[Any], wanted: RubricQuery) -> Select[Any]:
    if wanted.programme_code is None:
        return query
    return query.where(SupportRubric.programme_code == wanted.programme_code)


async def find(session: AnySession, plan_id: UUID) -> SupportPlan | None:
    return await session.get(SupportPlan, plan_id)


async def lock(session: WriteSession, plan_id: UUID) -> SupportPlan | None:
    query = select(SupportPlan).where(SupportPlan.id == plan_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def live_of(session: AnySession, enrolment_id: UUID) -> UUID | None:
    """The enrolment's plan that was not cancelled."""
    query = select(SupportPlan.id).where(SupportPlan.enrolment_id == enrolment_id, SupportPlan.status.in_(LIVE))
    return await session.scalar(query)


async def visits(session: AnySession, plan_id: UUID) -> list[SupportVisit]:
    query = select(SupportVisit).where(SupportVisit.plan_id == plan_id).order_by(SupportVisit.number)
    return list(await session.scalars(query))


async def held(session: AnySession, plan_id: UUID) -> list[SupportVisit]:
    """Visits that were held, the earliest first."""
    query = select(SupportVisit).where(SupportVisit.plan_id == plan_id, SupportVisit.held_on.is_not(None))
    return list(await session.scalars(query.order_by(SupportVisit.held_on, SupportVisit.number)))


async def evidence(session: AnySession, plan_id: UUID) -> list[SupportEvidence]:
    query = select(SupportEvidence).where(SupportEvidence.plan_id == plan_id).order_by(SupportEvidence.id)
    return list(await session.scalars(query))


async def steps(session: AnySession, plan_id: UUID) -> list[SupportTransition]:
    query = select(SupportTransition).where(SupportTransition.plan_id == plan_id)
    return list(await session.scalars(query.order_by(SupportTransition.number)))


async def next_step(session: WriteSession, plan_id: UUID) -> int:
    query = select(func.coalesce(func.max(SupportTransition.number), 0) + 1)
    return int(await session.scalar(query.where(SupportTransition.plan_id == plan_id)) or 1)


_DONE = text(
    """
    SELECT plan.id,
           coalesce(visit.planned, 0), coalesce(visit.held, 0), visit.next_on,
           coalesce(item.accepted, 0), coalesce(item.waiting, 0)
    FROM unnest(:ids) AS plan(id)
    LEFT JOIN (SELECT plan_id, count(*) AS planned, count(held_on) AS held,
                      min(planned_on) FILTER (WHERE held_on IS NULL) AS next_on
               FROM support_visits WHERE plan_id = ANY(:ids) GROUP BY plan_id) AS visit ON visit.plan_id = plan.id
    LEFT JOIN (SELECT plan_id, count(*) FILTER (WHERE accepted) AS accepted,
                      count(*) FILTER (WHERE accepted IS NULL) AS waiting
               FROM support_evidence WHERE plan_id = ANY(:ids) GROUP BY plan_id) AS item ON item.plan_id = plan.id
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


async def done(session: AnySession, plan_ids: Collection[UUID]) -> dict[UUID, Done]:
    """How far each of the plans has come."""
    return {row[0]: Done(*row[1:]) for row in await session.execute(_DONE, {"ids": list(plan_ids)})}


def _matching(query: Select[Any], wanted: SupportPlanQuery, reach: Reach) -> Select[Any]:
    conditions = {
        SupportPlan.cohort_id: wanted.cohort_id,
        SupportPlan.educator_id: wanted.educator_id,
        SupportPlan.mentor_id: wanted.mentor_id,
        SupportPlan.organisation_id: wanted.organisation_id,
        SupportPlan.status: wanted.status,
    }
    return query.where(
        organisations.within(_PLANS.c.organisation_id, reach),
        *(column == value for column, value in conditions.items() if value is not None),
    )


async def page(
    session: AnySession, wanted: SupportPlanQuery, reach: Reach, *, after: Sequence[Any] | None
) -> list[SupportPlan]:
    query = _matching(select(SupportPlan), wanted, reach)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: SupportPlanQuery, reach: Reach) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(SupportPlan), wanted, reach)) or 0)


@dataclass(frozen=True, slots=True)
class Due:
    """A visit that should have been held."""

    plan_id: UUID
    visit_id: UUID
    educator_id: UUID
    mentor_id: UUID
    organisation_id: UUID
    planned_on: date


def _due(query: Select[Any], wanted: VisitsDueQuery, reach: Reach, on: date) -> Select[Any]:
    query = query.join(SupportPlan, SupportPlan.id == SupportVisit.plan_id).where(
        SupportVisit.held_on.is_(None),
        SupportVisit.planned_on < on,
        SupportPlan.status.in_(VISITED),
        organisations.within(_PLANS.c.organisation_id, reach),
    )
    if wanted.mentor_id is not None:
        query = query.where(SupportPlan.mentor_id == wanted.mentor_id)
    if wanted.cohort_id is not None:
        query = query.where(SupportPlan.cohort_id == wanted.cohort_id)
    return query


async def due(
    session: AnySession, wanted: VisitsDueQuery, reach: Reach, *, on: date, after: Sequence[Any] | None
) -> list[Due]:
    columns = (
        SupportPlan.id,
        SupportVisit.id,
        SupportPlan.educator_id,
        SupportPlan.mentor_id,
        SupportPlan.organisation_id,
        SupportVisit.planned_on,
    )
    query = _due(select(SupportVisit.id), wanted, reach, on)
    if after is not None:
        query = query.where(keyset.after(DUE_KEYS, after))
    listed = query.order_by(*keyset.order_by(DUE_KEYS)).limit(wanted.limit + 1)
    return [Due(*row) for row in await session.execute(listed.with_only_columns(*columns))]


async def count_due(session: AnySession, wanted: VisitsDueQuery, reach: Reach, *, on: date) -> int:
    return int(await session.scalar(_due(select(func.count()).select_from(SupportVisit), wanted, reach, on)) or 0)


_KEY_OF = {
    SupportBy.PROGRAMME: "programmes.code",
    SupportBy.COHORT: "cohorts.code",
    SupportBy.AREA: "coalesce(organisations.area, '—')",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Graduates and their plans in one row of the report."""

    key: str | None
    owed: int
    planned: int
    running: int
    completed: int


async def report(
    session: AnySession, *, by: SupportBy, programme_code: str | None, cohort_id: UUID | None, as_of: date
) -> list[Counted]:
    """Who ended a course by the day and who of them has a plan; the last row, without a key, is the total."""
    # One statement over the tables of five capabilities, which are named here as text: asked piece by piece it would be
    # a query for each graduate.
    statement = text(
        f"""
        SELECT {_KEY_OF[by]} AS key, count(*) AS owed,
               count(plan.id) AS planned,
               count(*) FILTER (WHERE plan.status IN ('agreed', 'running')) AS running,
               count(*) FILTER (WHERE plan.status = 'completed') AS completed
        FROM enrolments
        JOIN cohorts ON cohorts.id = enrolments.cohort_id
        JOIN programmes ON programmes.id = cohorts.programme_id
        JOIN organisations ON organisations.id = enrolments.organisation_id
        LEFT JOIN support_plans AS plan ON plan.enrolment_id = enrolments.id AND plan.status = ANY(:live)
        WHERE enrolments.status = ANY(:owed)
          AND coalesce(enrolments.completed_on, cohorts.ends_on) <= :as_of
          AND (CAST(:programme_code AS text) IS NULL OR programmes.code = :programme_code)
          AND (CAST(:cohort_id AS uuid) IS NULL OR enrolments.cohort_id = :cohort_id)
        GROUP BY GROUPING SETS ((1), ())
        ORDER BY grouping({_KEY_OF[by]}), 1
        """  # noqa: S608 -- words of our own list
    ).bindparams(
        bindparam("live", type_=ARRAY(Text)),
        bindparam("owed", type_=ARRAY(Text)),
        bindparam("as_of", type_=Date),
        bindparam("programme_code", type_=Text),
        bindparam("cohort_id", type_=Uuid),
    )
    values = {
        "live": [status.value for status in LIVE],
        "owed": [status.value for status in OWED],
        "as_of": as_of,
        "programme_code": programme_code,
        "cohort_id": cohort_id,
    }
    return [Counted(*row) for row in await session.execute(statement, values)]
