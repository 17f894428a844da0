"""Changing what is known of an educator: corrections, and a move to another workplace."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.training_api.educators import errors, repository
from services.training_api.educators.models import Educator, Employment
from services.training_api.educators.service.privacy import consent
from services.training_api.educators.service.reading import find, read
from services.training_api.educators.service.taking_in import rename
from services.training_api.organisations import service as organisations
from shared.auth import Actor, Scope
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.training.educators import EducatorRead, EducatorUpdate
from shared.schemas.training.privacy import PersonState

_NULLABLE = frozenset({"category", "left_on", "teaching_since"})


async def change(
    session: WriteSession,
    actor: Actor,
    educator_id: UUID,
    body: EducatorUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> EducatorRead:
    """Change what `body` gives, once `check` has agreed to the version that is there.

    Raises `EducatorNotFound`, `OutOfReach`, `OrganisationUnknown`, `MoveIncomplete`, `PeriodReversed`, `MustStay`,
    `EducatorBlocked`.
    """
    educator, employment = await find(session, educator_id)
    await organisations.demand(session, actor, Scope.TRAINING_ENROL, employment.organisation_id)
    check(educator.version)
    given = body.model_fields_set
    for name in sorted(given - _NULLABLE):
        if getattr(body, name) is None:
            raise errors.MustStay(pointer=f"/{name}")
    if ("organisation_id" in given) != ("hired_on" in given):
        raise errors.MoveIncomplete(pointer="/hired_on" if "organisation_id" in given else "/organisation_id")
    if educator.state is not PersonState.ACTIVE:
        raise errors.EducatorBlocked
    educator.updated_at = now
    if body.name is not None:
        rename(educator, body.name)
    if "category" in given:
        educator.category = body.category
    if "teaching_since" in given:
        educator.teaching_since = body.teaching_since
    if body.consent_public not in (None, educator.consent_public):
        await consent(session, actor, educator, body.consent_public, now=now)
    if body.organisation_id is not None and body.hired_on is not None:
        employment = await _move(session, actor, educator, employment, body, now=now)
    else:
        _correct(employment, body, now=now)
    await session.flush()
    return read(educator, employment)


async def _move(
    session: WriteSession,
    actor: Actor,
    educator: Educator,
    former: Employment,
    body: EducatorUpdate,
    *,
    now: datetime,
) -> Employment:
    """End the employment on the day the next one begins."""
    assert body.organisation_id is not None
    assert body.hired_on is not None
    organisation = await organisations.require(session, body.organisation_id)
    actor.demand(Scope.TRAINING_ENROL, organisation.area_path, organisation.id)
    begun, ended = former.period.lower, former.period.upper
    assert begun is not None
    if body.hired_on <= begun or (body.left_on is not None and body.left_on <= body.hired_on):
        raise errors.PeriodReversed(pointer="/hired_on")
    if ended is None or ended > body.hired_on:
        former.period = repository.period(begun, body.hired_on)
        former.updated_at = now
        await session.flush()
    employment = Employment(
        id=new_id(),
        educator_id=educator.id,
        organisation_id=body.organisation_id,
        role=body.role or former.role,
        subjects=list(former.subjects if body.subjects is None else body.subjects),
        period=repository.period(body.hired_on, body.left_on),
        created_at=now,
        updated_at=now,
    )
    session.add(employment)
    return employment


def _correct(employment: Employment, body: EducatorUpdate, *, now: datetime) -> None:
    begun = employment.period.lower
    assert begun is not None
    if body.role is not None:
        employment.role = body.role
    if body.subjects is not None:
        employment.subjects = list(body.subjects)
    if "left_on" in body.model_fields_set:
        if body.left_on is not None and body.left_on <= begun:
            raise errors.PeriodReversed(pointer="/left_on")
        employment.period = repository.period(begun, body.left_on)
    employment.updated_at = now
