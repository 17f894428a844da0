"""What is done with imports: handed in, looked at, undone. The reading itself is `work`."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from services.registry_api.imports import errors, repository
from services.registry_api.imports.models import Import
from services.registry_api.observations import service as observations
from shared import jobs
from shared.auth import Actor, Role, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError, Text
from shared.ids import new_id
from shared.schemas.registry.import_mappings import (
    AreasMapping,
    IndicatorsMapping,
    ObservationsMapping,
    OrganisationsMapping,
)
from shared.schemas.registry.import_room_mappings import (
    ConstructionMapping,
    EventsMapping,
    MembershipsMapping,
    TargetsMapping,
)
from shared.schemas.registry.import_room_mappings import Mapping as ColumnMapping
from shared.schemas.registry.import_words import ImportKind, ImportState
from shared.schemas.registry.imports import ImportsQuery
from shared.schemas.sheets import Delimiter, FileEncoding

APPLY = "import.apply"
UNDO = "import.undo"
"""Kinds of job."""

PART_BYTES = 1 << 20
_OVERSEERS = frozenset({Role.ADMIN, Role.AUDITOR})
"""Roles that see what others handed in."""
_FORMS: Mapping[ImportKind, TypeAdapter[ColumnMapping]] = {
    ImportKind.ORGANISATIONS: TypeAdapter(OrganisationsMapping),
    ImportKind.OBSERVATIONS: TypeAdapter(ObservationsMapping),
    ImportKind.AREAS: TypeAdapter(AreasMapping),
    ImportKind.INDICATORS: TypeAdapter(IndicatorsMapping),
    ImportKind.MEMBERSHIPS: TypeAdapter(MembershipsMapping),
    ImportKind.TARGETS: TypeAdapter(TargetsMapping),
    ImportKind.EVENTS: TypeAdapter(EventsMapping),
    ImportKind.CONSTRUCTION_PROJECTS: TypeAdapter(ConstructionMapping),
}
_COUNTRYWIDE = frozenset({ImportKind.AREAS, ImportKind.INDICATORS})
_WRONG = Text(
    kk="Сипаттаманың бұл жерінде қате бар", ru="В этом месте описания ошибка", en="The mapping is wrong at this place"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a file is to be taken."""

    kind: ImportKind
    file_name: str
    mapping: str | None = None
    dry_run: bool = False
    partial: bool = False
    delimiter: Delimiter | None = None
    encoding: FileEncoding | None = None


def mapping_of(kind: ImportKind, text: str | None) -> ColumnMapping | None:
    """The mapping in a text of JSON; raises `MappingUnreadable` with a pointer to every place that is wrong."""
    if text is None or not text.strip():
        return None
    try:
        return _FORMS[kind].validate_json(text)
    except ValidationError as error:
        raise errors.MappingUnreadable(
            errors=[
                FieldError(_pointer(one["loc"]), str(one["type"]), _sentence(one.get("ctx") or {}))
                for one in error.errors(include_url=False, include_input=False)[:50]
            ]
        ) from None


def mapping_from(kind: ImportKind, kept: Mapping[str, Any] | None) -> ColumnMapping | None:
    """The mapping of an import, as it was handed in."""
    return None if kept is None else _FORMS[kind].validate_python(kept)


async def hand_in(
    session: WriteSession,
    actor: Actor,
    asked: Asked,
    read: Callable[[int], Awaitable[bytes]],
    *,
    limit_bytes: int,
    now: datetime,
) -> Import:
    """Keep a file and ask for it to be read. Raises `MappingUnreadable`, `FileEmpty`, `FileTooLarge`, `OutOfReach`."""
    if asked.kind in _COUNTRYWIDE:
        actor.demand(Scope.REGISTRY_WRITE, None)
    mapping = mapping_of(asked.kind, asked.mapping)
    one = Import(
        id=new_id(),
        kind=asked.kind.value,
        state=ImportState.QUEUED.value,
        file_name=asked.file_name,
        file_size=0,
        file_sha256="",
        options={
            "dry_run": asked.dry_run,
            "partial": asked.partial,
            "delimiter": asked.delimiter.value if asked.delimiter else None,
            "encoding": asked.encoding.value if asked.encoding else None,
        },
        mapping=None if mapping is None else mapping.model_dump(mode="json", exclude_unset=True),
        created_by=actor.subject,
        reach=_reach(actor),
        created_at=now,
        updated_at=now,
    )
    one.job_id = await jobs.enqueue(session, kind=APPLY, arguments={"import_id": str(one.id)}, actor=actor, now=now)
    await repository.add(session, one)
    digest = hashlib.sha256()
    async for place, part in _in_parts(read):
        one.file_size += len(part)
        if one.file_size > limit_bytes:
            raise errors.FileTooLarge(pointer="/file", limit_bytes=limit_bytes)
        digest.update(part)
        await repository.add_part(session, one.id, place, part)
    if one.file_size == 0:
        raise errors.FileEmpty(pointer="/file")
    one.file_sha256 = digest.hexdigest()
    await session.flush()
    return one


