"""Every SQL statement about feedback."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from services.training_api.feedback.models import (
    FeedbackAnswer,
    FeedbackInvitation,
    FeedbackQuestionnaire,
    FeedbackRound,
    FeedbackToken,
)
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.enrolments import EnrolmentStatus
from shared.schemas.training.feedback import FeedbackRoundQuery, QuestionnaireQuery, RoundStatus

_FORMS = FeedbackQuestionnaire.__table__
_ROUNDS = FeedbackRound.__table__
FORM_KEYS = (keyset.Key(_FORMS.c.code), keyset.Key(_FORMS.c.number))
ROUND_KEYS = (keyset.Key(_ROUNDS.c.opens_on), keyset.Key(_ROUNDS.c.id))
_TOOK_PART = (
    EnrolmentStatus.CONFIRMED,
    EnrolmentStatus.STARTED,
    EnrolmentStatus.COMPLETED_PASSED,
    EnrolmentStatus.COMPLETED_ATTENDED,
    EnrolmentStatus.FAILED,
)


async def questionnaire(session: AnySession, questionnaire_id: UUID) -> FeedbackQuestionnaire | None:
    return await session.get(FeedbackQuestionnaire, questionnaire_id)


async def last_questionnaire(session: WriteSession, code: str) -> int:
    """The number of the newest version, held against another writer until the transaction ends."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('feedback_questionnaires:' || :code, 0))"), {"code": code}
    )
    query = select(func.max(FeedbackQuestionnaire.number)).where(FeedbackQuestionnaire.code == code)
    return int(await session.scalar(query) or 0)


async def questionnaires(
    session: AnySession, wanted: QuestionnaireQuery, *, after: Sequence[Any] | None
) -> list[FeedbackQuestionnaire]:
    query = _forms_of(select(FeedbackQuestionnaire), wanted)
    if after is not None:
        query = query.where(keyset.after(FORM_KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(FORM_KEYS)).limit(wanted.limit + 1)))


async def count_questionnaires(session: AnySession, wanted: QuestionnaireQuery) -> int:
    return int(await session.scalar(_forms_of(select(func.count()).select_from(FeedbackQuestionnaire), wanted)) or 0)


def _forms_of(query: Select[Any], wanted: QuestionnaireQuery) -> Select[Any]:
    return query if wanted.code is None else query.where(FeedbackQuestionnaire.code == wanted.code)


async def round_of(session: AnySession, round_id: UUID) -> FeedbackRound | None:
    return await session.get(FeedbackRound, round_id)


