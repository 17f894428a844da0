"""Putting the results of a survey before the public: which ballots count, and which figures may stand side by side."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.core.voice import tallies
from services.rating_engine.core.voice.tallies import Estimate
from services.rating_engine.surveys import errors, figures, rules
from services.rating_engine.surveys.repository import results
from services.rating_engine.surveys.rules import SurveyAction
from services.rating_engine.surveys.service.lives import claim, demand, told
from services.rating_engine.surveys.service.results import estimate_read
from shared.db.sessions import WriteSession
from shared.schemas.rating.survey_results import Decision, SurveyAreaResult, Withheld
from shared.schemas.rating.surveys import SurveyRead, SurveyStatus

EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """One organisation as it goes into totals."""

    organisation_id: UUID
    area: str
    population: int
    estimate: Estimate | None

    @property
    def n(self) -> int:
        return self.estimate.n if self.estimate else 0


async def publish(session: WriteSession, survey_id: UUID, *, now: datetime) -> SurveyRead:
    """Freeze what the survey came to, by the decisions that were taken.

    Raises `SurveyNotFound`, `SurveyStepRefused`, `SurveyNotTallied`, `InvestigationsOpen`.
    """
    survey = await claim(session, survey_id)
    demand(survey, SurveyAction.PUBLISH)
    if survey.tallied_at is None:
        raise errors.SurveyNotTallied
    looked_into = await results.investigations(session, survey_id)
    undecided = sum(one.decision is None for one in looked_into)
    if undecided:
        raise errors.InvestigationsOpen(count=undecided)
    left_out = {one.organisation_id for one in looked_into if one.decision == Decision.EXCLUDE}
    rows = await results.scores(session, survey_id, variants=(figures.ALL, figures.UNMARKED))
    variants = {
        row.organisation_id: figures.UNMARKED if row.organisation_id in left_out else figures.ALL for row in rows
    }
    counted = [
        Counted(
            row.organisation_id,
            row.area_path[-1] if row.area_path else EVERYWHERE,
            row.population,
            figures.estimate_of(row.scores[variants[row.organisation_id]]),
        )
        for row in rows
    ]
    paths = [row.area_path for row in rows]
    shown, documents = await asyncio.to_thread(totals_of, counted, paths)
    await results.show(session, survey_id, {one: (variant, str(one) in shown) for one, variant in variants.items()})
    await results.keep_totals(session, survey_id, documents)
    survey.status, survey.published_at, survey.updated_at = SurveyStatus.PUBLISHED.value, now, now
    return await told(session, survey, "published")


def totals_of(
    counted: Sequence[Counted], paths: Sequence[Sequence[str]]
) -> tuple[set[str], dict[str, Mapping[str, Any]]]:
    """Which organisations may be shown, and the totals of areas: one tree, from everywhere down to organisations."""
    parents: dict[str, str | None] = {EVERYWHERE: None}
    for path in paths:
        for above, area in zip([EVERYWHERE, *path], path, strict=False):
            parents.setdefault(area, above)
    for one in counted:
        parents[str(one.organisation_id)] = one.area
    shown = tallies.protected(parents, {str(one.organisation_id): one.n for one in counted}, least=rules.MIN_N)
    below: dict[str, list[Counted]] = {}
    for one in counted:
        node: str | None = one.area
        while node is not None:
            below.setdefault(node, []).append(one)
            node = parents[node]
    documents: dict[str, Mapping[str, Any]] = {
        area: _total(area, inside, is_shown=area in shown) for area, inside in sorted(below.items())
    }
    documents.setdefault(EVERYWHERE, _total(EVERYWHERE, counted, is_shown=False))
    return {str(one.organisation_id) for one in counted} & shown, documents


def _total(area: str, inside: Sequence[Counted], *, is_shown: bool) -> dict[str, Any]:
    n, population = sum(one.n for one in inside), sum(one.population for one in inside)
    estimates = [one.estimate for one in inside if one.estimate is not None]
    told = SurveyAreaResult(
        area=area or None,
        organisations=len(inside),
        population=population,
        n=n,
        response_rate=100.0 * n / population,
        satisfaction=estimate_read(tallies.pooled(estimates)) if is_shown else None,
        reason=None if is_shown else Withheld.BELOW_MIN_N if n < rules.MIN_N else Withheld.PROTECTS_ANOTHER,
    )
    return told.model_dump(mode="json")
