"""Counting a closed survey: screens, figures, investigations; then times, networks and keys are forgotten."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.rating_engine.surveys import figures, rules
from services.rating_engine.surveys.figures import Said, Tally, Usual
from services.rating_engine.surveys.models import SurveyOrganisation
from services.rating_engine.surveys.repository import boxes, lives, results
from services.rating_engine.surveys.service import investigations
from services.rating_engine.surveys.service.lives import claim, find, items_of, told
from shared import clock
from shared.jobs import JobCancelled, JobContext, JobOutcome
from shared.schemas.rating.surveys import FrameStratum, SurveyItem

_ORGANISATIONS_A_TURN = 50


async def carry_out(context: JobContext) -> JobOutcome:
    """Count box by box, each turn in a transaction of its own.

    What is usual in the survey is read before any box is counted and again by an attempt that goes on where another
    died: nothing of it is forgotten until all boxes are counted, so both read the same.
    """
    survey_id = UUID(str(context.arguments["survey_id"]))
    async with context.database.reading() as reading:
        items = items_of(await find(reading, survey_id))
        frame = await lives.organisations(reading, survey_id)
        done = await results.tallied(reading, survey_id)
        all_, nights = await boxes.usual(reading, survey_id, nights=_nights())
        repeated = await boxes.repeated(reading, survey_id, least=figures.LIMITS.repeats)
    usual = Usual(all_, nights, repeated)
    left = [row for row in frame if row.organisation_id not in done]
    for start in range(0, len(left), _ORGANISATIONS_A_TURN):
        if context.cancelled():
            raise JobCancelled
        await _count(context, survey_id, items, left[start : start + _ORGANISATIONS_A_TURN], usual)
        context.progress(0.8 * (start + _ORGANISATIONS_A_TURN) / len(left))
    for start in range(0, len(frame), _ORGANISATIONS_A_TURN):
        portion = [row.organisation_id for row in frame[start : start + _ORGANISATIONS_A_TURN]]
        async with context.database.writing(context.authorship) as session:
            await boxes.forget(session, survey_id, portion)
    outcome = JobOutcome(
        result={"survey_id": str(survey_id), "organisations": len(frame), "ballots": all_},
        location=f"/v1/surveys/{survey_id}",
    )
    async with context.database.writing(context.authorship) as session:
        survey = await claim(session, survey_id)
        await lives.forget_key(session, survey_id)
        if survey.tallied_at is None:
            survey.tallied_at = survey.updated_at = clock.now()
            await told(session, survey, "tallied")
        await context.finish_in(session, outcome)
    return outcome


async def _count(
    context: JobContext,
    survey_id: UUID,
    items: Sequence[SurveyItem],
    portion: Sequence[SurveyOrganisation],
    usual: Usual,
) -> None:
    ids = [row.organisation_id for row in portion]
    async with context.database.reading() as reading:
        found = await boxes.ballots(reading, survey_id, ids)
    strata = {row.organisation_id: [FrameStratum.model_validate(part) for part in row.strata] for row in portion}
    tallies = await asyncio.to_thread(
        lambda: {
            organisation: figures.tally([_said(one) for one in ballots], items, strata[organisation], usual)
            for organisation, ballots in found.items()
        }
    )
    async with context.database.writing(context.authorship) as session:
        await lives.stand_alone(session, survey_id)
        for organisation in await results.tallied(session, survey_id):
            tallies.pop(organisation, None)  # another job was asked for and was faster
        if not tallies:
            return
        await results.keep(session, [_row(survey_id, organisation, tally) for organisation, tally in tallies.items()])
        await boxes.mark(session, {one: marks for tally in tallies.values() for one, marks in tally.marks.items()})
        for organisation, tally in tallies.items():
            if tally.differs:
                await investigations.begin(
                    session, survey_id, organisation, investigations.BY_SCREENS, by="system", now=clock.now()
                )


def _row(survey_id: UUID, organisation_id: UUID, tally: Tally) -> dict[str, Any]:
    return {
        "survey_id": survey_id,
        "organisation_id": organisation_id,
        "ballots": tally.ballots,
        "marked": tally.marked,
        "screens": tally.screens,
        "differs": tally.differs,
        "figures": tally.figures,
        "variant": figures.ALL,
        "shown": False,
    }


def _said(one: boxes.Ballot) -> Said:
    return Said(one.id, one.stratum, one.points, one.hasty, one.bucket, one.network)


def _nights() -> list[int]:
    """The half hours of the day, as UTC counts them, that are night in Kazakhstan."""
    return [number for number in range(48) if rules.is_night(number)]
