"""What is done with the replica: applying the registry's changes, and looking organisations up."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.training_api.organisations import errors, repository
from services.training_api.organisations.repository import Known, within
from services.training_api.organisations.rules import Reach, reach
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.changes import ChangeRead

__all__ = [
    "Known",
    "Reach",
    "apply",
    "counts_by_type",
    "demand",
    "find_many",
    "get",
    "reach",
    "require",
    "sight",
    "unknown",
    "within",
]

FEED = "registry"
_SUBJECT = "organisation"
_DELETED = "organisation.deleted"


async def apply(session: WriteSession, changes: Sequence[ChangeRead]) -> None:
    """Write down what the registry's feed tells. Applying the same change again changes nothing."""
    latest = {change.subject_id: change for change in changes if change.subject == _SUBJECT}
    known = [change for change in latest.values() if change.kind != _DELETED]
    if known:
        await repository.write(session, [_row(change) for change in sorted(known, key=lambda one: one.subject_id)])
    for change in latest.values():
        if change.kind == _DELETED:
            await repository.mark_deleted(session, UUID(change.subject_id), position=change.position)


def _row(change: ChangeRead) -> dict[str, Any]:
    data = change.data
    name = data.get("name") or {}
    return {
        "id": UUID(change.subject_id),
        "type": data["type"],
        "kind": data.get("kind"),
        "status": data["status"],
        "name_kk": name.get("kk"),
        "name_ru": name.get("ru"),
        "name_en": name.get("en"),
        "area": data.get("area"),
        "area_path": list(data.get("area_path") or ()),
        "ownership": data.get("ownership"),
        "setting": data.get("setting"),
        "languages": sorted(data.get("languages") or ()),
        "is_synthetic": bool(data.get("is_synthetic", False)),
        "valid_from": date.fromisoformat(data["valid_from"]) if data.get("valid_from") else None,
        "deleted": False,
        "position": change.position,
    }


async def get(session: AnySession, organisation_id: UUID) -> Known:
    """An organisation that is referred to here. Raises `OrganisationUnknown`."""
    return await require(session, organisation_id, pointer=None)


async def require(session: AnySession, organisation_id: UUID, *, pointer: str | None = "/organisation_id") -> Known:
    """The organisation a caller names at `pointer`. Raises `OrganisationUnknown`."""
    known = await repository.find(session, organisation_id)
    if known is None:
        raise unknown(organisation_id, pointer=pointer)
    return known


def unknown(organisation_id: UUID, *, pointer: str | None = None) -> errors.OrganisationUnknown:
    """The problem that this organisation is not known here."""
    return errors.OrganisationUnknown(
        pointer=pointer, headers={"Retry-After": "1"}, organisation_id=str(organisation_id)
    )


async def find_many(session: AnySession, organisation_ids: Collection[UUID]) -> dict[UUID, Known]:
    """Those of the organisations that are known."""
    return await repository.find_many(session, organisation_ids)


async def counts_by_type(session: AnySession, organisation_ids: Collection[UUID]) -> list[tuple[str, int]]:
    """How many of the organisations are of each type."""
    return await repository.counts_by_type(session, organisation_ids)


async def demand(session: AnySession, actor: Actor, scope: Scope, organisation_id: UUID) -> Known:
    """The organisation, if the caller may do what `scope` says for it. Raises `OutOfReach`, `OrganisationUnknown`."""
    known = await get(session, organisation_id)
    actor.demand(scope, known.area_path, known.id)
    return known


def sight(actor: Actor) -> Reach:
    """Whose personal data the caller may see. Raises `PersonalDataOutOfReach` for who may see nobody's."""
    seen = reach(actor, Scope.TRAINING_READ)
    if seen.is_nowhere:
        raise errors.PersonalDataOutOfReach
    return seen
