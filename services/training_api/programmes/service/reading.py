"""Reading programmes, alone, in lists and against one another, and what other capabilities need to know of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.training_api.programmes import errors, repository, rules
from services.training_api.programmes.models import Programme, ProgrammeModule
from services.training_api.providers import service as providers
from shared import outbox
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.eligibility import EligibilityRule
from shared.schemas.training.programmes import (
    Approval,
    AudienceGroup,
    CompletionRule,
    FieldChange,
    ModuleChange,
    ModuleRead,
    ProgrammeDiff,
    ProgrammeQuery,
    ProgrammeRead,
    ReviewRead,
)
from shared.schemas.training.words import ApprovalLevel

_RULES: TypeAdapter[tuple[EligibilityRule, ...]] = TypeAdapter(tuple[EligibilityRule, ...])
_MADE = frozenset({"name", "modules", "completion"})
_INCOMPARABLE = frozenset({"id", "number", "modules", "version"})


@dataclass(frozen=True, slots=True)
class Taught:
    """What other capabilities need to know of a programme."""

    id: UUID
    provider_id: UUID
    code: str
    name: TextOut
    theme: str | None
    academic_hours: int
    audience: tuple[AudienceGroup, ...]
    rules: tuple[EligibilityRule, ...]
    completion: CompletionRule
    is_approved: bool
    valid_from: date | None
    valid_until: date | None
    approval_chain: tuple[ApprovalLevel, ...] = ()
    """Who approves applications, level by level; empty: nobody is asked."""


async def get(session: AnySession, programme_id: UUID) -> ProgrammeRead:
    """One version. Raises `ProgrammeNotFound`."""
    return (await reads(session, [await find(session, programme_id)]))[0]


async def page(
    session: AnySession, query: ProgrammeQuery, *, after: Sequence[Any] | None, limit: int | None = None
) -> list[ProgrammeRead]:
    """Versions by code and number: one more than `limit`, or than the query asks for, if there are more."""
    return await reads(session, await repository.page(session, query, after=after, limit=limit or query.limit))


async def count(session: AnySession, query: ProgrammeQuery) -> int:
    """How many versions there are."""
    return await repository.count(session, query)


async def codes(session: AnySession, programme_ids: Collection[UUID]) -> dict[UUID, str]:
    """The code that all versions of a programme share, for each of these versions."""
    return await repository.codes(session, programme_ids) if programme_ids else {}


async def reviews(session: AnySession, programme_id: UUID) -> list[ReviewRead]:
    """What experts thought of a version, from the first. Raises `ProgrammeNotFound`."""
    await find(session, programme_id)
    return [ReviewRead.model_validate(review) for review in await repository.reviews(session, programme_id)]


async def compare(session: AnySession, programme_id: UUID, other_id: UUID) -> ProgrammeDiff:
    """What differs between two versions. Raises `ProgrammeNotFound`, `ProgrammesUnrelated`."""
    before, after = await reads(session, [await find(session, programme_id), await find(session, other_id)])
    if before.code != after.code:
        raise errors.ProgrammesUnrelated(before=before.code, after=after.code)
    fields = rules.changed_fields(
        before.model_dump(mode="json", exclude=set(_INCOMPARABLE)),
        after.model_dump(mode="json", exclude=set(_INCOMPARABLE)),
    )
    return ProgrammeDiff.model_validate(
        {
            "before_id": before.id,
            "before_number": before.number,
            "after_id": after.id,
            "after_number": after.number,
            "fields": [FieldChange.model_validate(one) for one in fields],
            "modules": [
                ModuleChange.model_validate(one) for one in rules.changed_modules(before.modules, after.modules)
            ],
        }
    )


async def taught(session: AnySession, programme_id: UUID, *, pointer: str | None = None) -> Taught:
    """What is needed to enrol in it and to complete it. Raises `ProgrammeUnknown`."""
    programme = await repository.find(session, programme_id)
    if programme is None:
        raise errors.ProgrammeUnknown(pointer=pointer)
    return Taught(
        id=programme.id,
        provider_id=programme.provider_id,
        code=programme.code,
        name=_name(programme),
        theme=programme.theme,
        academic_hours=programme.academic_hours,
        audience=tuple(AudienceGroup.model_validate(group) for group in programme.audience),
        rules=_RULES.validate_python(programme.rules),
        completion=completion_of(programme),
        is_approved=programme.approval is Approval.APPROVED,
        valid_from=programme.valid_from,
        valid_until=programme.valid_until,
        approval_chain=tuple(ApprovalLevel(level) for level in programme.approval_chain),
    )


async def taught_from(session: AnySession, programme_id: UUID, day: date, *, pointer: str | None = None) -> Taught:
    """The same, if a course by it may begin on `day`. Raises `ProgrammeUnknown`, `ProgrammeNotValid`."""
    programme = await taught(session, programme_id, pointer=pointer)
    if not rules.is_valid_on(programme.valid_from, programme.valid_until, day):
        raise errors.ProgrammeNotValid(
            pointer=pointer,
            valid_from=programme.valid_from.isoformat() if programme.valid_from else "…",
            valid_until=programme.valid_until.isoformat() if programme.valid_until else "…",
        )
    return programme


def line(programme: ProgrammeRead) -> Mapping[str, Any]:
    """One version as a row of a file."""
    row = programme.model_dump(mode="json")
    row |= {f"name_{language}": row["name"][language] for language in ("kk", "ru", "en")}
    row |= {name: row["completion"][name] for name in ("min_attendance", "tasks_required", "min_score")}
    return {**row, "modules": [f"{module.subject} {module.academic_hours}" for module in programme.modules]}


async def find(session: AnySession, programme_id: UUID) -> Programme:
    """The version. Raises `ProgrammeNotFound`."""
    programme = await repository.find(session, programme_id)
    if programme is None:
        raise errors.ProgrammeNotFound
    return programme


async def demand(session: WriteSession, actor: Actor, programme_id: UUID, *, lock: bool = False) -> Programme:
    """The version, if the caller may manage its provider's. Raises `ProgrammeNotFound`, `OutOfReach`."""
    programme = await (repository.lock if lock else repository.find)(session, programme_id)
    if programme is None:
        raise errors.ProgrammeNotFound
    await providers.demand(session, actor, programme.provider_id)
    return programme


