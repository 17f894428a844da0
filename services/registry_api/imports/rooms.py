"""Takes in what other capabilities keep (memberships, targets, events, construction projects), and takes it back.

They add and do not amend: a row that says exactly what an earlier one said brings nothing, any other is a new thing, or
is refused by its capability.
"""

import hashlib
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.registry_api.construction import service as construction
from services.registry_api.events import service as events
from services.registry_api.imports import errors, repository
from services.registry_api.imports.documents import Document, FieldsMapping
from services.registry_api.imports.fields import ORGANISATIONS_NAMED
from services.registry_api.imports.intakes import DocumentsIntake, M, Task
from services.registry_api.imports.models import Import
from services.registry_api.imports.reports import Report
from services.registry_api.networks import service as networks
from services.registry_api.observations import service as observations
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.organisations.succession import Undoing
from services.registry_api.rows import RowRefusal
from services.registry_api.targets import service as targets
from shared.auth import Actor
from shared.db.bitemporal import NewerStandsError
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.schemas.registry.construction import ConstructionProjectCreate, StageChangeCreate
from shared.schemas.registry.construction_words import ConstructionReason, Stage
from shared.schemas.registry.events import EventCreate, EventStatus, EventTransition
from shared.schemas.registry.import_words import ImportKind
from shared.schemas.registry.memberships import MembershipRow
from shared.schemas.registry.targets import TargetCreate
from shared.sheets.findings import Finding, shortened
from shared.sheets.opening import Row

_TAKEN_BACK = "Импорт қайтарылды · Импорт отменён"


class RoomIntake(DocumentsIntake[M]):
    """Rows that another capability enters one by one, each whole or not at all."""

    most_rows = 20_000
    portion = 500

    def __init__(self, task: Task, report: Report, mapping: FieldsMapping | None) -> None:
        super().__init__(task, report, mapping)
        self._ids: list[UUID] = []

    async def take(self, session: WriteSession, rows: Sequence[Row]) -> None:
        await super().take(session, await self._resolved(session, rows))

    async def _resolved(self, session: WriteSession, rows: Sequence[Row]) -> list[Row]:
        """Rows with ids in the place of the identifiers that name organisations."""
        assert self._reader is not None
        columns = [
            column
            for name in sorted(ORGANISATIONS_NAMED.get(self.kind, ()))
            if (column := self._reader.column_of(name))
        ]
        texts = {cells[column.place] for _, cells in rows for column in columns if cells[column.place]}
        asked = {text for text in texts if not _is_id(text)}
        known = await organisations.bearers_of_any(session, asked) if asked else {}
        good: list[Row] = []
        for number, cells in rows:
            filled = list(cells)
            for column in columns:
                text = cells[column.place]
                if not text or _is_id(text):
                    continue
                found = known.get(text, set())
                if len(found) == 1:
                    filled[column.place] = str(next(iter(found)))
                elif found:
                    self._report.error(
                        Finding.of("identifier_ambiguous", row=number, column=column.heading, value=text)
                    )
                else:
                    fault = observations.unknown_organisation()
                    self._report.error(
                        Finding(number, column.heading, shortened(text), fault.finding.value, fault.message)
                    )
            if not self._report.is_bad(number):
                good.append((number, filled))
        return good

    async def _do(self, session: WriteSession, documents: Sequence[Document[M]]) -> Sequence[RowRefusal]:
        prints = [_fingerprint(self.kind, document.content) for document in documents]
        before = await repository.brought_before(session, prints)
        refusals: list[RowRefusal] = []
        brought: dict[bytes, UUID] = {}
        async with session.begin_nested() as trial:
            for place, (document, mark) in enumerate(zip(documents, prints, strict=True)):
                if mark in before or mark in brought:
                    continue
                try:
                    async with session.begin_nested():
                        brought[mark] = await self._enter(session, document.content)
                except Problem as problem:
                    pointer = problem.errors[0].pointer if problem.errors else ""
                    refusals.append(RowRefusal(place, pointer, problem))
            if refusals:  # the good ones are entered again without the bad ones
                await trial.rollback()
                return refusals
        if brought:
            await repository.remember_rows(session, self._task.import_id, brought)
        self._ids += brought.values()
        self._report.created += len(brought)
        self._report.unchanged += len(documents) - len(brought)
        return []

    @abstractmethod
    async def _enter(self, session: WriteSession, content: M) -> UUID:
        """Let the capability enter one; its id. Raises what the capability refuses it with."""

    def brought(self) -> dict[str, Any] | None:
        return {"ids": [str(one) for one in self._ids], "recorded_at": self._task.now.isoformat()}