async def get(session: AnySession, actor: Actor, import_id: UUID, *, lock: bool = False) -> Import:
    """An import the caller may see; raises `ImportNotFound`."""
    one = await repository.find(session, import_id, lock=lock)
    if one is None or (one.created_by != actor.subject and _OVERSEERS.isdisjoint(actor.roles)):
        raise errors.ImportNotFound
    return one


async def page(
    session: AnySession, actor: Actor, query: ImportsQuery, *, after: Sequence[Any] | None
) -> tuple[list[dict[str, Any]], int | None]:
    """Up to `limit` + 1 of the imports the caller may see, newest first, and how many if that was asked."""
    only_of = None if not _OVERSEERS.isdisjoint(actor.roles) else actor.subject
    rows = await repository.page(session, query, only_of=only_of, after=after, limit=query.limit + 1)
    total = await repository.count(session, query, only_of=only_of) if query.count else None
    return rows, total


async def ask_to_undo(session: WriteSession, actor: Actor, import_id: UUID, now: datetime) -> tuple[Import, UUID]:
    """Ask for an import to be undone; the import and the job.

    Raises `ImportNotFound`, `ImportNotApplied`, `ImportKindNotUndone`, `ImportStoodUpon`.
    """
    one = await get(session, actor, import_id, lock=True)
    await check_undoable(session, one)
    job_id = await jobs.enqueue(
        session,
        kind=UNDO,
        arguments={"import_id": str(one.id), "reach": _reach(actor), "subject": actor.subject},
        actor=actor,
        now=now,
    )
    return one, job_id


async def check_undoable(session: WriteSession, one: Import) -> None:
    """Raise unless the import can be undone now."""
    if one.state != ImportState.APPLIED:
        raise errors.ImportNotApplied(state=one.state)
    if one.kind in _COUNTRYWIDE:
        raise errors.ImportKindNotUndone
    if one.kind == ImportKind.OBSERVATIONS:
        superseded = await observations.superseded_of(session, one.id)
        if superseded:
            raise errors.ImportStoodUpon(count=superseded)


def actor_of(subject: str, reach: Mapping[str, Any]) -> Actor:
    """Whoever asked, as kept."""
    return Actor(
        subject,
        frozenset(Role(role) for role in reach["roles"]),
        frozenset(Scope(scope) for scope in reach["scopes"]),
        reach["area"],
        UUID(reach["organisation"]) if reach["organisation"] else None,
        reach["issuer"],
    )


def _reach(actor: Actor) -> dict[str, Any]:
    return {
        "roles": sorted(role.value for role in actor.roles),
        "scopes": sorted(scope.value for scope in actor.scopes),
        "area": actor.area,
        "organisation": str(actor.organisation) if actor.organisation else None,
        "issuer": actor.issuer,
    }


async def _in_parts(read: Callable[[int], Awaitable[bytes]]) -> AsyncIterator[tuple[int, bytes]]:
    place = 0
    while part := await read(PART_BYTES):
        yield place, part
        place += 1


def _pointer(location: Sequence[int | str]) -> str:
    return "/mapping" + "".join("/" + str(step)[:100].replace("~", "~0").replace("/", "~1") for step in location)


def _sentence(context: Mapping[str, Any]) -> Text:
    if {"kk", "ru", "en"} <= context.keys():
        return Text(str(context["kk"]), str(context["ru"]), str(context["en"]))
    return _WRONG
