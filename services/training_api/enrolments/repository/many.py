"""Statements upon many enrolments at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    DateTime,
    Text,
    Uuid,
    bindparam,
    insert,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZMULTIRANGE

from services.training_api.base import quoted
from services.training_api.cohorts.rules import Period
from services.training_api.enrolments import rules
from services.training_api.enrolments.models import Enrolment, EnrolmentTransition
from services.training_api.enrolments.repository.hours import Booked, Live, multirange, periods
from services.training_api.enrolments.rules import LIVE, OCCUPYING, State
from services.training_api.trainers import service as trainers
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.training.enrolments import Command
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.words import ApprovalLevel

_MOVE_ALL = """
    WITH moved AS (
        UPDATE enrolments
        SET {machine} = :after, status = :status, updated_at = :now, version = version + 1,
            seat_id = CASE WHEN :status IN ({occupying}) THEN enrolments.seat_id END,
            offer_expires_at = NULL, next_approver = NULL
        FROM (SELECT id, {machine} AS state, seat_id FROM enrolments
              WHERE cohort_id = :cohort AND {machine} = ANY(:before)
              ORDER BY id FOR NO KEY UPDATE) AS old
        WHERE enrolments.id = old.id
        RETURNING enrolments.id, old.state AS from_status, old.seat_id
    ), freed AS (
        UPDATE seats SET free = true FROM moved
        WHERE seats.id = moved.seat_id AND :status NOT IN ({occupying})
    ), written AS (
    INSERT INTO enrolment_transitions
        (enrolment_id, number, machine, action, from_status, to_status, actor, reason_code, comment, evidence,
         effective_on, recorded_at)
    SELECT moved.id, 1 + (SELECT max(number) FROM enrolment_transitions AS step WHERE step.enrolment_id = moved.id),
           '{machine}', :action, moved.from_status, :after, :actor, :reason, :comment, :evidence, :effective_on, :now
    FROM moved
    RETURNING enrolment_id
    )
    SELECT count(*) FROM written
"""


async def move_all(
    session: WriteSession, cohort_id: UUID, action: Action, after: State, *, said: Command, now: datetime
) -> int:
    """Take all enrolments of the cohort that the action fits to one state of its machine; how many they were."""
    machine = rules.machine_of(after)
    words = {"machine": machine.name, "occupying": quoted(*sorted(OCCUPYING))}
    statement = text(_MOVE_ALL.format_map(words)).bindparams(
        bindparam("cohort", type_=Uuid),
        bindparam("before", type_=ARRAY(Text)),
        bindparam("effective_on", type_=Date),
        bindparam("evidence", type_=JSONB(none_as_null=True)),
        bindparam("now", type_=DateTime(timezone=True)),
        *(bindparam(name, type_=Text) for name in ("after", "status", "action", "actor", "reason", "comment")),
    )
    moved = await session.scalar(
        statement,
        {
            "cohort": cohort_id,
            "before": sorted(state.value for state in machine.before(action) if state is not None),
            "after": after.value,
            "status": Status(after.value).value,
            "action": action.value,
            "actor": authorship(session).subject,
            "reason": said.reason_code,
            "comment": said.comment,
            "evidence": [item.model_dump(mode="json", exclude_none=True) for item in said.evidence] or None,
            "effective_on": said.effective_on or day_in_kazakhstan(now),
            "now": now,
        },
    )
    return int(moved or 0)


async def live_in(session: AnySession, cohort_id: UUID, educator_ids: Collection[UUID]) -> dict[UUID, Live]:
    """The live enrolments of these people in the cohort."""
    query = select(Enrolment.educator_id, Enrolment.id, Enrolment.cohort_id, Enrolment.status).where(
        Enrolment.cohort_id == cohort_id,
        Enrolment.educator_id.in_(educator_ids),
        Enrolment.status.in_(sorted(LIVE)),
    )
    return {row[0]: Live(row[1], row[2], row[3]) for row in await session.execute(query)}


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who waits for a decision or for a seat."""

    enrolment_id: UUID
    educator_id: UUID
    cohort_id: UUID
    venue_id: UUID
    status: Status
    next_approver: ApprovalLevel | None


async def applicants(session: AnySession, cohort_ids: Collection[UUID]) -> list[Applicant]:
    """Who waits in these cohorts, in the order in which they applied."""
    query = select(
        Enrolment.id,
        Enrolment.educator_id,
        Enrolment.cohort_id,
        Enrolment.venue_id,
        Enrolment.status,
        Enrolment.next_approver,
    ).where(Enrolment.cohort_id.in_(cohort_ids), Enrolment.status.in_([Status.SUBMITTED, Status.WAITLISTED]))
    return [Applicant(*row) for row in await session.execute(query.order_by(Enrolment.created_at, Enrolment.id))]


async def busy_of(
    session: WriteSession, educator_ids: Collection[UUID], hours: Iterable[Period]
) -> dict[UUID, list[Booked]]:
    """What keeps each of these people busy at some of these hours, as `on_hours` tells it of one.

    Where they wait for seats at these hours, nobody can offer them one until the transaction ends.
    """
    wanted = multirange(hours)
    query = select(
        Enrolment.educator_id, Enrolment.id, Enrolment.cohort_id, Enrolment.venue_id, Enrolment.seat_id, Enrolment.busy
    ).where(
        Enrolment.educator_id.in_(educator_ids),
        Enrolment.busy.overlaps(literal(wanted, TSTZMULTIRANGE)),
        or_(Enrolment.seat_id.is_not(None), Enrolment.status == Status.WAITLISTED),
    )
    found: dict[UUID, list[Booked]] = {}
    for row in await session.execute(query.order_by(Enrolment.id).with_for_update(read=True)):
        if row[4] is not None:
            found.setdefault(row[0], []).append(Booked(row[1], row[2], row[3], periods(row[5])))
    for educator_id, session_id, taught in await session.execute(trainers.taught_by_many(educator_ids, wanted)):
        found.setdefault(educator_id, []).append(Booked(session_id, None, None, periods(taught)))
    return found


async def add_many(
    session: WriteSession, enrolments: Sequence[Enrolment], steps: Sequence[EnrolmentTransition]
) -> None:
    """Write new enrolments and their first steps; the caller tells the trail of audit."""
    for table, rows in ((Enrolment.__table__, enrolments), (EnrolmentTransition.__table__, steps)):
        if rows:
            values = [{column.key: getattr(row, column.key) for column in table.columns} for row in rows]
            await session.execute(insert(table), values)  # type: ignore[arg-type] # a mapped class has a Table