class MembershipsIntake(RoomIntake[MembershipRow]):
    """Who belongs to which network."""

    kind = ImportKind.MEMBERSHIPS
    form = MembershipRow

    async def _enter(self, session: WriteSession, content: MembershipRow) -> UUID:
        return await networks.admit(session, self._task.actor, content, self._task.now)


class TargetsIntake(RoomIntake[TargetCreate]):
    """What was promised in numbers."""

    kind = ImportKind.TARGETS
    form = TargetCreate

    async def _enter(self, session: WriteSession, content: TargetCreate) -> UUID:
        return await targets.state(session, self._task.actor, content, now=self._task.now)


class EventsIntake(RoomIntake[EventCreate]):
    """What is planned or was held."""

    kind = ImportKind.EVENTS
    form = EventCreate

    async def _enter(self, session: WriteSession, content: EventCreate) -> UUID:
        return await events.enter(session, self._task.actor, content, now=self._task.now)


class ConstructionIntake(RoomIntake[ConstructionProjectCreate]):
    """Schools to be built."""

    kind = ImportKind.CONSTRUCTION_PROJECTS
    form = ConstructionProjectCreate

    async def _enter(self, session: WriteSession, content: ConstructionProjectCreate) -> UUID:
        return await construction.create(session, self._task.actor, content, now=self._task.now)


async def take_back(session: WriteSession, one: Import, actor: Actor, *, now: datetime) -> None:
    """Undo an import of one of these kinds. Raises `ImportStoodUpon` where something newer stands on it."""
    brought = one.brought or {"ids": [], "recorded_at": now.isoformat()}
    undoing = Undoing(one.id, datetime.fromisoformat(brought["recorded_at"]), now)
    try:
        for resource_id in map(UUID, brought["ids"]):
            await _TAKE_BACK[ImportKind(one.kind)](session, actor, resource_id, now)
        if one.kind == ImportKind.MEMBERSHIPS:
            await networks.take_back(session, undoing)
    except NewerStandsError:
        raise errors.ImportStoodUpon(count=1) from None
    await repository.forget_rows(session, one.id)


async def _nothing(_session: WriteSession, _actor: Actor, _resource_id: UUID, _now: datetime) -> None:
    """Memberships are taken back together, by the moment they were recorded at."""


async def _withdraw_target(session: WriteSession, actor: Actor, resource_id: UUID, now: datetime) -> None:
    target = await targets.lock(session, resource_id)
    _refuse_changed(target.version)
    await targets.withdraw(session, actor, target, now=now)


async def _cancel_event(session: WriteSession, actor: Actor, resource_id: UUID, now: datetime) -> None:
    event = await events.lock(session, resource_id)
    _refuse_changed(event.version)
    step = EventTransition(to=EventStatus.CANCELLED, reason=_TAKEN_BACK)
    await events.move(session, actor, event, step, now=now)


async def _cancel_project(session: WriteSession, actor: Actor, resource_id: UUID, now: datetime) -> None:
    project = await construction.lock(session, actor, resource_id, now=now)
    _refuse_changed(project.version)
    step = StageChangeCreate(stage=Stage.CANCELLED, reason=ConstructionReason.CORRECTION, comment=_TAKEN_BACK)
    await construction.change_stage(session, project, step, now=now)


_TAKE_BACK: Mapping[ImportKind, Callable[[WriteSession, Actor, UUID, datetime], Awaitable[None]]] = {
    ImportKind.MEMBERSHIPS: _nothing,
    ImportKind.TARGETS: _withdraw_target,
    ImportKind.EVENTS: _cancel_event,
    ImportKind.CONSTRUCTION_PROJECTS: _cancel_project,
}


def _refuse_changed(version: int) -> None:
    if version > 1:
        raise errors.ImportStoodUpon(count=1)


def _fingerprint(kind: ImportKind, content: BaseModel) -> bytes:
    return hashlib.sha256(f"{kind.value}\n{content.model_dump_json(exclude_unset=True)}".encode()).digest()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