async def told(session: WriteSession, programme: Programme, *, kind: str) -> ProgrammeRead:
    """The version as it is now, which others are told."""
    await session.flush()
    read = (await reads(session, [programme]))[0]
    event = outbox.Event(kind=kind, subject="programme", subject_id=programme.id, data=read.model_dump(mode="json"))
    await outbox.add(session, event)
    return read


async def reads(session: AnySession, programmes: Sequence[Programme]) -> list[ProgrammeRead]:
    """The versions as bodies."""
    modules = await repository.modules(session, [programme.id for programme in programmes])
    return [_read(programme, modules[programme.id]) for programme in programmes]


def completion_of(programme: Programme) -> CompletionRule:
    """What it takes to pass."""
    return CompletionRule.model_validate(
        {
            name: getattr(programme, name)
            for name in ("min_attendance", "tasks_required", "min_score", "min_tasks", "resit", "evaluator_not_trainer")
        }
    )


def _read(programme: Programme, modules: Sequence[ProgrammeModule]) -> ProgrammeRead:
    return ProgrammeRead.model_validate(
        {
            **{name: getattr(programme, name) for name in ProgrammeRead.model_fields if name not in _MADE},
            "name": _name(programme),
            "completion": completion_of(programme),
            "modules": [
                ModuleRead(
                    subject=module.subject,
                    name=TextOut(kk=module.name_kk, ru=module.name_ru, en=module.name_en),
                    academic_hours=module.academic_hours,
                )
                for module in modules
            ],
        }
    )


def _name(programme: Programme) -> TextOut:
    return TextOut(kk=programme.name_kk, ru=programme.name_ru, en=programme.name_en)
