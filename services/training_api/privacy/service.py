"""What a person may ask for: how the data stand, who was shown them, blocking, erasure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.access_log import service as access_log
from services.training_api.certificates import service as certificates
from services.training_api.educators import service as educators
from services.training_api.educators.rules import PERSON
from services.training_api.enrolments import service as enrolments
from services.training_api.privacy import errors
from shared import outbox
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.training.privacy import (
    PersonalReadRead,
    PersonState,
    PrivacyAction,
    PrivacyCommand,
    PrivacyRead,
)


async def get(session: AnySession, actor: Actor, educator_id: UUID) -> PrivacyRead:
    """How the data of a person within reach stand. Raises `EducatorNotFound`."""
    person = await educators.get(session, actor, educator_id)
    return await _read(session, educator_id, person.state, person.version)


async def command(
    session: WriteSession,
    actor: Actor,
    educator_id: UUID,
    action: PrivacyAction,
    body: PrivacyCommand,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> PrivacyRead:
    """Block, unblock or erase, once `check` has agreed to the version of the person.

    What is erased leaves no name, number or category behind; enrolments and certificates stay, of nobody. Raises
    `EducatorNotFound`, `OutOfReach`, `PersonStepRefused`, `ReasonUnknown`, `StillEnrolled`.
    """
    educator, _ = await educators.claim(session, actor, educator_id)
    check(educator.version)
    if action is PrivacyAction.ERASE:
        still = await enrolments.count_open(session, educator_id)
        if still:
            raise errors.StillEnrolled(enrolments=still)
    await educators.move(session, actor, educator, action, body, now=now)
    if educator.state is PersonState.ERASED:
        await certificates.forget(session, educator.id)
        event = outbox.Event(
            kind="educator.erased", subject="educator", subject_id=educator.id, data={"id": str(educator.id)}
        )
        await outbox.add(session, event)
    return await _read(session, educator_id, educator.state, educator.version)


async def reads(
    session: AnySession, actor: Actor, educator_id: UUID, *, after: Sequence[Any] | None, limit: int
) -> list[PersonalReadRead]:
    """Who was shown a person within reach, the latest first. Raises `EducatorNotFound`."""
    await educators.get(session, actor, educator_id)
    return await access_log.page(session, educator_id, after=after, limit=limit)


async def count_reads(session: AnySession, educator_id: UUID) -> int:
    """How often the person was shown."""
    return await access_log.count(session, educator_id)


async def _read(session: AnySession, educator_id: UUID, state: PersonState, version: int) -> PrivacyRead:
    return PrivacyRead.model_validate(
        {
            "educator_id": educator_id,
            "status": state,
            "consents": await educators.consents(session, educator_id),
            "transitions": await educators.steps(session, educator_id),
            "allowed_actions": PERSON.commands(state),
            "refused_actions": [
                RefusedAction(action=one.action, code=one.code, message=TextOut(**one.message._asdict()))
                for one in PERSON.refusals(state)
            ],
            "version": version,
        }
    )
