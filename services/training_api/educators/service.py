"""What is done with educators: taking them in, one or many, and keeping their names from those who need not know."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.batches import BatchRefused, fault
from services.training_api.educators import errors, repository, rules
from services.training_api.educators.models import Educator, Employment
from services.training_api.educators.repository import Pair
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared import audit
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError, Problem
from shared.ids import new_id
from shared.schemas.training.educators import (
    EducatorBatchCreate,
    EducatorCreate,
    EducatorQuery,
    EducatorRead,
    EducatorUpdate,
    NameParts,
    PersonName,
)
from shared.schemas.training.ids import EducatorId
from shared.schemas.training.words import EducatorRole, QualificationCategory

_NULLABLE = frozenset({"category", "left_on", "teaching_since"})


@dataclass(frozen=True, slots=True)
class Learner:
    """What other capabilities need to know of a person; no name among it."""

    id: UUID
    organisation_id: UUID
    role: EducatorRole
    subjects: tuple[str, ...]
    left_on: date | None
    category: QualificationCategory | None
    teaching_since: date | None
    """The first day in the profession, where the person told it."""


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
    return _read(educator, employment)


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
            faults.append(
                fault("educators", number, "iin" if isinstance(problem, errors.IinInvalid) else "left_on", problem)
            )
        if hashed is not None and (hashed in there or hashed in seen):
            faults.append(fault("educators", number, "iin", errors.EducatorExists()))
        elif hashed is not None:
            seen.add(hashed)
    if faults:
        raise BatchRefused(faults)
    pairs = [_pair(row, key=key, now=now) for row in rows]
    await repository.add_many(session, pairs)
    await audit.note(session, action="create", resource_type="educator", resource_id="batch", rows=len(pairs))
    return [EducatorId(educator.id) for educator, _ in pairs]


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

    Raises `EducatorNotFound`, `OutOfReach`, `OrganisationUnknown`, `MoveIncomplete`, `PeriodReversed`, `MustStay`.
    """
    educator, employment = await _find(session, educator_id)
    await organisations.demand(session, actor, Scope.TRAINING_ENROL, employment.organisation_id)
    check(educator.version)
    given = body.model_fields_set
    for name in sorted(given - _NULLABLE):
        if getattr(body, name) is None:
            raise errors.MustStay(pointer=f"/{name}")
    if ("organisation_id" in given) != ("hired_on" in given):
        raise errors.MoveIncomplete(pointer="/hired_on" if "organisation_id" in given else "/organisation_id")
    educator.updated_at = now
    if body.name is not None:
        _rename(educator, body.name)
    if "category" in given:
        educator.category = body.category
    if "teaching_since" in given:
        educator.teaching_since = body.teaching_since
    if body.consent_public is not None:
        educator.consent_public = body.consent_public
    if body.organisation_id is not None and body.hired_on is not None:
        employment = await _move(session, actor, educator, employment, body, now=now)
    else:
        _correct(employment, body, now=now)
    await session.flush()
    return _read(educator, employment)


async def get(session: AnySession, actor: Actor, educator_id: UUID) -> EducatorRead:
    """One person, if within the caller's reach. Raises `EducatorNotFound` also for those out of reach."""
    reach = organisations.sight(actor)
    educator, employment = await _find(session, educator_id)
    if not await _is_seen(session, reach, employment.organisation_id):
        raise errors.EducatorNotFound
    return _read(educator, employment)


async def page(
    session: AnySession, actor: Actor, query: EducatorQuery, *, after: Sequence[Any] | None
) -> list[tuple[EducatorRead, str]]:
    """Persons within the caller's reach and their sort keys, in the order of the Kazakh alphabet."""
    pairs = await repository.page(session, query, organisations.sight(actor), after=after)
    return [(_read(educator, employment), educator.sort_key) for educator, employment in pairs]


async def count(session: AnySession, actor: Actor, query: EducatorQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor))


async def hold(session: WriteSession, educator_id: UUID, *, pointer: str) -> Learner:
    """The person, whose other enrolments wait until this transaction ends. Raises `EducatorUnknown`."""
    held = await repository.hold(session, educator_id)
    if held is None:
        raise errors.EducatorUnknown(pointer=pointer)
    return _learner(*held)


async def learner(session: AnySession, actor: Actor, educator_id: UUID) -> Learner:
    """The person, if within the caller's reach. Raises `EducatorNotFound` also for those out of reach."""
    reach = organisations.sight(actor)
    educator, employment = await _find(session, educator_id)
    if not await _is_seen(session, reach, employment.organisation_id):
        raise errors.EducatorNotFound
    return _learner(educator, employment)


