"""What is done with selections: saved, found again, changed and thrown away by their owners."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api.organisations.service import scope
from services.registry_api.selections import errors, repository
from services.registry_api.selections.models import Selection
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.selections import SelectionCreate, SelectionCriteria, SelectionUpdate

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 12
_NAMED = 10

listed = repository.listed
"""A part of the statements of other capabilities: the organisations of a selection that is a list."""


async def save(session: WriteSession, actor: Actor, asked: SelectionCreate, *, now: datetime) -> Selection:
    """Keep a selection for its owner."""
    await _require(session, asked.organisation_ids or (), now=now)
    selection = Selection(
        id=new_id(),
        token="".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
        owner=actor.principal,
        name=asked.name,
        shared=asked.shared,
        criteria=_kept(asked.criteria),
        organisation_ids=asked.organisation_ids,
        created_at=now,
        updated_at=now,
    )
    session.add(selection)
    await session.flush()
    return selection


async def get(session: AnySession, token: str, *, actor: Actor | None, pointer: str | None = None) -> Selection:
    """A selection that this caller may use. Raises `SelectionNotFound`."""
    found = await repository.find(session, token)
    if found is None or not (found.shared or (actor is not None and actor.principal == found.owner)):
        raise errors.SelectionNotFound(pointer=pointer)
    return found


async def lock(session: WriteSession, token: str, actor: Actor) -> Selection:
    """One's own selection, to be changed. Raises `SelectionNotFound`, `SelectionNotYours`."""
    found = await repository.lock(session, token)
    if found is None or (found.owner != actor.principal and not found.shared):
        raise errors.SelectionNotFound()
    if found.owner != actor.principal:
        raise errors.SelectionNotYours()
    return found


async def change(session: WriteSession, selection: Selection, patch: SelectionUpdate, *, now: datetime) -> None:
    """Change what the patch names; criteria and a list take each other's place."""
    told = patch.model_fields_set
    for name in sorted(told):
        if getattr(patch, name) is None:
            raise errors.NothingSelected(pointer=f"/{name}")
    if {"criteria", "organisation_ids"} <= told:
        raise errors.CriteriaOrList()
    if patch.name is not None:
        selection.name = patch.name
    if patch.shared is not None:
        selection.shared = patch.shared
    if patch.criteria is not None:
        selection.criteria, selection.organisation_ids = _kept(patch.criteria), None
    if patch.organisation_ids is not None:
        await _require(session, patch.organisation_ids, now=now)
        selection.criteria, selection.organisation_ids = None, patch.organisation_ids
    if told:
        selection.updated_at = now
    await session.flush()


async def drop(session: WriteSession, selection: Selection) -> None:
    """Throw it away: whoever uses it from now on is told that it does not exist."""
    await session.delete(selection)
    await session.flush()


async def page(session: ReadSession, actor: Actor, *, after: Sequence[Any] | None, limit: int) -> list[dict[str, Any]]:
    """One's own selections, the newest first."""
    return [document(one) for one in await repository.page(session, actor.principal, after=after, limit=limit)]


async def count(session: ReadSession, actor: Actor) -> int:
    """How many one has."""
    return await repository.count(session, actor.principal)


def document(selection: Selection) -> dict[str, Any]:
    """A selection as `SelectionRead`, with the key its list is ordered by."""
    return {
        "id": selection.token,
        "key": selection.id,
        "name": selection.name,
        "shared": selection.shared,
        "kind": "list" if selection.criteria is None else "criteria",
        "criteria": selection.criteria,
        "organisation_ids": selection.organisation_ids,
        "version": selection.version,
        "created_at": selection.created_at,
        "updated_at": selection.updated_at,
    }


def _kept(criteria: SelectionCriteria | None) -> dict[str, Any] | None:
    return None if criteria is None else criteria.model_dump(mode="json", exclude_unset=True)


async def _require(session: WriteSession, ids: Collection[UUID], *, now: datetime) -> None:
    if not ids:
        return
    known = await scope.briefly(session, ids, on=day_in_kazakhstan(now))
    unknown = [str(one) for one in ids if one not in known]
    if unknown:
        raise errors.OrganisationsUnknown(pointer="/organisation_ids", unknown=", ".join(unknown[:_NAMED]))
