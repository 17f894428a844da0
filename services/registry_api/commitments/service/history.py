"""How the lights of a commitment went, day by day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.registry_api.commitments import errors, repository, rules
from services.registry_api.commitments.models import CommitmentState, CommitmentTransition
from services.registry_api.commitments.service import views
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.registry.commitment_progress import LightsQuery

_A_YEAR = timedelta(days=365)


async def lights(
    session: AnySession, commitment_id: UUID, query: LightsQuery, *, now: datetime
) -> list[dict[str, Any]]:
    """Both lights of each day, days that are alike taken together. Raises `CommitmentNotFound`, `RangeTooLong`."""
    last = query.until or day_in_kazakhstan(now)
    first = query.since or last - _A_YEAR
    if not 0 <= (last - first).days < rules.LONGEST_RANGE_DAYS:
        raise errors.RangeTooLong(pointer="?since")
    states = await repository.timeline(session, commitment_id, known_at=query.known_at)
    steps = await repository.steps(session, commitment_id, known_at=query.known_at)
    if not states or not steps:
        raise errors.CommitmentNotFound()
    said = (await views.told(session, [commitment_id], known_at=query.known_at))[commitment_id]
    periods: list[dict[str, Any]] = []
    for day in (first + timedelta(days=past) for past in range((last - first).days + 1)):
        row = _row(states, steps, day)
        if row is None:
            continue
        seen = views.signals(row, said, on=day)
        shown = {
            "delivery": seen.delivery.light,
            "delivery_reason": seen.delivery.reason,
            "freshness": seen.freshness.light,
            "freshness_reason": seen.freshness.reason,
        }
        if periods and all(periods[-1][name] == value for name, value in shown.items()):
            periods[-1]["until"] = day
        else:
            periods.append({"since": day, "until": day, **shown})
    return periods


def _row(states: Sequence[CommitmentState], steps: Sequence[CommitmentTransition], day: date) -> dict[str, Any] | None:
    state = next((one for one in states if _holds(one, day)), None)
    step = next((one for one in reversed(steps) if one.effective_on <= day), None)
    if state is None or step is None:
        return None
    return {
        "written": step.to_status,
        "step_on": step.effective_on,
        "since": steps[0].effective_on,
        "measure": state.measure,
        "due_latest": state.due_latest,
        "report_every_days": state.report_every_days,
    }


def _holds(state: CommitmentState, day: date) -> bool:
    first, end = state.valid.lower, state.valid.upper
    return (first is None or first <= day) and (end is None or day < end)
