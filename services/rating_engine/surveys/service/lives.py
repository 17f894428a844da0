"""Surveys from draft to closing."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.surveys import errors, rules
from services.rating_engine.surveys.models import Survey
from services.rating_engine.surveys.repository import lives
from services.rating_engine.surveys.rules import MACHINE, SurveyAction
from shared import jobs, outbox
from shared.db.engine import Database
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError
from shared.schemas.base import LocalisedText
from shared.schemas.rating.surveys import (
    SurveyCreate,
    SurveyItem,
    SurveyRead,
    SurveyStatus,
    SurveyUpdate,
)

JOB_KIND = "survey_tally"
_KEY_BYTES = 32
_DUE_A_TURN = 20


async def create(session: WriteSession, body: SurveyCreate, *, now: datetime) -> SurveyRead:
    """Note a survey down as a draft."""
    survey = Survey(
        **body.model_dump(mode="json", exclude={"opens_at", "closes_at"}),
        opens_at=body.opens_at,
        closes_at=body.closes_at,
        status=SurveyStatus.DRAFT.value,
        created_at=now,
        updated_at=now,
    )
    session.add(survey)
    await session.flush()
    return read(survey)


async def held(session: WriteSession, survey_id: UUID) -> int:
    """The survey's version, which stays until this transaction ends. Raises `SurveyNotFound`."""
    return (await claim(session, survey_id)).version


async def update(session: WriteSession, survey_id: UUID, body: SurveyUpdate, *, now: datetime) -> SurveyRead:
    """Change a draft. Raises `SurveyNotFound`, `SurveyStepRefused`, `SurveyIncomplete` for times in the wrong order."""
    survey = await claim(session, survey_id)
    if survey.status != SurveyStatus.DRAFT:
        raise errors.SurveyStepRefused(status=survey.status)
    opens_at, closes_at = body.opens_at or survey.opens_at, body.closes_at or survey.closes_at
    if not opens_at < closes_at:
        raise errors.SurveyIncomplete(errors=[FieldError("/closes_at", "time_over", errors.TIME_OVER)])
    for name, value in body.model_dump(mode="json", exclude={"opens_at", "closes_at"}, exclude_none=True).items():
        setattr(survey, name, value)
    survey.opens_at, survey.closes_at, survey.updated_at = opens_at, closes_at, now
    await session.flush()
    return read(survey)


async def get(session: AnySession, survey_id: UUID, *, drafts: bool = True) -> SurveyRead:
    """One survey; a draft only for those who may see drafts. Raises `SurveyNotFound`."""
    survey = await find(session, survey_id)
    if survey.status == SurveyStatus.DRAFT and not drafts:
        raise errors.SurveyNotFound
    return read(survey)


async def page(
    session: AnySession,
    *,
    status: str | None,
    period: str | None,
    drafts: bool,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Survey]:
    """Up to `limit` surveys, the latest first."""
    return await lives.page(session, status=status, period=period, drafts=drafts, after=after, limit=limit)


async def count(session: AnySession, *, status: str | None, period: str | None, drafts: bool) -> int:
    """How many there are."""
    return await lives.count(session, status=status, period=period, drafts=drafts)


async def open_(session: WriteSession, survey_id: UUID, *, now: datetime) -> SurveyRead:
    """From now on questions and frame stand, and ballots are taken between its instants.

    Raises `SurveyNotFound`, `SurveyStepRefused`, `SurveyIncomplete`.
    """
    survey = await claim(session, survey_id)
    demand(survey, SurveyAction.OPEN)
    _, population = await lives.size(session, survey_id)
    missing = rules.missing_to_open(
        LocalisedText.model_validate(survey.title),
        items_of(survey),
        population=population,
        closes_at=survey.closes_at,
        now=now,
    )
    if missing:
        raise errors.SurveyIncomplete(errors=missing)
    survey.status, survey.updated_at = SurveyStatus.OPEN.value, now
    await lives.keep_key(session, survey_id, secrets.token_bytes(_KEY_BYTES))
    return await told(session, survey, "opened")


async def close(session: WriteSession, survey_id: UUID, *, now: datetime) -> tuple[SurveyRead, UUID]:
    """Take no more ballots, for good, and have them counted; the survey and the job.

    One that is closed and not counted, because its job was cancelled or failed, gets another job.
    Raises `SurveyNotFound`, `SurveyStepRefused`.
    """
    await lives.stand_alone(session, survey_id)
    survey = await claim(session, survey_id)
    job_id = await jobs.enqueue(session, kind=JOB_KIND, arguments={"survey_id": str(survey_id)}, now=now)
    if survey.status == SurveyStatus.CLOSED and survey.tallied_at is None:
        return read(survey), job_id
    demand(survey, SurveyAction.CLOSE)
    survey.status, survey.updated_at = SurveyStatus.CLOSED.value, now
    if survey.opens_at < now < survey.closes_at:
        survey.closes_at = now
    return await told(session, survey, "closed"), job_id


async def close_due(database: Database, *, now: datetime) -> int:
    """Close the surveys whose instant has come, each in a transaction of its own; how many they were."""
    async with database.reading() as reading:
        due = await lives.due(reading, now=now, limit=_DUE_A_TURN)
    closed = 0
    for survey_id in due:
        async with database.writing() as session:
            await lives.stand_alone(session, survey_id)  # before the row, as `close` does, or both would wait
            survey = await claim(session, survey_id)
            if survey.status == SurveyStatus.OPEN:
                await close(session, survey_id, now=now)
                closed += 1
    return closed


async def find(session: AnySession, survey_id: UUID) -> Survey:
    """The survey's row. Raises `SurveyNotFound`."""
    survey = await lives.get(session, survey_id)
    if survey is None:
        raise errors.SurveyNotFound
    return survey


async def claim(session: WriteSession, survey_id: UUID) -> Survey:
    """The survey's row, held. Raises `SurveyNotFound`."""
    survey = await lives.get_for_change(session, survey_id)
    if survey is None:
        raise errors.SurveyNotFound
    return survey


def demand(survey: Survey, action: SurveyAction) -> None:
    """Raise `SurveyStepRefused` unless the machine has this move."""
    if not MACHINE.allows(action, SurveyStatus(survey.status)):
        raise errors.SurveyStepRefused(status=survey.status)


def items_of(survey: Survey) -> list[SurveyItem]:
    """The questions, in order."""
    return [SurveyItem.model_validate(raw) for raw in survey.items]


async def told(session: WriteSession, survey: Survey, happened: str) -> SurveyRead:
    """The survey as a body, and to others as an event without questions."""
    await session.flush()
    body = read(survey)
    await outbox.add(
        session,
        outbox.Event(
            kind=f"survey.{happened}",
            subject="survey",
            subject_id=survey.id,
            data=body.model_dump(mode="json", exclude={"items", "version", "allowed_actions"}),
        ),
    )
    return body


def read(survey: Survey) -> SurveyRead:
    """The survey as a body."""
    fields = {
        name: getattr(survey, name) for name in SurveyRead.model_fields if name not in {"tallied", "allowed_actions"}
    }
    actions = [action.value for action in MACHINE.commands(SurveyStatus(survey.status))]
    if survey.tallied_at is None:
        actions = [action for action in actions if action != SurveyAction.PUBLISH]
    return SurveyRead.model_validate({**fields, "tallied": survey.tallied_at is not None, "allowed_actions": actions})
