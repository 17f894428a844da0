"""How far enrolments had come by a day, as the transitions of their three machines tell."""

from typing import Final

HOLDING: Final = "'confirmed', 'started', 'finished'"
"""States of participation in which a seat is held, or was to the end."""
_ENDED: Final = (
    "'rejected', 'cancelled', 'declined', 'offer_expired', 'withdrawn', 'transferred', 'substituted', 'no_show'"
)


def _last(column: str, machine: str) -> str:
    order = "ORDER BY recorded_at DESC, number DESC"
    return f"(array_agg({column} {order}) FILTER (WHERE machine = '{machine}'))[1]"


STANDING: Final = f"""
    steps AS (
        SELECT enrolment_id, machine, to_status, reason_code, effective_on, recorded_at, number
        FROM enrolment_transitions
        WHERE effective_on <= :as_of AND enrolment_id IN (SELECT id FROM chosen)
    ),
    folded AS (
        SELECT enrolment_id,
               min(effective_on) AS applied_on,
               min(effective_on) FILTER (WHERE machine <> 'application' OR to_status = 'accepted') AS approved_on,
               min(effective_on) FILTER (WHERE to_status IN ('offered', {HOLDING})) AS offered_on,
               min(effective_on) FILTER (WHERE to_status IN ({HOLDING})) AS confirmed_on,
               min(effective_on) FILTER (WHERE to_status = 'finished') AS finished_on,
               {_last("to_status", "application")} AS application,
               {_last("reason_code", "application")} AS application_reason,
               {_last("to_status", "participation")} AS participation,
               {_last("reason_code", "participation")} AS participation_reason,
               {_last("to_status", "outcome")} AS outcome,
               {_last("reason_code", "outcome")} AS outcome_reason,
               {_last("effective_on", "outcome")} AS outcome_on
        FROM steps
        GROUP BY enrolment_id
    ),
    standing AS MATERIALIZED (
        SELECT enrolment_id, applied_on, approved_on, offered_on, confirmed_on, participation, outcome,
               least(finished_on, outcome_on) AS attended_on,
               CASE WHEN outcome = 'passed' THEN outcome_on END AS passed_on,
               coalesce(outcome, participation, application) AS status,
               CASE WHEN outcome IS NOT NULL THEN outcome_reason
                    WHEN participation IS NOT NULL THEN participation_reason
                    ELSE application_reason END AS reason,
               coalesce(outcome <> 'passed', coalesce(participation, application) IN ({_ENDED})) AS has_ended
        FROM folded
    )
"""  # noqa: S608 -- constants
"""`standing`: one row for each of the enrolments `chosen` that there were on the day `as_of`.

`has_ended`: without a pass. Who did not pass may take the assessment again, and then stands otherwise.
"""
