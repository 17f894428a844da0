"""Looking into an organisation's ballots: opened by the screens or by people, decided by people, with a record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.surveys import errors
from services.rating_engine.surveys.models import SurveyInvestigation
from services.rating_engine.surveys.repository import lives, results
from services.rating_engine.surveys.service.lives import claim, find
from shared import outbox
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import FullText
from shared.schemas.rating.survey_results import InvestigationDecide, InvestigationRead, InvestigationStatus
from shared.schemas.rating.surveys import SurveyStatus

BY_SCREENS = FullText(
    kk="Белгіленген бюллетеньдерсіз орташа балл бір стандартты қатеден көп өзгереді",
    ru="Без отмеченных бюллетеней средний балл меняется больше, чем на одну стандартную ошибку",
    en="Without marked ballots the mean moves by more than one standard error",
)


async def investigate(
    session: WriteSession, actor: Actor, survey_id: UUID, organisation_id: UUID, reason: FullText, *, now: datetime
) -> InvestigationRead:
    """Open an investigation of a survey that is counted and not yet published.

    Raises `SurveyNotFound`, `SurveyStepRefused`, `SurveyNotTallied`, `OrganisationOutsideFrame`, `OutOfReach`,
    `InvestigationExists`.
    """
    survey = await claim(session, survey_id)
    if survey.status != SurveyStatus.CLOSED:
        raise errors.SurveyStepRefused(status=survey.status)
    if survey.tallied_at is None:
        raise errors.SurveyNotTallied
    row = await lives.organisation(session, survey_id, organisation_id)
    if row is None:
        raise errors.OrganisationOutsideFrame(pointer="/organisation_id")
    actor.demand(Scope.RATING_RUN, row.area_path, organisation_id)
    if await results.investigation(session, survey_id, organisation_id) is not None:
        raise errors.InvestigationExists
    return read(await begin(session, survey_id, organisation_id, reason, by=actor.principal, now=now))


async def begin(
    session: WriteSession, survey_id: UUID, organisation_id: UUID, reason: FullText, *, by: str, now: datetime
) -> SurveyInvestigation:
    """Write down that it is looked into."""
    found = SurveyInvestigation(
        survey_id=survey_id,
        organisation_id=organisation_id,
        status=InvestigationStatus.OPEN.value,
        reason=reason.model_dump(),
        opened_by=by,
        created_at=now,
        updated_at=now,
    )
    session.add(found)
    await session.flush()
    return found


async def decide(
    session: WriteSession,
    actor: Actor,
    survey_id: UUID,
    investigation_id: UUID,
    body: InvestigationDecide,
    *,
    now: datetime,
) -> InvestigationRead:
    """Keep marked ballots or leave them out, for good.

    Raises `SurveyNotFound`, `InvestigationNotFound`, `OutOfReach`, `InvestigationDecided`.
    """
    await claim(session, survey_id)
    found = await results.investigation_for_change(session, investigation_id)
    if found is None or found.survey_id != survey_id:
        raise errors.InvestigationNotFound
    row = await lives.organisation(session, survey_id, found.organisation_id)
    actor.demand(Scope.RATING_RUN, row.area_path if row else None, found.organisation_id)
    if found.status != InvestigationStatus.OPEN:
        raise errors.InvestigationDecided
    found.status, found.decision = InvestigationStatus.DECIDED.value, body.decision.value
    found.grounds, found.decided_at, found.decided_by = body.grounds.model_dump(), now, actor.principal
    found.updated_at = now
    await session.flush()
    await outbox.add(
        session,
        outbox.Event(
            kind="survey_investigation.decided",
            subject="survey_investigation",
            subject_id=found.id,
            data={
                "survey_id": str(survey_id),
                "organisation_id": str(found.organisation_id),
                "decision": body.decision.value,
            },
        ),
    )
    return read(found)


async def get_investigation(session: AnySession, survey_id: UUID, investigation_id: UUID) -> InvestigationRead:
    """One investigation. Raises `InvestigationNotFound`."""
    found = await results.investigation_by_id(session, investigation_id)
    if found is None or found.survey_id != survey_id:
        raise errors.InvestigationNotFound
    return read(found)


async def page_investigations(
    session: AnySession, survey_id: UUID, *, status: str | None, after: Sequence[Any] | None, limit: int
) -> list[InvestigationRead]:
    """Up to `limit` investigations, the latest first. Raises `SurveyNotFound`."""
    await find(session, survey_id)
    found = await results.investigations(session, survey_id, status=status, after=after, limit=limit)
    return [read(one) for one in found]


async def count_investigations(session: AnySession, survey_id: UUID, *, status: str | None) -> int:
    """How many there are."""
    return await results.count_investigations(session, survey_id, status=status)


def read(found: SurveyInvestigation) -> InvestigationRead:
    """The investigation as a body."""
    return InvestigationRead.model_validate(
        {
            **{name: getattr(found, name) for name in InvestigationRead.model_fields if name != "opened_at"},
            "opened_at": found.created_at,
        }
    )
