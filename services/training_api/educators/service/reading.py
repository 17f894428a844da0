"""Reading educators: one, many, and what other capabilities need to know of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.training_api.educators import errors, repository, rules
from services.training_api.educators.models import Educator, Employment
from services.training_api.educators.repository import Pair
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.errors import Problem
from shared.schemas.training.educators import EducatorQuery, EducatorRead, NameParts, PersonName
from shared.schemas.training.privacy import PersonState
from shared.schemas.training.words import EducatorRole, QualificationCategory


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


async def get(session: AnySession, actor: Actor, educator_id: UUID) -> EducatorRead:
    """One person, if within the caller's reach. Raises `EducatorNotFound` also for those out of reach."""
    reach = organisations.sight(actor)
    educator, employment = await find(session, educator_id)
    if not await _is_seen(session, reach, employment.organisation_id):
        raise errors.EducatorNotFound
    return read(educator, employment)


async def page(
    session: AnySession, actor: Actor, query: EducatorQuery, *, after: Sequence[Any] | None
) -> list[tuple[EducatorRead, str]]:
    """Persons within the caller's reach and their sort keys, in the order of the Kazakh alphabet."""
    pairs = await repository.page(session, query, organisations.sight(actor), after=after)
    return [(read(educator, employment), educator.sort_key) for educator, employment in pairs]


async def count(session: AnySession, actor: Actor, query: EducatorQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor))


async def hold(session: WriteSession, educator_id: UUID, *, pointer: str) -> Learner:
    """The person, whose other enrolments wait until this transaction ends.

    Raises `EducatorUnknown`, `EducatorBlocked`.
    """
    held = await repository.hold(session, educator_id)
    if held is None:
        raise errors.EducatorUnknown(pointer=pointer)
    if held[0].state is not PersonState.ACTIVE:
        raise errors.EducatorBlocked(pointer=pointer)
    return _learner(*held)


async def hold_many(
    session: WriteSession, educator_ids: Collection[UUID], *, pointer: str
) -> dict[UUID, Learner | Problem]:
    """The same for many at once: each person asked for, or why not that one."""
    held: dict[UUID, Learner | Problem] = {
        educator_id: errors.EducatorUnknown(pointer=pointer) for educator_id in educator_ids
    }
    for educator, employment in await repository.hold_many(session, educator_ids):
        is_active = educator.state is PersonState.ACTIVE
        held[educator.id] = _learner(educator, employment) if is_active else errors.EducatorBlocked(pointer=pointer)
    return held


async def learners(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, Learner | None]:
    """Each of the persons that exists; None for whom nothing may be done now."""
    return {
        educator.id: _learner(educator, employment) if educator.state is PersonState.ACTIVE else None
        for educator, employment in await repository.pairs(session, educator_ids)
    }


async def learner(session: AnySession, actor: Actor, educator_id: UUID) -> Learner:
    """The person, if within the caller's reach. Raises `EducatorNotFound` also for those out of reach."""
    reach = organisations.sight(actor)
    educator, employment = await find(session, educator_id)
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
    return [
        Learner(
            id=row.id,
            organisation_id=row.organisation_id,
            role=row.role,
            subjects=tuple(row.subjects),
            left_on=row.left_on,
            category=row.category,
            teaching_since=row.teaching_since,
        )
        for row in await repository.staff_on(session, organisation_ids, on)
    ]


async def hired_first(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, date]:
    """The first day of the first employment that is known of each person."""
    return await repository.hired_first(session, educator_ids)


async def of_iins(session: AnySession, reach: Reach, iins: Collection[str], *, key: bytes | None) -> dict[str, UUID]:
    """Who within reach has which of these numbers; nobody where numbers are not compared."""
    if key is None or not iins:
        return {}
    hashes = {rules.iin_hash(iin, key): iin for iin in iins}
    return {hashes[hashed]: one for hashed, one in await repository.of_hashes(session, reach, hashes)}


async def of_names(session: AnySession, reach: Reach, sort_keys: Collection[str]) -> dict[str, list[UUID]]:
    """Who within reach is at work under which of these names, whole and as they are sorted."""
    found: dict[str, list[UUID]] = {}
    for sort_key, educator_id in await repository.of_sort_keys(session, reach, sort_keys) if sort_keys else ():
        found.setdefault(sort_key, []).append(educator_id)
    return found


async def workplaces(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The present or last workplace of each person that exists."""
    return await repository.workplaces(session, educator_ids)


async def name(session: AnySession, educator_id: UUID) -> PersonName:
    """The whole name, for documents that bear it: nothing that answers strangers may ask for it."""
    educator, _ = await find(session, educator_id)
    return _name(educator)


async def names(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, PersonName]:
    """The whole names of these people: for those who may see them, which the caller of this has made sure of."""
    return {educator.id: _name(educator) for educator in await repository.find_many(session, educator_ids)}


async def public_name(session: AnySession, educator_id: UUID) -> str:
    """What anybody may know of a person's name: initials, or the name if the person agreed."""
    educator, _ = await find(session, educator_id)
    if educator.state is not PersonState.ACTIVE:
        return "—"
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


async def find(session: AnySession, educator_id: UUID) -> Pair:
    """The person and the present or last employment. Raises `EducatorNotFound`."""
    found = await repository.find(session, educator_id)
    if found is None:
        raise errors.EducatorNotFound
    return found


async def _is_seen(session: AnySession, reach: Reach, organisation_id: UUID) -> bool:
    known = (await organisations.find_many(session, [organisation_id])).get(organisation_id)
    return reach.covers(known.area_path if known else [], organisation_id)


def _name(educator: Educator) -> PersonName:
    """The name, or what stands in its place where it may not be shown."""
    if educator.state in rules.HIDDEN:
        return rules.HIDDEN[educator.state]

    def parts(language: str) -> NameParts | None:
        family, given = getattr(educator, f"family_{language}"), getattr(educator, f"given_{language}")
        if family is None or given is None:
            return None
        return NameParts(family=family, given=given, patronymic=getattr(educator, f"patronymic_{language}"))

    return PersonName(kk=parts("kk"), ru=parts("ru"))


def read(educator: Educator, employment: Employment) -> EducatorRead:
    """The person as a body."""
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
            "state": educator.state,
            "version": educator.version,
        }
    )
