"""The statements that find revisions: one, all of the same thing, those waiting for approval."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text

from services.registry_api.observations.models import Observation
from shared.db.sessions import AnySession, WriteSession

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:indicator AS text), 0))")
"""The lock under which an indicator is revised, whoever does it."""
_WAITING = text(
    """
    SELECT known.id, known.recorded_by = :subject AS is_own
    FROM observations AS known
    WHERE upper_inf(known.recorded) AND known.status = 'provisional'
        AND known.indicator_id = ANY (CAST(:indicators AS uuid[])) AND known.period = :period
        AND (CAST(:organisation AS uuid) IS NULL OR known.organisation_id = CAST(:organisation AS uuid))
        AND (CAST(:source AS text) IS NULL OR known.source_system = CAST(:source AS text))
        AND (CAST(:areas AS text[]) IS NULL OR coalesce(known.area_code, (
            SELECT state.area_code FROM organisation_states AS state
            WHERE state.organisation_id = known.organisation_id AND upper_inf(state.recorded)
            ORDER BY state.valid @> CAST(:day AS date) DESC, lower(state.valid) DESC LIMIT 1
        )) = ANY (CAST(:areas AS text[])))
    """
)


async def hold(session: WriteSession, indicators: Collection[UUID]) -> None:
    """Let nobody else revise these indicators until the transaction ends."""
    for indicator in sorted(indicators, key=str):
        await session.execute(_HOLD, {"indicator": str(indicator)})


async def find(session: AnySession, observation_id: UUID) -> Observation | None:
    """One revision, as it is now."""
    statement = select(Observation).where(Observation.id == observation_id).execution_options(populate_existing=True)
    found: Observation | None = await session.scalar(statement)
    return found


async def all_of(session: AnySession, of: Observation) -> Sequence[Observation]:
    """All that the same source said of the same subject, indicator and period, oldest first."""
    statement = (
        select(Observation)
        .where(
            Observation.organisation_id == of.organisation_id
            if of.organisation_id is not None
            else Observation.area_code == of.area_code,
            Observation.indicator_id == of.indicator_id,
            Observation.period == of.period,
            Observation.source_system == of.source_system,
        )
        .order_by(Observation.revision, func.lower(Observation.recorded))
        .limit(1000)
    )
    return (await session.scalars(statement)).all()


async def waiting(
    session: WriteSession,
    *,
    indicators: Collection[UUID],
    period: str,
    areas: Collection[str] | None,
    organisation: UUID | None,
    source: str | None,
    subject: str,
    on: date,
) -> tuple[list[UUID], int]:
    """Provisional values that another than `subject` recorded, and how many `subject` did."""
    rows = await session.execute(
        _WAITING,
        {
            "indicators": list(indicators),
            "period": period,
            "areas": None if areas is None else list(areas),
            "organisation": organisation,
            "source": source,
            "subject": subject,
            "day": on,
        },
    )
    found = rows.all()
    return [row.id for row in found if not row.is_own], sum(row.is_own for row in found)
