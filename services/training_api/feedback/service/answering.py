"""Tokens go out, answers come in, and nothing that is kept leads from the one to the other."""

import hashlib
import secrets
from collections import Counter
from datetime import datetime
from uuid import UUID

from services.training_api.feedback import errors, repository, rules
from services.training_api.feedback.service.planning import claim, find, items_asked, told
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.feedback import (
    FeedbackCreate,
    FeedbackQuestion,
    FeedbackQuestions,
    FeedbackRoundRead,
    HandedToken,
    HandedTokens,
    RoundStatus,
    TokensCreate,
)
from shared.schemas.training.ids import FeedbackRoundId

_ROUNDS_A_TURN = 200
_TOKEN_BYTES = 16


async def hand_out(session: WriteSession, actor: Actor, round_id: UUID, body: TokensCreate) -> HandedTokens:
    """Make a token for everybody who took part and has none; the list exists in this answer alone.

    Raises `FeedbackRoundNotFound`, `OutOfReach`, `FeedbackRoundNotOpen`, `FeedbackAnswersGiven`.
    """
    round_ = await claim(session, actor, round_id)
    if round_.status is RoundStatus.CLOSED:
        raise errors.FeedbackRoundNotOpen(status=round_.status)
    if body.renew:
        if await repository.any_used(session, round_id):
            raise errors.FeedbackAnswersGiven
        await repository.forget_tokens(session, round_id)
    people = await repository.uninvited(session, round_)
    there = await repository.labelled(session, round_id)
    labels = rules.labels(Counter(one.venue_id for one in people), there)
    tokens = [secrets.token_urlsafe(_TOKEN_BYTES) for _ in people]
    if people:
        await repository.hand_out(
            session,
            round_id,
            [one.enrolment_id for one in people],
            [
                (_digest(token), one.venue_id if one.venue_id in labels else None)
                for token, one in zip(tokens, people, strict=True)
            ],
        )
    return HandedTokens(
        round_id=FeedbackRoundId(round_id),
        items=[
            HandedToken.model_validate(
                {"enrolment_id": one.enrolment_id, "educator_id": one.educator_id, "token": token}
            )
            for token, one in zip(tokens, people, strict=True)
        ],
    )


async def questions(session: AnySession, round_id: UUID) -> FeedbackQuestions:
    """What a round asks, without what the questions are for. Raises `FeedbackRoundNotFound`."""
    round_ = await find(session, round_id)
    return FeedbackQuestions(
        round_id=FeedbackRoundId(round_.id),
        opens_on=round_.opens_on,
        closes_on=round_.closes_on,
        questions=[
            FeedbackQuestion(
                code=item.code, kind=item.kind, low=item.low, high=item.high, text=TextOut.model_validate(item.text)
            )
            for item in await items_asked(session, round_)
        ],
    )


async def take(session: WriteSession, body: FeedbackCreate, *, now: datetime) -> None:
    """Take one answer and use the token up.

    The hash of the token gets its mark, and the answer goes into the round's box, which is shaken: no time, no number
    and no order is kept that both have, and the audit trail and the feed hold nothing of it.
    Raises `FeedbackTokenUnknown`, `FeedbackTokenUsed`, `FeedbackNotYet`, `FeedbackClosed`, `AnswersDoNotFit`.
    """
    digest = _digest(body.token)
    found = await repository.token(session, digest)
    if found is None:
        raise errors.FeedbackTokenUnknown(pointer="/token")
    round_ = await repository.lock(session, found.round_id)
    assert round_ is not None
    if found.used:
        raise errors.FeedbackTokenUsed(pointer="/token")
    today = day_in_kazakhstan(now)
    if round_.status is RoundStatus.CLOSED or today > round_.closes_on:
        raise errors.FeedbackClosed(day=round_.closes_on.isoformat())
    if today < round_.opens_on:
        raise errors.FeedbackNotYet(day=round_.opens_on.isoformat())
    if faults := rules.faults(await items_asked(session, round_), body.scores, body.texts):
        raise errors.AnswersDoNotFit(errors=faults)
    if not await repository.use(session, digest):
        raise errors.FeedbackTokenUsed(pointer="/token")
    await repository.put_in(session, round_.id, venue_id=found.venue_id, scores=body.scores, texts=body.texts)


async def close(session: WriteSession, actor: Actor, round_id: UUID, *, now: datetime) -> FeedbackRoundRead:
    """Close an open round before its day, for good. Raises `FeedbackRoundNotOpen`."""
    round_ = await claim(session, actor, round_id)
    if not rules.MACHINE.allows(rules.RoundAction.CLOSE, round_.status):
        raise errors.FeedbackRoundNotOpen(status=round_.status)
    round_.status = RoundStatus.CLOSED
    round_.closes_on = min(round_.closes_on, max(day_in_kazakhstan(now), round_.opens_on))
    round_.updated_at = now
    return await told(session, round_)


async def turn(session: WriteSession, *, now: datetime) -> int:
    """Open and close the rounds whose day has come; how many they were."""
    rounds = await repository.due(session, today=day_in_kazakhstan(now), limit=_ROUNDS_A_TURN)
    for round_ in rounds:
        round_.status = RoundStatus.OPEN if round_.status is RoundStatus.PLANNED else RoundStatus.CLOSED
        round_.updated_at = now
        await told(session, round_)
    return len(rounds)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
