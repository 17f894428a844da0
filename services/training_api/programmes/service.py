"""What is done with programmes: drafting, versioning, approving."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.programmes import errors, repository, rules
from services.training_api.programmes.models import Programme, ProgrammeModule
from services.training_api.providers import service as providers
from shared import outbox
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import LocalisedText, TextOut
from shared.schemas.training.programmes import (
    Approval,
    ApprovalDecision,
    AudienceGroup,
    CompletionRule,
    ModuleCreate,
    ModuleRead,
    ProgrammeCreate,
    ProgrammeQuery,
    ProgrammeRead,
    ProgrammeVersionCreate,
)


@dataclass(frozen=True, slots=True)
class Taught:
    """What other capabilities need to know of a programme."""

    id: UUID
    provider_id: UUID
    name: TextOut
    academic_hours: int
    audience: tuple[AudienceGroup, ...]
    completion: CompletionRule
    is_approved: bool


async def draft(session: WriteSession, actor: Actor, body: ProgrammeCreate, *, now: datetime) -> ProgrammeRead:
    """Write the first version. Raises `ProviderUnknown`, `OutOfReach`, `ProgrammeExists`, `HoursDoNotAddUp`."""
    await providers.demand(session, actor, body.provider_id, pointer="/provider_id")
    hours = rules.total_hours([module.academic_hours for module in body.modules])
    if body.academic_hours not in (None, hours):
        raise errors.HoursDoNotAddUp(pointer="/academic_hours", modules=hours, programme=body.academic_hours)
    if await repository.last_version(session, body.code) is not None:
        raise errors.ProgrammeExists
    programme = Programme(
        provider_id=body.provider_id,
        code=body.code,
        number=1,
        name_kk=body.name.kk,
        name_ru=body.name.ru,
        name_en=body.name.en,
        kind=body.kind,
        academic_hours=hours,
        audience=[group.model_dump(mode="json") for group in body.audience],
        min_attendance=body.completion.min_attendance,
        tasks_required=body.completion.tasks_required,
        min_score=body.completion.min_score,
        approval=Approval.DRAFT,
        created_at=now,
        updated_at=now,
    )
    return await _add(session, programme, body.modules, kind="programme.drafted")


async def add_version(
    session: WriteSession, actor: Actor, programme_id: UUID, body: ProgrammeVersionCreate, *, now: datetime
) -> ProgrammeRead:
    """Write the next version, as the newest one save what `body` gives; it begins as a draft."""
    named = await _demand(session, actor, programme_id)
    last = await repository.last_version(session, named.code)
    assert last is not None
    given = body.modules
    if given is None:
        kept = (await repository.modules(session, [last.id]))[last.id]
        given = [
            ModuleCreate(
                subject=module.subject,
                name=LocalisedText(kk=module.name_kk, ru=module.name_ru, en=module.name_en),
                academic_hours=module.academic_hours,
            )
            for module in kept
        ]
    completion = body.completion or _completion(last)
    programme = Programme(
        provider_id=last.provider_id,
        code=last.code,
        number=last.number + 1,
        name_kk=body.name.kk if body.name else last.name_kk,
        name_ru=body.name.ru if body.name else last.name_ru,
        name_en=body.name.en if body.name else last.name_en,
        kind=last.kind,
        academic_hours=rules.total_hours([module.academic_hours for module in given]),
        audience=last.audience if body.audience is None else [one.model_dump(mode="json") for one in body.audience],
        min_attendance=completion.min_attendance,
        tasks_required=completion.tasks_required,
        min_score=completion.min_score,
        approval=Approval.DRAFT,
        created_at=now,
        updated_at=now,
    )
    return await _add(session, programme, given, kind="programme.versioned")


async def decide(
    session: WriteSession, actor: Actor, programme_id: UUID, body: ApprovalDecision, *, now: datetime
) -> ProgrammeRead:
    """Approve or reject a draft. Raises `ProgrammeNotFound`, `OutOfReach`, `AlreadyDecided`."""
    programme = await _demand(session, actor, programme_id, lock=True)
    if not rules.may_be_decided(programme.approval):
        raise errors.AlreadyDecided(approval=programme.approval)
    programme.approval = Approval.APPROVED if body.approved else Approval.REJECTED
    programme.approved_by = body.decided_by
    programme.approved_on = body.decided_on
    programme.approval_basis = body.basis
    programme.updated_at = now
    return await _told(session, programme, kind=f"programme.{programme.approval}")


async def get(session: AnySession, programme_id: UUID) -> ProgrammeRead:
    """One version. Raises `ProgrammeNotFound`."""
    programme = await repository.find(session, programme_id)
    if programme is None:
        raise errors.ProgrammeNotFound
    return (await _reads(session, [programme]))[0]


async def page(session: AnySession, query: ProgrammeQuery, *, after: Sequence[Any] | None) -> list[ProgrammeRead]:
    """Versions by code and number."""
    return await _reads(session, await repository.page(session, query, after=after))


async def count(session: AnySession, query: ProgrammeQuery) -> int:
    """How many versions there are."""
    return await repository.count(session, query)


async def taught(session: AnySession, programme_id: UUID, *, pointer: str | None = None) -> Taught:
    """What is needed to enrol in it and to complete it. Raises `ProgrammeUnknown`."""
    programme = await repository.find(session, programme_id)
    if programme is None:
        raise errors.ProgrammeUnknown(pointer=pointer)
    return Taught(
        id=programme.id,
        provider_id=programme.provider_id,
        name=_name(programme),
        academic_hours=programme.academic_hours,
        audience=tuple(AudienceGroup.model_validate(group) for group in programme.audience),
        completion=_completion(programme),
        is_approved=programme.approval is Approval.APPROVED,
    )


async def codes(session: AnySession, programme_ids: Collection[UUID]) -> dict[UUID, str]:
    """The codes that versions share with their other versions."""
    return await repository.codes(session, programme_ids) if programme_ids else {}


async def _demand(session: WriteSession, actor: Actor, programme_id: UUID, *, lock: bool = False) -> Programme:
    programme = await (repository.lock if lock else repository.find)(session, programme_id)
    if programme is None:
        raise errors.ProgrammeNotFound
    await providers.demand(session, actor, programme.provider_id)
    return programme


async def _add(
    session: WriteSession, programme: Programme, modules: Sequence[ModuleCreate], *, kind: str
) -> ProgrammeRead:
    session.add(programme)
    await session.flush()
    session.add_all(
        ProgrammeModule(
            programme_id=programme.id,
            place=place,
            subject=module.subject,
            name_kk=module.name.kk,
            name_ru=module.name.ru,
            name_en=module.name.en,
            academic_hours=module.academic_hours,
        )
        for place, module in enumerate(modules, 1)
    )
    return await _told(session, programme, kind=kind)


async def _told(session: WriteSession, programme: Programme, *, kind: str) -> ProgrammeRead:
    await session.flush()
    read = (await _reads(session, [programme]))[0]
    event = outbox.Event(kind=kind, subject="programme", subject_id=programme.id, data=read.model_dump(mode="json"))
    await outbox.add(session, event)
    return read


async def _reads(session: AnySession, programmes: Sequence[Programme]) -> list[ProgrammeRead]:
    modules = await repository.modules(session, [programme.id for programme in programmes])
    return [_read(programme, modules[programme.id]) for programme in programmes]


def _read(programme: Programme, modules: Sequence[ProgrammeModule]) -> ProgrammeRead:
    return ProgrammeRead.model_validate(
        {
            **{
                name: getattr(programme, name)
                for name in ProgrammeRead.model_fields
                if name not in {"name", "modules", "completion"}
            },
            "name": _name(programme),
            "completion": _completion(programme),
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


def _completion(programme: Programme) -> CompletionRule:
    return CompletionRule(
        min_attendance=programme.min_attendance,
        tasks_required=programme.tasks_required,
        min_score=programme.min_score,
    )
