"""What a person may ask to be done with the data: consent, blocking, erasure."""

from datetime import datetime
from uuid import UUID

from services.training_api.educators import errors, repository
from services.training_api.educators.models import Educator, PersonStep
from services.training_api.educators.repository import Pair
from services.training_api.educators.rules import PERSON
from services.training_api.organisations import service as organisations
from services.training_api.reasons import service as reasons
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.privacy import (
    ConsentRead,
    PersonState,
    PrivacyAction,
    PrivacyCommand,
    PrivacyTransitionRead,
)
from shared.schemas.training.reasons import ReasonList


async def consent(session: WriteSession, actor: Actor, educator: Educator, agreed: bool, *, now: datetime) -> None:
    """Take down what the person agrees to now; what was agreed before stays on record."""
    educator.consent_public = agreed
    await repository.add_consents(session, [educator.id], agreed=agreed, actor=actor.principal, now=now)


async def claim(session: WriteSession, actor: Actor, educator_id: UUID) -> Pair:
    """The person, held, if the caller is responsible for the workplace. Raises `EducatorNotFound`, `OutOfReach`."""
    held = await repository.hold(session, educator_id)
    if held is None:
        raise errors.EducatorNotFound
    await organisations.demand(session, actor, Scope.TRAINING_MANAGE, held[1].organisation_id)
    return held


async def move(
    session: WriteSession,
    actor: Actor,
    educator: Educator,
    action: PrivacyAction,
    body: PrivacyCommand,
    *,
    now: datetime,
) -> None:
    """Block, unblock or erase. Raises `PersonStepRefused`, `ReasonUnknown`."""
    if not PERSON.allows(action, educator.state):
        raise errors.PersonStepRefused(state=educator.state.value)
    today = day_in_kazakhstan(now)
    await reasons.check(session, ReasonList.PRIVACY, body.reason_code, on=today, needed=True)
    (after,) = PERSON.by_action[action].after
    if after is PersonState.ERASED:
        if educator.consent_public:
            await consent(session, actor, educator, False, now=now)
        _forget(educator)
    before, educator.state = educator.state, after
    educator.updated_at = now
    await session.flush()
    session.add(
        PersonStep(
            educator_id=educator.id,
            number=await repository.next_step(session, educator.id),
            action=action,
            from_status=before,
            to_status=after,
            actor=actor.principal,
            reason_code=body.reason_code,
            comment=body.comment,
            evidence=[item.model_dump(mode="json") for item in body.evidence] or None,
            effective_on=body.effective_on or today,
            recorded_at=now,
        )
    )
    await session.flush()


async def consents(session: AnySession, educator_id: UUID) -> list[ConsentRead]:
    """Every consent and every withdrawal, from the first."""
    return [ConsentRead.model_validate(row) for row in await repository.consents(session, educator_id)]


async def steps(session: AnySession, educator_id: UUID) -> list[PrivacyTransitionRead]:
    """What was done with the data, from the first step."""
    return [
        PrivacyTransitionRead.model_validate({**_columns(row), "evidence": row.evidence or []})
        for row in await repository.steps(session, educator_id)
    ]


def _columns(row: PersonStep) -> dict[str, object]:
    return {name: getattr(row, name) for name in PrivacyTransitionRead.model_fields}


def _forget(educator: Educator) -> None:
    for language in ("kk", "ru"):
        for part in ("family", "given", "patronymic"):
            setattr(educator, f"{part}_{language}", None)
    educator.sort_key = educator.search_key = ""
    educator.iin_hash = None
    educator.category = None
    educator.teaching_since = None