async def staffed(
    session: AnySession,
    actor: Actor,
    *,
    organisation_id: UUID | None,
    area: str | None,
    on: date,
    after: UUID | None,
    limit: int,
) -> list[UUID]:
    """Workplaces within the caller's reach where somebody is employed on the day, by their ids: one more than asked."""
    return await repository.staffed(
        session,
        organisations.sight(actor),
        organisation_id=organisation_id,
        area=area,
        on=on,
        after=after,
        limit=limit,
    )


async def count_staffed(
    session: AnySession, actor: Actor, *, organisation_id: UUID | None, area: str | None, on: date
) -> int:
    """How many such workplaces there are."""
    reach = organisations.sight(actor)
    return await repository.count_staffed(session, reach, organisation_id=organisation_id, area=area, on=on)


async def staff_on(session: AnySession, organisation_ids: Collection[UUID], on: date) -> list[Learner]:
    """Everybody employed at these workplaces on the day."""
    return [_learner(*pair) for pair in await repository.staff_on(session, organisation_ids, on)]


async def hired_first(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, date]:
    """The first day of the first employment that is known of each person."""
    return await repository.hired_first(session, educator_ids)


async def workplaces(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The present or last workplace of each person that exists."""
    return await repository.workplaces(session, educator_ids)


async def name(session: AnySession, educator_id: UUID) -> PersonName:
    """The whole name, for documents that bear it: nothing that answers strangers may ask for it."""
    educator, _ = await _find(session, educator_id)
    return _name(educator)


async def names(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, PersonName]:
    """The whole names of these people: for those who may see them, which the caller of this has made sure of."""
    return {educator.id: _name(educator) for educator in await repository.find_many(session, educator_ids)}


async def public_name(session: AnySession, educator_id: UUID) -> str:
    """What anybody may know of a person's name: initials, or the name if the person agreed."""
    educator, _ = await _find(session, educator_id)
    name = _name(educator)
    parts = name.kk or name.ru
    assert parts is not None
    if educator.consent_public:
        return " ".join(filter(None, (parts.family, parts.given, parts.patronymic)))
    return " ".join(f"{part[0]}." for part in (parts.given, parts.family))


def _learner(educator: Educator, employment: Employment) -> Learner:
    return Learner(
        id=educator.id,
        organisation_id=employment.organisation_id,
        role=employment.role,
        subjects=tuple(employment.subjects),
        left_on=employment.period.upper,
        category=educator.category,
        teaching_since=educator.teaching_since,
    )


async def _find(session: AnySession, educator_id: UUID) -> Pair:
    found = await repository.find(session, educator_id)
    if found is None:
        raise errors.EducatorNotFound
    return found


async def _is_seen(session: AnySession, reach: Reach, organisation_id: UUID) -> bool:
    known = (await organisations.find_many(session, [organisation_id])).get(organisation_id)
    return reach.covers(known.area_path if known else [], organisation_id)


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
        version=1,
        created_at=now,
        updated_at=now,
    )
    _rename(educator, body.name)
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


def _rename(educator: Educator, name: PersonName) -> None:
    for language, parts in (("kk", name.kk), ("ru", name.ru)):
        for part in ("family", "given", "patronymic"):
            setattr(educator, f"{part}_{language}", getattr(parts, part) if parts else None)
    educator.sort_key = rules.sort_key(name)
    educator.search_key = rules.search_key(name)


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


def _name(educator: Educator) -> PersonName:
    def parts(language: str) -> NameParts | None:
        family, given = getattr(educator, f"family_{language}"), getattr(educator, f"given_{language}")
        if family is None or given is None:
            return None
        return NameParts(family=family, given=given, patronymic=getattr(educator, f"patronymic_{language}"))

    return PersonName(kk=parts("kk"), ru=parts("ru"))


def _read(educator: Educator, employment: Employment) -> EducatorRead:
    return EducatorRead.model_validate(
        {
            "id": educator.id,
            "name": _name(educator),
            "organisation_id": employment.organisation_id,
            "role": employment.role,
            "subjects": employment.subjects,
            "category": educator.category,
            "teaching_since": educator.teaching_since,
            "hired_on": employment.period.lower,
            "left_on": employment.period.upper,
            "consent_public": educator.consent_public,
            "is_synthetic": educator.is_synthetic,
            "version": educator.version,
        }
    )
