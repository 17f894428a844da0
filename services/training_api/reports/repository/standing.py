"""How far enrolments had come by a day, as their transitions tell."""

from typing import Final

# Of the states, the words are enough: no two machines of an enrolment have one word for different things.
OUTCOMES: Final = "'passed', 'attended', 'failed', 'voided', 'completed_passed', 'completed_attended'"
_PASSED: Final = "'passed', 'completed_passed'"
ENDED: Final = (
    "'rejected', 'cancelled', 'declined', 'offer_expired', 'withdrawn', 'transferred', 'substituted', 'no_show'"
)
HOLDING: Final = "'confirmed', 'started', 'finished'"

STANDING: Final = f"""
    steps AS (
        SELECT enrolment_id, to_status, reason_code, effective_on, recorded_at, number,
               to_status IN ({OUTCOMES}) AS is_outcome
        FROM enrolment_transitions
        WHERE effective_on <= :as_of AND enrolment_id IN (SELECT id FROM chosen)
    ),
    folded AS (
        SELECT enrolment_id,
               min(effective_on) AS applied_on,
               min(effective_on) FILTER (
                   WHERE is_outcome OR to_status IN ('accepted', 'waitlisted', 'offered', {HOLDING})
               ) AS approved_on,
               min(effective_on) FILTER (WHERE is_outcome OR to_status IN ('offered', {HOLDING})) AS offered_on,
               min(effective_on) FILTER (WHERE is_outcome OR to_status IN ({HOLDING})) AS confirmed_on,
               min(effective_on) FILTER (WHERE to_status = 'finished') AS finished_on,
               (array_agg(to_status ORDER BY recorded_at DESC, number DESC) FILTER (WHERE NOT is_outcome))[1] AS status,
               (array_agg(reason_code ORDER BY recorded_at DESC, number DESC) FILTER (WHERE NOT is_outcome))[1]
                   AS reason,
               (array_agg(to_status ORDER BY recorded_at DESC, number DESC) FILTER (WHERE is_outcome))[1] AS outcome,
               (array_agg(reason_code ORDER BY recorded_at DESC, number DESC) FILTER (WHERE is_outcome))[1]
                   AS outcome_reason,
               (array_agg(effective_on ORDER BY recorded_at DESC, number DESC) FILTER (WHERE is_outcome))[1]
                   AS outcome_on
        FROM steps
        GROUP BY enrolment_id
    ),
    standing AS MATERIALIZED (
        SELECT folded.enrolment_id, applied_on, approved_on, offered_on, confirmed_on, status, reason,
               nullif(outcome, 'voided') AS outcome, outcome_reason,
               CASE WHEN outcome <> 'voided' THEN least(finished_on, outcome_on) ELSE finished_on END AS attended_on,
               CASE WHEN outcome IN ({_PASSED}) THEN outcome_on END AS passed_on,
               status IN ({ENDED}) AS has_ended
        FROM folded
    )
"""  # noqa: S608 -- constants
"""`standing`: one row for each of the enrolments `chosen` that there were on the day `as_of`."""
