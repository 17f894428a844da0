"""Taking educators in: one, or many at once."""

from datetime import datetime

from services.training_api.batches import BatchRefused, fault
from services.training_api.educators import errors, repository, rules
from services.training_api.educators.models import Educator, Employment
from services.training_api.educators.repository import Pair
from services.training_api.educators.service.reading import read
from services.training_api.organisations import service as organisations
from shared import audit
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.db.sessions import WriteSession
from shared.errors import FieldError, Problem
from shared.ids import new_id
from shared.schemas.training.educators import EducatorBatchCreate, EducatorCreate, EducatorRead, PersonName
from shared.schemas.training.ids import EducatorId
from shared.schemas.training.privacy import PersonState


async def take_in(
    session: WriteSession, actor: Actor, body: EducatorCreate, *, key: bytes | None, now: datetime
) -> EducatorRead:
    """Add one person.

    Raises `OrganisationUnknown`, `OutOfReach`, `PeriodReversed`, `IinInvalid`, `IinNotTaken`, `EducatorExists`.
    """
    organisation = await organisations.require(session, body.organisation_id)
    actor.demand(Scope.TRAINING_ENROL, organisation.area_path, organisation.id)
    _check(body, key)
    educator, employment = _pair(body, key=key, now=now)
    if educator.iin_hash is not None and await repository.hashes_known(session, [educator.iin_hash]):
        raise errors.EducatorExists(pointer="/iin")
    session.add(educator)
    await session.flush()
    session.add(employment)
    await session.flush()
    if educator.consent_public:
        await repository.add_consents(session, [educator.id], actor=actor.principal, now=now)
    return read(educator, employment)


async def take_in_many(
    session: WriteSession, actor: Actor, body: EducatorBatchCreate, *, key: bytes | None, now: datetime
) -> list[EducatorId]:
    """Add many persons: all of them or, if one is wrong, none. Raises `BatchRefused` with every fault."""
    rows = body.educators
    known = await organisations.find_many(session, {row.organisation_id for row in rows})
    hashes = [rules.iin_hash(row.iin, key) if row.iin and key else None for row in rows]
    there = await repository.hashes_known(session, [value for value in hashes if value])
    faults: list[FieldError] = []
    seen: set[bytes] = set()
    for number, (row, hashed) in enumerate(zip(rows, hashes, strict=True)):
        organisation = known.get(row.organisation_id)
        if organisation is None:
            faults.append(fault("educators", number, "organisation_id", organisations.unknown(row.organisation_id)))
        elif not actor.reaches(organisation.area_path, organisation.id, scope=Scope.TRAINING_ENROL):
            faults.append(fault("educators", number, "organisation_id", OutOfReach()))
        try:
            _check(row, key)
        except Problem as problem:
            of_iin = isinstance(problem, errors.IinInvalid | errors.IinNotTaken)
            faults.append(fault("educators", number, "iin" if of_iin else "left_on", problem))
        if hashed is not None and (hashed in there or hashed in seen):
            faults.append(fault("educators", number, "iin", errors.EducatorExists()))
        elif hashed is not None:
            seen.add(hashed)
    if faults:
        raise BatchRefused(faults)
    pairs = [_pair(row, key=key, now=now) for row in rows]
    await repository.add_many(session, pairs)
    agreed = [educator.id for educator, _ in pairs if educator.consent_public]
    await repository.add_consents(session, agreed, actor=actor.principal, now=now)
    await audit.note(session, action="create", resource_type="educator", resource_id="batch", rows=len(pairs))
    return [EducatorId(educator.id) for educator, _ in pairs]


def _check(body: EducatorCreate, key: bytes | None) -> None:
    if body.left_on is not None and body.left_on <= body.hired_on:
        raise errors.PeriodReversed(pointer="/left_on")
    if body.iin is None:
        return
    if key is None:
        raise errors.IinNotTaken(pointer="/iin")
    if not rules.iin_is_valid(body.iin):
        raise errors.IinInvalid(pointer="/iin")


def _pair(body: EducatorCreate, *, key: bytes | None, now: datetime) -> Pair:
    educator = Educator(
        id=new_id(),
        category=body.category,
        teaching_since=body.teaching_since,
        consent_public=body.consent_public,
        iin_hash=rules.iin_hash(body.iin, key) if body.iin and key else None,
        is_synthetic=body.is_synthetic,
        state=PersonState.ACTIVE,
        version=1,
        created_at=now,
        updated_at=now,
    )
    rename(educator, body.name)
    return educator, Employment(
        id=new_id(),
        educator_id=educator.id,
        organisation_id=body.organisation_id,
        role=body.role,
        subjects=list(body.subjects),
        period=repository.period(body.hired_on, body.left_on),
        version=1,
        created_at=now,
        updated_at=now,
    )


def rename(educator: Educator, name: PersonName) -> None:
    """The name, and by what it is sorted and found."""
    for language, parts in (("kk", name.kk), ("ru", name.ru)):
        for part in ("family", "given", "patronymic"):
            setattr(educator, f"{part}_{language}", getattr(parts, part) if parts else None)
    educator.sort_key = rules.sort_key(name)
    educator.search_key = rules.search_key(name)
