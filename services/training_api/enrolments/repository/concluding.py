"""The statement that writes down what many people have reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from services.training_api.base import quoted
from services.training_api.enrolments.rules import PARTICIPATION
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.schemas.training.enrolments import Command
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.enrolments import OutcomeState as Outcome
from shared.schemas.training.enrolments import ParticipationState as Participation

_BEFORE = quoted(*sorted(state for state in PARTICIPATION.before(Action.COMPLETE) if state is not None))
_STATUS = " ".join(
    f"WHEN '{outcome}' THEN '{status}'"
    for outcome, status in (
        (Outcome.PASSED, Status.COMPLETED_PASSED),
        (Outcome.ATTENDED, Status.COMPLETED_ATTENDED),
        (Outcome.FAILED, Status.FAILED),
    )
)
_CONCLUDE = (
    text(
        f"""
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(:given)
            AS given(id uuid, outcome text, attendance float8, tasks_done boolean, score float8, unmet text[])
    ), moved AS (
        UPDATE enrolments
        SET participation = CASE WHEN given.outcome IS NULL THEN '{Participation.NO_SHOW}'
                                 ELSE '{Participation.FINISHED}' END,
            outcome = given.outcome,
            status = CASE given.outcome {_STATUS} ELSE '{Status.NO_SHOW}' END,
            seat_id = CASE WHEN given.outcome IS NOT NULL THEN enrolments.seat_id END,
            attendance = given.attendance, tasks_done = given.tasks_done, score = given.score, unmet = given.unmet,
            completed_on = :completed_on, updated_at = :now, version = version + 1
        FROM given
        JOIN (SELECT id, participation AS state, seat_id FROM enrolments
              WHERE id IN (SELECT id FROM given) AND participation IN ({_BEFORE})
              ORDER BY id FOR NO KEY UPDATE) AS old ON old.id = given.id
        WHERE enrolments.id = old.id
        RETURNING enrolments.id, enrolments.cohort_id, enrolments.venue_id, enrolments.organisation_id,
                  enrolments.status, enrolments.participation, enrolments.outcome, old.state, old.seat_id
    ), freed AS (
        UPDATE seats SET free = true FROM moved WHERE seats.id = moved.seat_id AND moved.outcome IS NULL
    ), written AS (
        INSERT INTO enrolment_transitions
            (enrolment_id, number, machine, action, from_status, to_status, actor, reason_code, comment, evidence,
             effective_on, recorded_at)
        SELECT moved.id,
               step.place + (SELECT max(number) FROM enrolment_transitions AS past WHERE past.enrolment_id = moved.id),
               step.machine, '{Action.COMPLETE}', step.from_status, step.to_status, :actor, :reason, :comment,
               :evidence, :effective_on, :now
        FROM moved
        CROSS JOIN LATERAL (VALUES (1, 'participation', moved.state, moved.participation),
                                   (2, 'outcome', NULL, moved.outcome)) AS step(place, machine, from_status, to_status)
        WHERE step.to_status IS NOT NULL
    )
    SELECT id, cohort_id, venue_id, organisation_id, status FROM moved ORDER BY id
    """  # noqa: S608 -- constants
    )
    .bindparams(
        bindparam("given", type_=JSONB),
        bindparam("evidence", type_=JSONB(none_as_null=True)),
        bindparam("completed_on", type_=Date),
        bindparam("effective_on", type_=Date),
        bindparam("now", type_=DateTime(timezone=True)),
        *(bindparam(name, type_=Text) for name in ("actor", "reason", "comment")),
    )
    .columns(id=Uuid, cohort_id=Uuid, venue_id=Uuid, organisation_id=Uuid, status=Text)
)


@dataclass(frozen=True, slots=True)
class Concluded:
    """An enrolment whose outcome was written down."""

    id: UUID
    cohort_id: UUID
    venue_id: UUID
    organisation_id: UUID
    status: Status


async def conclude_many(
    session: WriteSession, given: Sequence[Mapping[str, Any]], *, completed_on: date, said: Command, now: datetime
) -> list[Concluded]:
    """Write down what each of these people has reached; who is not taking part is passed over. Frees the seats of
    those who never came."""
    rows = await session.execute(
        _CONCLUDE,
        {
            "given": list(given),
            "completed_on": completed_on,
            "actor": authorship(session).subject,
            "reason": said.reason_code,
            "comment": said.comment,
            "evidence": [item.model_dump(mode="json", exclude_none=True) for item in said.evidence] or None,
            "effective_on": said.effective_on or day_in_kazakhstan(now),
            "now": now,
        },
    )
    return [Concluded(row.id, row.cohort_id, row.venue_id, row.organisation_id, Status(row.status)) for row in rows]