async def lock(session: WriteSession, round_id: UUID) -> FeedbackRound | None:
    """The round, and its box, for this transaction alone."""
    query = select(FeedbackRound).where(FeedbackRound.id == round_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def rounds_of(session: AnySession, cohort_id: UUID) -> list[FeedbackRound]:
    query = select(FeedbackRound).where(FeedbackRound.cohort_id == cohort_id)
    return list(await session.scalars(query.order_by(FeedbackRound.opens_on, FeedbackRound.id)))


async def page(session: AnySession, wanted: FeedbackRoundQuery, *, after: Sequence[Any] | None) -> list[FeedbackRound]:
    query = _matching(select(FeedbackRound), wanted)
    if after is not None:
        query = query.where(keyset.after(ROUND_KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(ROUND_KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: FeedbackRoundQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(FeedbackRound), wanted)) or 0)


def _matching(query: Select[Any], wanted: FeedbackRoundQuery) -> Select[Any]:
    conditions = {FeedbackRound.cohort_id: wanted.cohort_id, FeedbackRound.status: wanted.status}
    return query.where(*(column == value for column, value in conditions.items() if value is not None))


async def due(session: WriteSession, *, today: date, limit: int) -> list[FeedbackRound]:
    """Rounds whose day has come, to be opened or closed; those somebody else is at are left to them."""
    comes = (FeedbackRound.status == RoundStatus.PLANNED) & (FeedbackRound.opens_on <= today)
    goes = (FeedbackRound.status == RoundStatus.OPEN) & (FeedbackRound.closes_on < today)
    query = select(FeedbackRound).where(comes | goes).order_by(FeedbackRound.opens_on).limit(limit)
    return list(await session.scalars(query.with_for_update(key_share=True, skip_locked=True)))


async def invited(session: AnySession, round_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many tokens were handed out for each round."""
    query = select(FeedbackInvitation.round_id, func.count()).where(FeedbackInvitation.round_id.in_(round_ids))
    return {row[0]: row[1] for row in await session.execute(query.group_by(FeedbackInvitation.round_id))}


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part and has no token of the round yet."""

    enrolment_id: UUID
    educator_id: UUID
    venue_id: UUID


_UNINVITED = text(
    """
    SELECT enrolments.id, enrolments.educator_id, enrolments.venue_id
    FROM enrolments
    WHERE enrolments.cohort_id = :cohort AND enrolments.status = ANY(:took_part)
      AND NOT EXISTS (SELECT FROM feedback_invitations AS there
                      WHERE there.round_id = :round AND there.enrolment_id = enrolments.id)
    ORDER BY enrolments.id
    """
).bindparams(bindparam("cohort", type_=Uuid), bindparam("round", type_=Uuid), bindparam("took_part", type_=ARRAY(Text)))


async def uninvited(session: AnySession, round_: FeedbackRound) -> list[Participant]:
    """Who took part in the cohort and has no token of the round yet."""
    # The table of another capability, read by name: a cohort may have thousands of enrolments.
    values = {"cohort": round_.cohort_id, "round": round_.id, "took_part": [one.value for one in _TOOK_PART]}
    return [Participant(*row) for row in await session.execute(_UNINVITED, values)]


async def labelled(session: AnySession, round_id: UUID) -> dict[UUID, int]:
    """How many tokens of the round bear each venue."""
    query = select(FeedbackToken.venue_id, func.count()).where(
        FeedbackToken.round_id == round_id, FeedbackToken.venue_id.is_not(None)
    )
    found = await session.execute(query.group_by(FeedbackToken.venue_id))
    return {row[0]: row[1] for row in found if row[0] is not None}


async def any_used(session: AnySession, round_id: UUID) -> bool:
    query = select(FeedbackToken.digest).where(FeedbackToken.round_id == round_id, FeedbackToken.used)
    return await session.scalar(query.limit(1)) is not None


async def forget_tokens(session: WriteSession, round_id: UUID) -> None:
    await session.execute(delete(FeedbackToken).where(FeedbackToken.round_id == round_id))
    await session.execute(delete(FeedbackInvitation).where(FeedbackInvitation.round_id == round_id))


async def hand_out(
    session: WriteSession, round_id: UUID, enrolments: Sequence[UUID], tokens: Sequence[tuple[bytes, UUID | None]]
) -> None:
    """Write down who was invited, and the hashes in their own order: neither names the other."""
    await session.execute(
        insert(FeedbackInvitation), [{"round_id": round_id, "enrolment_id": one} for one in enrolments]
    )
    await session.execute(
        insert(FeedbackToken),
        [
            {"digest": digest, "round_id": round_id, "venue_id": venue_id, "used": False}
            for digest, venue_id in sorted(tokens, key=lambda token: token[0])
        ],
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What a token opens."""

    round_id: UUID
    venue_id: UUID | None
    used: bool


async def token(session: AnySession, digest: bytes) -> Found | None:
    query = select(FeedbackToken.round_id, FeedbackToken.venue_id, FeedbackToken.used)
    row = (await session.execute(query.where(FeedbackToken.digest == digest))).one_or_none()
    return None if row is None else Found(*row)


async def use(session: WriteSession, digest: bytes) -> bool:
    """Mark the token as used; False if it was used already."""
    marked = update(FeedbackToken).where(FeedbackToken.digest == digest, ~FeedbackToken.used).values(used=True)
    return (await session.execute(marked.returning(FeedbackToken.round_id))).one_or_none() is not None


_SHAKE = text(
    """
    WITH box AS (
        DELETE FROM feedback_answers WHERE round_id = :round RETURNING venue_id, scores, texts
    ), filled AS (
        SELECT venue_id, scores, texts FROM box
        UNION ALL
        SELECT :venue, :scores, :texts
    )
    INSERT INTO feedback_answers (id, round_id, venue_id, scores, texts)
    SELECT gen_random_uuid(), :round, venue_id, scores, texts FROM filled ORDER BY random()
    """
).bindparams(
    bindparam("round", type_=Uuid),
    bindparam("venue", type_=Uuid),
    bindparam("scores", type_=JSONB),
    bindparam("texts", type_=JSONB),
)


async def put_in(
    session: WriteSession, round_id: UUID, *, venue_id: UUID | None, scores: Mapping[str, int], texts: Mapping[str, str]
) -> None:
    """Put an answer into the box and shake it: every row of the round is written anew, in a random order."""
    values = {"round": round_id, "venue": venue_id, "scores": dict(scores), "texts": dict(texts)}
    await session.execute(_SHAKE, values)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer."""

    venue_id: UUID | None
    scores: dict[str, Any]
    texts: dict[str, Any]


async def answers(session: AnySession, round_ids: Collection[UUID]) -> dict[UUID, list[Answer]]:
    """The answers of each round, in an order that means nothing."""
    query = select(FeedbackAnswer.round_id, FeedbackAnswer.venue_id, FeedbackAnswer.scores, FeedbackAnswer.texts).where(
        FeedbackAnswer.round_id.in_(round_ids)
    )
    found: dict[UUID, list[Answer]] = {round_id: [] for round_id in round_ids}
    for row in await session.execute(query.order_by(FeedbackAnswer.id)):
        found[row[0]].append(Answer(*row[1:]))
    return found
