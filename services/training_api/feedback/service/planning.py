"""Questionnaires, and when each cohort is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.feedback import errors, repository, rules
from services.training_api.feedback.models import FeedbackQuestionnaire, FeedbackRound
from shared import outbox
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.feedback import (
    FeedbackRoundQuery,
    FeedbackRoundRead,
    FeedbackScheduleCreate,
    FeedbackWave,
    QuestionnaireCreate,
    QuestionnaireItem,
    QuestionnaireQuery,
    QuestionnaireRead,
    RoundStatus,
)


async def write_questionnaire(
    session: WriteSession, actor: Actor, body: QuestionnaireCreate, *, now: datetime
) -> QuestionnaireRead:
    """Write the next version. Raises `OutOfReach`: questionnaires are common to all providers of the country."""
    actor.demand(Scope.TRAINING_MANAGE, None)
    form = FeedbackQuestionnaire(
        code=body.code,
        number=await repository.last_questionnaire(session, body.code) + 1,
        title_kk=body.title.kk,
        title_ru=body.title.ru,
        title_en=body.title.en,
        items=[item.model_dump(mode="json") for item in body.items],
        created_at=now,
    )
    session.add(form)
    await session.flush()
    return _form(form)


async def get_questionnaire(session: AnySession, questionnaire_id: UUID) -> QuestionnaireRead:
    """One version. Raises `QuestionnaireNotFound`."""
    form = await repository.questionnaire(session, questionnaire_id)
    if form is None:
        raise errors.QuestionnaireNotFound
    return _form(form)


async def page_questionnaires(
    session: AnySession, query: QuestionnaireQuery, *, after: Sequence[Any] | None
) -> list[QuestionnaireRead]:
    """Versions by code and number."""
    return [_form(form) for form in await repository.questionnaires(session, query, after=after)]


async def count_questionnaires(session: AnySession, query: QuestionnaireQuery) -> int:
    """How many there are."""
    return await repository.count_questionnaires(session, query)


async def schedule(
    session: WriteSession, actor: Actor, body: FeedbackScheduleCreate, *, now: datetime
) -> list[FeedbackRoundRead]:
    """Plan the rounds of a cohort: at its end and 3, 6 and 12 months later, where the questionnaire asks something.

    Raises `CohortNotFound`, `OutOfReach`, `QuestionnaireUnknown`, `FeedbackScheduled`.
    """
    cohort = await cohorts.demand(session, actor, body.cohort_id, lock=True)
    form = await repository.questionnaire(session, body.questionnaire_id)
    if form is None:
        raise errors.QuestionnaireUnknown(pointer="/questionnaire_id")
    if await repository.rounds_of(session, cohort.id):
        raise errors.FeedbackScheduled
    for wave in FeedbackWave:
        if not rules.scales(rules.asked(items_of(form), wave)):
            continue
        first = rules.opens_on(cohort.ends_on, wave)
        session.add(
            FeedbackRound(
                cohort_id=cohort.id,
                questionnaire_id=form.id,
                wave=wave,
                opens_on=first,
                closes_on=first + timedelta(days=body.days_open - 1),
                status=RoundStatus.PLANNED,
                created_at=now,
                updated_at=now,
            )
        )
    await session.flush()
    return [await told(session, round_) for round_ in await repository.rounds_of(session, cohort.id)]


async def get(session: AnySession, round_id: UUID) -> FeedbackRoundRead:
    """One round. Raises `FeedbackRoundNotFound`."""
    round_ = await find(session, round_id)
    return read(round_, (await repository.invited(session, [round_id])).get(round_id, 0))


async def page(
    session: AnySession, query: FeedbackRoundQuery, *, after: Sequence[Any] | None
) -> list[FeedbackRoundRead]:
    """Rounds, the earliest first."""
    rounds = await repository.page(session, query, after=after)
    invited = await repository.invited(session, [one.id for one in rounds])
    return [read(one, invited.get(one.id, 0)) for one in rounds]


async def count(session: AnySession, query: FeedbackRoundQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


async def find(session: AnySession, round_id: UUID) -> FeedbackRound:
    """The round's row. Raises `FeedbackRoundNotFound`."""
    round_ = await repository.round_of(session, round_id)
    if round_ is None:
        raise errors.FeedbackRoundNotFound
    return round_


async def claim(session: WriteSession, actor: Actor, round_id: UUID) -> FeedbackRound:
    """The round, locked, if the caller manages its course. Raises `FeedbackRoundNotFound`, `OutOfReach`."""
    round_ = await repository.lock(session, round_id)
    if round_ is None:
        raise errors.FeedbackRoundNotFound
    await cohorts.demand(session, actor, round_.cohort_id)
    return round_


async def items_asked(session: AnySession, round_: FeedbackRound) -> list[QuestionnaireItem]:
    """The questions of the round, in order."""
    form = await repository.questionnaire(session, round_.questionnaire_id)
    assert form is not None
    return rules.asked(items_of(form), round_.wave)


def items_of(form: FeedbackQuestionnaire) -> list[QuestionnaireItem]:
    """All questions of a questionnaire."""
    return [QuestionnaireItem.model_validate(raw) for raw in form.items]


async def told(session: WriteSession, round_: FeedbackRound) -> FeedbackRoundRead:
    """The round as a body, and to others as an event."""
    await session.flush()
    body = read(round_, (await repository.invited(session, [round_.id])).get(round_.id, 0))
    kinds = {RoundStatus.OPEN: "opened"}
    await outbox.add(
        session,
        outbox.Event(
            kind=f"feedback_round.{kinds.get(round_.status, round_.status.value)}",
            subject="feedback_round",
            subject_id=round_.id,
            data=body.model_dump(mode="json", exclude={"invited", "version"}),
        ),
    )
    return body


def read(round_: FeedbackRound, invited: int) -> FeedbackRoundRead:
    """The round as a body."""
    return FeedbackRoundRead.model_validate(
        {
            **{name: getattr(round_, name) for name in FeedbackRoundRead.model_fields if name != "invited"},
            "invited": invited,
        }
    )


def _form(form: FeedbackQuestionnaire) -> QuestionnaireRead:
    return QuestionnaireRead.model_validate(
        {
            "id": form.id,
            "code": form.code,
            "number": form.number,
            "title": TextOut(kk=form.title_kk, ru=form.title_ru, en=form.title_en),
            "items": form.items,
        }
    )
