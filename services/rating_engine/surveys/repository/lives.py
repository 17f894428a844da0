"""Surveys, their keys and their frames."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, false, func, insert, or_, select, text

from services.rating_engine.surveys.models import Survey, SurveyKey, SurveyOrganisation, SurveyToken
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

Reach = tuple[str | None, UUID | None]
"""The area and the organisation that a caller reaches."""
_LATEST = (keyset.Key(Survey.created_at, descending=True), keyset.Key(Survey.id, descending=True))


async def get(session: AnySession, survey_id: UUID) -> Survey | None:
    return await session.get(Survey, survey_id)


async def get_for_change(session: WriteSession, survey_id: UUID) -> Survey | None:
    query = select(Survey).where(Survey.id == survey_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def page(
    session: AnySession,
    *,
    status: str | None,
    period: str | None,
    drafts: bool,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Survey]:
    query = _matching(select(Survey), status=status, period=period, drafts=drafts)
    if after is not None:
        query = query.where(keyset.after(_LATEST, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(_LATEST)).limit(limit)))


async def count(session: AnySession, *, status: str | None, period: str | None, drafts: bool) -> int:
    query = _matching(select(func.count()).select_from(Survey), status=status, period=period, drafts=drafts)
    return int(await session.scalar(query) or 0)


def _matching(query: Select[Any], *, status: str | None, period: str | None, drafts: bool) -> Select[Any]:
    if status is not None:
        query = query.where(Survey.status == status)
    if period is not None:
        query = query.where(Survey.period == period)
    return query if drafts else query.where(Survey.status != "draft")


async def due(session: AnySession, *, now: datetime, limit: int) -> list[UUID]:
    """Open surveys whose closing instant has passed."""
    query = select(Survey.id).where(Survey.status == "open", Survey.closes_at <= now)
    return list(await session.scalars(query.order_by(Survey.closes_at).limit(limit)))


async def stand_aside(session: WriteSession, survey_id: UUID) -> None:
    """Ballots of a survey stand side by side here; who closes it waits for those that are being put in."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock_shared(hashtextextended('surveys:' || :survey, 0))"),
        {"survey": str(survey_id)},
    )


async def stand_alone(session: WriteSession, survey_id: UUID) -> None:
    """No ballot is put in until this transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('surveys:' || :survey, 0))"), {"survey": str(survey_id)}
    )


async def key_of(session: AnySession, survey_id: UUID) -> bytes | None:
    return await session.scalar(select(SurveyKey.key).where(SurveyKey.survey_id == survey_id))


async def keep_key(session: WriteSession, survey_id: UUID, key: bytes) -> None:
    await session.execute(insert(SurveyKey).values(survey_id=survey_id, key=key))


async def forget_key(session: WriteSession, survey_id: UUID) -> None:
    """Nobody can sign a form or try out a network any more, nor use a token that was left over."""
    await session.execute(delete(SurveyKey).where(SurveyKey.survey_id == survey_id))
    await session.execute(delete(SurveyToken).where(SurveyToken.survey_id == survey_id))


async def replace_frame(session: WriteSession, survey_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
    await session.execute(delete(SurveyOrganisation).where(SurveyOrganisation.survey_id == survey_id))
    await session.execute(insert(SurveyOrganisation), [{"survey_id": survey_id, **row} for row in rows])


async def size(session: AnySession, survey_id: UUID) -> tuple[int, int]:
    """Organisations and persons in the frame."""
    query = select(func.count(), func.coalesce(func.sum(SurveyOrganisation.population), 0))
    row = (await session.execute(query.where(SurveyOrganisation.survey_id == survey_id))).one()
    return int(row[0]), int(row[1])


async def organisation(session: AnySession, survey_id: UUID, organisation_id: UUID) -> SurveyOrganisation | None:
    return await session.get(SurveyOrganisation, (survey_id, organisation_id))


async def organisations(
    session: AnySession,
    survey_id: UUID,
    *,
    reach: Reach | None = None,
    only: UUID | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[SurveyOrganisation]:
    """The frame by organisation id, as far as `reach` goes."""
    query = _within(select(SurveyOrganisation), survey_id, reach, only)
    if after is not None:
        query = query.where(SurveyOrganisation.organisation_id > after)
    return list(await session.scalars(query.order_by(SurveyOrganisation.organisation_id).limit(limit)))


async def count_organisations(session: AnySession, survey_id: UUID, *, reach: Reach | None, only: UUID | None) -> int:
    query = _within(select(func.count()).select_from(SurveyOrganisation), survey_id, reach, only)
    return int(await session.scalar(query) or 0)


def _within(query: Select[Any], survey_id: UUID, reach: Reach | None, only: UUID | None) -> Select[Any]:
    query = query.where(SurveyOrganisation.survey_id == survey_id)
    if only is not None:
        query = query.where(SurveyOrganisation.organisation_id == only)
    if reach is None:
        return query
    area, own = reach
    return query.where(
        or_(
            SurveyOrganisation.area_path.contains([area]) if area is not None else false(),
            SurveyOrganisation.organisation_id == own if own is not None else false(),
        )
    )
