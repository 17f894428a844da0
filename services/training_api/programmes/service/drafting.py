"""Writing programmes: the first version, and every next one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.organisations import service as organisations
from services.training_api.programmes import errors, repository, rules
from services.training_api.programmes.models import Programme, ProgrammeModule
from services.training_api.programmes.service.reading import demand, told
from services.training_api.providers import service as providers
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.schemas.base import LocalisedText
from shared.schemas.training.programmes import (
    Approval,
    ModuleCreate,
    ProgrammeCreate,
    ProgrammeRead,
    ProgrammeVersionCreate,
)
from shared.schemas.training.words import ApprovalLevel

_KEPT = (
    *("name_kk", "name_ru", "name_en", "audience", "theme", "mode", "languages", "rules", "valid_from", "valid_until"),
    *("min_attendance", "tasks_required", "min_score", "min_tasks", "resit", "evaluator_not_trainer", "approval_chain"),
)
"""What a version has from the one before unless it says otherwise."""
_NULLABLE = ("theme", "mode", "valid_from", "valid_until")


async def draft(session: WriteSession, actor: Actor, body: ProgrammeCreate, *, now: datetime) -> ProgrammeRead:
    """Write the first version.

    Raises `ProviderUnknown`, `OutOfReach`, `OrganisationUnknown`, `ProgrammeExists`, `HoursDoNotAddUp`,
    `ValidityReversed`.
    """
    await providers.demand(session, actor, body.provider_id, pointer="/provider_id")
    if body.proposer_id is not None:
        await organisations.require(session, body.proposer_id, pointer="/proposer_id")
    hours = rules.total_hours([module.academic_hours for module in body.modules])
    if body.academic_hours not in (None, hours):
        raise errors.HoursDoNotAddUp(pointer="/academic_hours", modules=hours, programme=body.academic_hours)
    if await repository.last_version(session, body.code) is not None:
        raise errors.ProgrammeExists
    programme = Programme(
        provider_id=body.provider_id,
        code=body.code,
        number=1,
        kind=body.kind,
        proposer_id=body.proposer_id,
        **_given(body),
        **{name: getattr(body, name) for name in _NULLABLE},
    )
    return await _add(session, programme, body.modules, kind="programme.drafted", now=now)


async def add_version(
    session: WriteSession, actor: Actor, programme_id: UUID, body: ProgrammeVersionCreate, *, now: datetime
) -> ProgrammeRead:
    """Write the next version, as the newest one save what `body` gives; it begins as a draft.

    Raises `ProgrammeNotFound`, `OutOfReach`, `ValidityReversed`.
    """
    named = await demand(session, actor, programme_id)
    last = await repository.last_version(session, named.code)
    assert last is not None
    programme = Programme(
        provider_id=last.provider_id,
        code=last.code,
        number=last.number + 1,
        kind=last.kind,
        proposer_id=last.proposer_id,
        **{name: getattr(last, name) for name in _KEPT}
        | _given(body)
        | {name: getattr(body, name) for name in _NULLABLE if name in body.model_fields_set},
    )
    modules = await _modules(session, last.id) if body.modules is None else body.modules
    return await _add(session, programme, modules, kind="programme.versioned", now=now)


def _given(body: ProgrammeCreate | ProgrammeVersionCreate) -> dict[str, Any]:
    """The columns of what the body gives and of what cannot be empty."""
    given: dict[str, Any] = {}
    if body.name is not None:
        given |= {f"name_{language}": getattr(body.name, language) for language in ("kk", "ru", "en")}
    if body.audience is not None:
        given["audience"] = [group.model_dump(mode="json") for group in body.audience]
    if body.completion is not None:
        given |= body.completion.model_dump(exclude={"resit"})
        resit = body.completion.resit
        given["resit"] = None if resit is None else resit.model_dump(mode="json")
    if body.languages is not None:
        given["languages"] = list(dict.fromkeys(language.value for language in body.languages))
    if body.approval_chain is not None:
        given["approval_chain"] = [level.value for level in ApprovalLevel if level in body.approval_chain]
    if body.rules is not None:
        given["rules"] = [rule.model_dump(mode="json") for rule in body.rules]
    return given


async def _modules(session: WriteSession, programme_id: UUID) -> list[ModuleCreate]:
    kept = (await repository.modules(session, [programme_id]))[programme_id]
    return [
        ModuleCreate(
            subject=module.subject,
            name=LocalisedText(kk=module.name_kk, ru=module.name_ru, en=module.name_en),
            academic_hours=module.academic_hours,
        )
        for module in kept
    ]


async def _add(
    session: WriteSession, programme: Programme, modules: Sequence[ModuleCreate], *, kind: str, now: datetime
) -> ProgrammeRead:
    _check(programme.valid_from, programme.valid_until)
    programme.approval = Approval.DRAFT
    programme.academic_hours = rules.total_hours([module.academic_hours for module in modules])
    programme.search_key = rules.search_key(programme.code, programme.name_kk, programme.name_ru, programme.name_en)
    programme.created_at = programme.updated_at = now
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
    return await told(session, programme, kind=kind)


def _check(valid_from: date | None, valid_until: date | None) -> None:
    if valid_from is not None and valid_until is not None and valid_until <= valid_from:
        raise errors.ValidityReversed(pointer="/valid_until")
