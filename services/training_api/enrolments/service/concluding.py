"""Writing down what many people of a cohort have reached, at once."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.enrolments import repository
from services.training_api.enrolments.service.outcome import Conclusion
from services.training_api.enrolments.service.steps import event_of
from shared import audit, outbox
from shared.db.sessions import WriteSession
from shared.schemas.training.enrolments import Command


async def conclude_many(
    session: WriteSession,
    cohort_id: UUID,
    conclusions: Mapping[UUID, Conclusion],
    *,
    completed_on: date,
    said: Command,
    now: datetime,
) -> set[UUID]:
    """Establish the outcomes for the first time, as `conclude` does each; those established.

    Who does not take part any more is passed over. Whether the caller may is decided before; `said` has no reason.
    """
    venues = {place.id for place in await cohorts.places_of(session, cohort_id)}
    await cohorts.lock_places(session, venues)
    given = [
        {
            "id": str(enrolment_id),
            "outcome": one.outcome.value if one.outcome else None,
            "attendance": one.attendance,
            "tasks_done": one.tasks_done,
            "score": one.score,
            "unmet": list(one.unmet),
        }
        for enrolment_id, one in sorted(conclusions.items())
    ]
    concluded = await repository.conclude_many(session, given, completed_on=completed_on, said=said, now=now)
    await outbox.add_many(session, (event_of(one) for one in concluded))
    await audit.note(
        session, action="complete", resource_type="cohort", resource_id=cohort_id, enrolments=len(concluded)
    )
    return {one.id for one in concluded}
