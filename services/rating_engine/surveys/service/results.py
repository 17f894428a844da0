"""What a survey came to: for the public after publication, for those who run it before."""

from typing import Any
from uuid import UUID

from services.rating_engine.core.voice import tallies
from services.rating_engine.core.voice.tallies import Estimate
from services.rating_engine.surveys import errors, figures, rules
from services.rating_engine.surveys.models import SurveyOrganisation, SurveyResult
from services.rating_engine.surveys.repository import results
from services.rating_engine.surveys.service.lives import find, items_of
from shared.db.sessions import AnySession
from shared.schemas.base import TextOut
from shared.schemas.rating.survey_results import (
    InvestigationStatus,
    Screen,
    ScreenCount,
    ScreenedOrganisation,
    SurveyAreaResult,
    SurveyEstimate,
    SurveyItemResult,
    SurveyOrganisationResult,
    SurveyRaking,
    SurveyTotals,
    Withheld,
)
from shared.schemas.rating.surveys import SurveyItem, SurveyItemKind, SurveyStatus


async def page_results(
    session: AnySession,
    survey_id: UUID,
    *,
    only: UUID | None,
    area: str | None,
    after: UUID | None,
    limit: int,
) -> list[SurveyOrganisationResult]:
    """Published results by organisation id. Raises `SurveyNotFound`, `SurveyNotPublished`."""
    items = await _published(session, survey_id)
    rows = await results.page(session, survey_id, only=only, area=area, after=after, limit=limit)
    return [_result(row, result, items) for row, result in rows]


async def count_results(session: AnySession, survey_id: UUID, *, only: UUID | None, area: str | None) -> int:
    """How many there are."""
    return await results.count(session, survey_id, only=only, area=area)


async def totals(session: AnySession, survey_id: UUID) -> SurveyTotals:
    """The whole, and areas; they never change. Raises `SurveyNotFound`, `SurveyNotPublished`."""
    await _published(session, survey_id)
    found = {
        area: SurveyAreaResult.model_validate(told) for area, told in (await results.totals(session, survey_id)).items()
    }
    overall = found.pop("")
    return SurveyTotals(survey_id=survey_id, min_n=rules.MIN_N, overall=overall, areas=list(found.values()))


async def screens(
    session: AnySession, survey_id: UUID, *, only: UUID | None, after: UUID | None, limit: int
) -> list[ScreenedOrganisation]:
    """What the screens say, by organisation id. Raises `SurveyNotFound`, `SurveyNotTallied`."""
    survey = await find(session, survey_id)
    if survey.tallied_at is None:
        raise errors.SurveyNotTallied
    rows = await results.page(session, survey_id, only=only, after=after, limit=limit)
    looked_into = {one.organisation_id: one.status for one in await results.investigations(session, survey_id)}
    return [
        ScreenedOrganisation(
            organisation_id=row.organisation_id,
            name=TextOut.model_validate(row.name),
            ballots=result.ballots,
            marked=result.marked,
            screens=[
                ScreenCount(screen=Screen(screen), ballots=number) for screen, number in sorted(result.screens.items())
            ],
            with_marked=_from_ten_on(_score(result, figures.ALL)),
            without_marked=None if _tells_of_few(result) else _from_ten_on(_score(result, figures.UNMARKED)),
            differs=result.differs,
            investigation=InvestigationStatus(looked_into[row.organisation_id])
            if row.organisation_id in looked_into
            else None,
        )
        for row, result in rows
    ]


def estimate_read(found: Estimate) -> SurveyEstimate:
    """An estimate as a body."""
    return SurveyEstimate(
        value=min(100.0, max(0.0, found.value)),
        n=found.n,
        variance=found.variance,
        margin=found.margin,
        low=found.low,
        high=found.high,
    )


async def _published(session: AnySession, survey_id: UUID) -> list[SurveyItem]:
    survey = await find(session, survey_id)
    if survey.status == SurveyStatus.DRAFT:
        raise errors.SurveyNotFound
    if survey.status != SurveyStatus.PUBLISHED:
        raise errors.SurveyNotPublished
    return items_of(survey)


def _score(result: SurveyResult, variant: str) -> Estimate | None:
    return figures.estimate_of(result.figures[variant].get("score"))


def _tells_of_few(result: SurveyResult) -> bool:
    """Means with marked ballots and without, side by side, tell what the marked say: they are nobody, or enough."""
    return 0 < result.marked < rules.MIN_N or (result.marked > 0 and result.ballots - result.marked < rules.MIN_N)


def _from_ten_on(found: Estimate | None) -> SurveyEstimate | None:
    return None if found is None or found.n < rules.MIN_N else estimate_read(found)


def _result(row: SurveyOrganisation, result: SurveyResult, items: list[SurveyItem]) -> SurveyOrganisationResult:
    told = result.figures[result.variant]
    score = _score(result, result.variant)
    n = score.n if score else 0
    reason = None if result.shown else Withheld.BELOW_MIN_N if n < rules.MIN_N else Withheld.PROTECTS_ANOTHER
    pair = result.shown and not _tells_of_few(result)
    return SurveyOrganisationResult(
        organisation_id=row.organisation_id,
        name=TextOut.model_validate(row.name),
        population=row.population,
        n=n,
        response_rate=100.0 * n / row.population,
        satisfaction=estimate_read(score) if result.shown and score else None,
        reason=reason,
        marked_out=result.variant == figures.UNMARKED,
        with_marked=_from_ten_on(_score(result, figures.ALL)) if pair else None,
        without_marked=_from_ten_on(_score(result, figures.UNMARKED)) if pair else None,
        marked_reason=reason if reason or pair else Withheld.PROTECTS_FEW,
        differs=result.differs if result.shown else None,
        raking=SurveyRaking.model_validate(told["raking"]) if result.shown else None,
        items=[_item(item, told["items"][place]) for place, item in enumerate(items)] if result.shown else [],
    )


def _item(item: SurveyItem, told: dict[str, Any]) -> SurveyItemResult:
    counts: list[int] = told["counts"]
    found = figures.estimate_of(told["estimate"])
    estimate = estimate_read(found) if found else None
    is_coded = False
    if found is not None and item.kind is SurveyItemKind.YES_NO:
        share = tallies.coded(found.value, found.n)
        is_coded = share != found.value
        if is_coded:
            estimate = SurveyEstimate(value=share, n=found.n, variance=None, margin=None, low=None, high=None)
    return SurveyItemResult(
        code=item.code,
        kind=item.kind,
        estimate=estimate,
        coded=is_coded,
        distribution=dict(zip(rules.labels(item), counts, strict=True))
        if tallies.cells_allow(counts, rules.MIN_N)
        else None,
    )
