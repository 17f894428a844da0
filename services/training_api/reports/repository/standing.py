"""How far enrolments had come by a day, as the transitions of their three machines tell."""

from typing import Final

HOLDING: Final = "'confirmed', 'started', 'finished'"
"""States of participation in which a seat is held, or was to the end."""
_ENDED: Final = (
    "'rejected', 'cancelled', 'declined', 'offer_expired', 'withdrawn', 'transferred', 'substituted', 'no_show'"
)


def _last(machine: str) -> str:
    """The last step in a machine: number, state, reason, day. As an array, because the greatest is found in passing;
    to sort the steps or to join them once more takes three times as long."""
    step = "ARRAY[lpad(number::text, 10, '0'), to_status, reason_code, effective_on::text]"
    return f"max({step}) FILTER (WHERE machine = '{machine}')"


STANDING: Final = f"""
    folded AS (
        SELECT enrolment_id,
               min(effective_on) AS applied_on,
               min(effective_on) FILTER (WHERE machine <> 'application' OR to_status = 'accepted') AS approved_on,
               min(effective_on) FILTER (WHERE to_status IN ('offered', {HOLDING})) AS offered_on,
               min(effective_on) FILTER (WHERE to_status IN ({HOLDING})) AS confirmed_on,
               min(effective_on) FILTER (WHERE to_status = 'finished') AS finished_on,
               {_last("application")} AS application,
               {_last("participation")} AS participation,
               {_last("outcome")} AS outcome
        FROM enrolment_transitions
        WHERE effective_on <= :as_of AND enrolment_id IN (SELECT id FROM chosen)
        GROUP BY enrolment_id
    ),
    standing AS (
        SELECT enrolment_id, applied_on, approved_on, offered_on, confirmed_on,
               participation[2] AS participation, outcome[2] AS outcome,
               least(finished_on, outcome[4]::date) AS attended_on,
               CASE WHEN outcome[2] = 'passed' THEN outcome[4]::date END AS passed_on,
               coalesce(outcome, participation, application) AS last,
               coalesce(outcome[2] <> 'passed', (coalesce(participation, application))[2] IN ({_ENDED})) AS has_ended
        FROM folded
    )
"""  # noqa: S608 -- constants
"""`standing`: one row for each of the enrolments `chosen` that there were on the day `as_of`.

`has_ended`: without a pass. Who did not pass may take the assessment again, and then stands otherwise.
"""
