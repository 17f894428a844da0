"""Results, totals and investigations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Select,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.rating_engine.surveys.models import (
    Survey,
    SurveyInvestigation,
    SurveyOrganisation,
    SurveyResult,
    SurveyTotal,
)
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

_LATEST = (
    keyset.Key(SurveyInvestigation.created_at, descending=True),
    keyset.Key(SurveyInvestigation.id, descending=True),
)
Row = tuple[SurveyOrganisation, SurveyResult]


async def tallied(session: AnySession, survey_id: UUID) -> set[UUID]:
    """The organisations whose ballots are counted."""
    return set(await session.scalars(select(SurveyResult.organisation_id).where(SurveyResult.survey_id == survey_id)))


async def keep(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    await session.execute(insert(SurveyResult), list(rows))


async def page(
    session: AnySession,
    survey_id: UUID,
    *,
    only: UUID | None = None,
    area: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Results beside the frame, by organisation id."""
    query = _matching(select(SurveyOrganisation).add_columns(SurveyResult), survey_id, only=only, area=area)
    if after is not None:
        query = query.where(SurveyResult.organisation_id > after)
    rows = await session.execute(query.order_by(SurveyResult.organisation_id).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def count(session: AnySession, survey_id: UUID, *, only: UUID | None, area: str | None) -> int:
    query = _matching(select(func.count()).select_from(SurveyResult), survey_id, only=only, area=area)
    return int(await session.scalar(query) or 0)


def _matching(query: Select[Any], survey_id: UUID, *, only: UUID | None, area: str | None) -> Select[Any]:
    return query.join(
        SurveyOrganisation,
        (SurveyOrganisation.survey_id == SurveyResult.survey_id)
        & (SurveyOrganisation.organisation_id == SurveyResult.organisation_id),
    ).where(
        SurveyResult.survey_id == survey_id,
        SurveyResult.organisation_id == only if only is not None else true(),
        SurveyOrganisation.area_path.contains([area]) if area is not None else true(),
    )


async def one(session: AnySession, survey_id: UUID, organisation_id: UUID) -> SurveyResult | None:
    return await session.get(SurveyResult, (survey_id, organisation_id))


_SHOW = text(
    """
    UPDATE survey_results SET variant = told.variant, shown = told.shown
    FROM unnest(CAST(:ids AS uuid[]), CAST(:variants AS text[]), CAST(:shown AS boolean[])) AS told (id, variant, shown)
    WHERE survey_results.survey_id = :survey AND survey_results.organisation_id = told.id
    """
).bindparams(
    bindparam("survey", type_=Uuid),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("variants", type_=ARRAY(Text)),
    bindparam("shown", type_=ARRAY(Boolean)),
)


async def show(session: WriteSession, survey_id: UUID, told: Mapping[UUID, tuple[str, bool]]) -> None:
    """Which ballots count for each organisation, and whether its figures are shown."""
    await session.execute(
        _SHOW,
        {
            "survey": survey_id,
            "ids": list(told),
            "variants": [variant for variant, _ in told.values()],
            "shown": [shown for _, shown in told.values()],
        },
    )


async def keep_totals(session: WriteSession, survey_id: UUID, documents: Mapping[str, Mapping[str, Any]]) -> None:
    await session.execute(delete(SurveyTotal).where(SurveyTotal.survey_id == survey_id))
    rows = [{"survey_id": survey_id, "area": area, "document": dict(told)} for area, told in documents.items()]
    await session.execute(insert(SurveyTotal), rows)


async def totals(session: AnySession, survey_id: UUID) -> dict[str, Mapping[str, Any]]:
    query = select(SurveyTotal.area, SurveyTotal.document).where(SurveyTotal.survey_id == survey_id)
    return {row[0]: row[1] for row in await session.execute(query.order_by(SurveyTotal.area.collate("C")))}


@dataclass(frozen=True, slots=True)
class Score:
    """What counts of one organisation, without its questions: a country's worth of these is read at once."""

    organisation_id: UUID
    area_path: Sequence[str]
    population: int
    shown: bool
    scores: Mapping[str, Mapping[str, Any] | None]
    """The estimate of each variant that was asked for."""


def _scores(*variants: str | ColumnElement[str]) -> list[Any]:
    return [
        SurveyOrganisation.organisation_id,
        SurveyOrganisation.area_path,
        SurveyOrganisation.population,
        SurveyResult.shown,
        *(func.jsonb_extract_path(SurveyResult.figures, variant, "score", type_=JSONB) for variant in variants),
    ]


async def scores(session: AnySession, survey_id: UUID, *, variants: Sequence[str]) -> list[Score]:
    """The scores of all organisations of a survey, by organisation id."""
    query = _matching(select(*_scores(*variants)).select_from(SurveyResult), survey_id, only=None, area=None)
    rows = await session.execute(query.order_by(SurveyResult.organisation_id))
    return [Score(row[0], row[1], row[2], row[3], dict(zip(variants, row[4:], strict=True))) for row in rows]


async def published(
    session: AnySession,
    *,
    period: str,
    organisation_type: str,
    known_at: datetime | None,
    area: str | None,
    name: str,
) -> list[Score]:
    """The scores that count in ratings of a period, under `name`: of each organisation those published last."""
    query = (
        select(*_scores(SurveyResult.variant.expression))
        .select_from(SurveyResult)
        .join(
            SurveyOrganisation,
            (SurveyOrganisation.survey_id == SurveyResult.survey_id)
            & (SurveyOrganisation.organisation_id == SurveyResult.organisation_id),
        )
        .join(Survey, Survey.id == SurveyResult.survey_id)
        .where(
            Survey.status == "published",
            Survey.period == period,
            Survey.organisation_type == organisation_type,
            Survey.published_at <= known_at if known_at is not None else true(),
            SurveyOrganisation.area_path.contains([area]) if area is not None else true(),
        )
        .distinct(SurveyResult.organisation_id)
        .order_by(SurveyResult.organisation_id, Survey.published_at.desc(), Survey.id.desc())
    )
    return [Score(row[0], row[1], row[2], row[3], {name: row[4]}) for row in await session.execute(query)]


async def investigation(session: AnySession, survey_id: UUID, organisation_id: UUID) -> SurveyInvestigation | None:
    query = select(SurveyInvestigation).where(
        SurveyInvestigation.survey_id == survey_id, SurveyInvestigation.organisation_id == organisation_id
    )
    return await session.scalar(query)


async def investigation_for_change(session: WriteSession, investigation_id: UUID) -> SurveyInvestigation | None:
    query = select(SurveyInvestigation).where(SurveyInvestigation.id == investigation_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def investigation_by_id(session: AnySession, investigation_id: UUID) -> SurveyInvestigation | None:
    return await session.get(SurveyInvestigation, investigation_id)


async def investigations(
    session: AnySession,
    survey_id: UUID,
    *,
    status: str | None = None,
    after: Sequence[Any] | None = None,
    limit: int | None = None,
) -> list[SurveyInvestigation]:
    """The latest first."""
    query = select(SurveyInvestigation).where(SurveyInvestigation.survey_id == survey_id)
    if status is not None:
        query = query.where(SurveyInvestigation.status == status)
    if after is not None:
        query = query.where(keyset.after(_LATEST, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(_LATEST)).limit(limit)))


async def count_investigations(session: AnySession, survey_id: UUID, *, status: str | None) -> int:
    query = select(func.count()).select_from(SurveyInvestigation).where(SurveyInvestigation.survey_id == survey_id)
    return int(
        await session.scalar(query if status is None else query.where(SurveyInvestigation.status == status)) or 0
    )
