"""What the answers amount to, where enough have answered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.feedback import repository, rules
from services.training_api.feedback.models import FeedbackRound
from services.training_api.feedback.repository import Answer
from services.training_api.feedback.service.planning import find, items_asked, read
from services.training_api.intervals import Interval, share_interval
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared.auth import Actor
from shared.db.sessions import AnySession
from shared.schemas.base import TextOut
from shared.schemas.training.feedback import (
    AnswersResult,
    Estimate,
    FeedbackOpinions,
    FeedbackResults,
    FeedbackTrend,
    GuskeyLevel,
    ItemKind,
    ItemResult,
    LevelAt,
    LevelResult,
    QuestionnaireItem,
    RoundStatus,
    Suppressed,
    VenueResult,
)
from shared.schemas.training.ids import CohortId, VenueId


async def results(session: AnySession, round_id: UUID) -> FeedbackResults:
    """The results of a round that is closed: of one that is open, each new answer could be worked out.

    Raises `FeedbackRoundNotFound`.
    """
    round_ = await find(session, round_id)
    invited = (await repository.invited(session, [round_id])).get(round_id, 0)
    body = read(round_, invited)
    reason, answers = await _of_round(session, round_)
    if reason is not None:
        return FeedbackResults(round=body, min_n=rules.MIN_N, response_rate=None, result=None, reason=reason, venues=[])
    items = await items_asked(session, round_)
    sizes = Counter(answer.venue_id for answer in answers if answer.venue_id is not None)
    shown = rules.shown(len(answers), sizes)
    venues = []
    labelled = set(await repository.labelled(session, round_id)) if len(await _places(session, round_)) > 1 else set()
    for venue_id in sorted(labelled):
        is_shown = venue_id in shown
        hidden = Suppressed.BELOW_MIN_N if sizes[venue_id] < rules.MIN_N else Suppressed.PROTECTS_ANOTHER
        of_venue = [answer.scores for answer in answers if answer.venue_id == venue_id]
        venues.append(
            VenueResult(
                venue_id=VenueId(venue_id),
                result=_figures(items, of_venue) if is_shown else None,
                reason=None if is_shown else hidden,
            )
        )
    return FeedbackResults(
        round=body,
        min_n=rules.MIN_N,
        response_rate=_estimate(share_interval(len(answers), invited)),
        result=_figures(items, [answer.scores for answer in answers]),
        reason=None,
        venues=venues,
    )


async def opinions(session: AnySession, actor: Actor, round_id: UUID) -> FeedbackOpinions:
    """What was written, for those who manage the course. Raises `FeedbackRoundNotFound`, `OutOfReach`."""
    round_ = await find(session, round_id)
    run = await cohorts.run_of(session, round_.cohort_id)
    await providers.demand(session, actor, (await programmes.taught(session, run.programme_id)).provider_id)
    reason, answers = await _of_round(session, round_)
    if reason is not None:
        return FeedbackOpinions(items={}, reason=reason)
    texts = [item.code for item in await items_asked(session, round_) if item.kind is ItemKind.TEXT]
    # In the order of the alphabet: two texts of one answer stand at places that have nothing to do with each other.
    return FeedbackOpinions(
        items={code: sorted(answer.texts[code] for answer in answers if code in answer.texts) for code in texts},
        reason=None,
    )


async def trend(session: AnySession, cohort_id: UUID) -> FeedbackTrend:
    """How the levels change from wave to wave. Raises `CohortNotFound`."""
    await cohorts.run_of(session, cohort_id)
    rounds = await repository.rounds_of(session, cohort_id)
    told = [(round_, await items_asked(session, round_), *await _of_round(session, round_)) for round_ in rounds]
    items = []
    for level in GuskeyLevel:
        first: tuple[list[QuestionnaireItem], list[Answer]] | None = None
        for round_, asked, reason, answers in told:
            of_level = [item for item in rules.scales(asked) if item.level is level]
            if not of_level:
                continue
            if reason is not None:
                items.append(
                    LevelAt(level=level, wave=round_.wave, n=None, mean=None, change=None, items=[], reason=reason)
                )
                continue
            (figures,) = rules.of_levels(of_level, [answer.scores for answer in answers])
            common = _common(first[0], of_level) if first else []
            items.append(
                LevelAt(
                    level=level,
                    wave=round_.wave,
                    n=len(answers),
                    mean=_estimate(figures.mean),
                    change=_estimate(
                        rules.change(
                            common, [answer.scores for answer in first[1]], [answer.scores for answer in answers]
                        )
                    )
                    if first and common
                    else None,
                    items=[item.code for item in common],
                    reason=None,
                )
            )
            first = first or (of_level, answers)
    return FeedbackTrend(cohort_id=CohortId(cohort_id), items=items)


async def _of_round(session: AnySession, round_: FeedbackRound) -> tuple[Suppressed | None, list[Answer]]:
    """The answers, or why they are not shown."""
    if round_.status is not RoundStatus.CLOSED:
        return Suppressed.NOT_CLOSED, []
    answers = (await repository.answers(session, [round_.id]))[round_.id]
    return (Suppressed.BELOW_MIN_N, []) if len(answers) < rules.MIN_N else (None, answers)


async def _places(session: AnySession, round_: FeedbackRound) -> Sequence[object]:
    return await cohorts.places_of(session, round_.cohort_id)


def _common(before: Sequence[QuestionnaireItem], after: Sequence[QuestionnaireItem]) -> list[QuestionnaireItem]:
    codes = {item.code for item in before}
    return [item for item in after if item.code in codes]


def _figures(items: Sequence[QuestionnaireItem], answers: Sequence[Mapping[str, Any]]) -> AnswersResult:
    return AnswersResult(
        n=len(answers),
        items=[
            ItemResult(
                code=one.item.code,
                level=one.item.level,
                text=TextOut.model_validate(one.item.text),
                mean=_estimate(one.mean),
                favourable=_estimate(one.favourable),
            )
            for one in rules.of_items(items, answers)
        ],
        levels=[
            LevelResult(level=one.level, items=one.items, mean=_estimate(one.mean))
            for one in rules.of_levels(items, answers)
        ],
    )


def _estimate(found: Interval) -> Estimate:
    return Estimate(value=found.value, low=found.low, high=found.high)
