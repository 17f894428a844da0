"""The jobs of imports: read a file and apply it, whole or not at all; undo it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from services.registry_api.imports import errors, persons, repository, rooms
from services.registry_api.imports import service as imports
from services.registry_api.imports.headings import field_of
from services.registry_api.imports.intakes import AreasIntake, IndicatorsIntake, Intake, OrganisationsIntake, Task
from services.registry_api.imports.models import Import
from services.registry_api.imports.observed import ObservationsIntake
from services.registry_api.imports.reports import Report
from services.registry_api.observations import service as observations
from services.registry_api.organisations import service as organisations
from shared import clock
from shared.db.sessions import AnySession, WriteSession
from shared.errors import Problem
from shared.jobs import Handler, JobCancelled, JobContext, JobOutcome
from shared.schemas.registry.import_words import ImportKind, ImportState
from shared.schemas.sheets import Delimiter, FileEncoding
from shared.sheets import opening
from shared.sheets.findings import FileFault, Finding

_MOST_ROWS_A_TURN = 4000
_CELLS_A_TURN = 20_000
"""Rows are read in portions of a fraction of a second, so that the transaction around them is never idle for long."""
_MOST_HARMLESS = 1000
"""Long texts that hold no person's number and need not be looked through again."""
_INTAKES: dict[ImportKind, Callable[..., Intake]] = {
    ImportKind.ORGANISATIONS: OrganisationsIntake,
    ImportKind.OBSERVATIONS: ObservationsIntake,
    ImportKind.AREAS: AreasIntake,
    ImportKind.INDICATORS: IndicatorsIntake,
    ImportKind.MEMBERSHIPS: rooms.MembershipsIntake,
    ImportKind.TARGETS: rooms.TargetsIntake,
    ImportKind.EVENTS: rooms.EventsIntake,
    ImportKind.CONSTRUCTION_PROJECTS: rooms.ConstructionIntake,
}


@dataclass(frozen=True, slots=True)
class Portion:
    """Some rows of a file, as far as they may be read."""

    count: int
    rows: list[opening.Row]
    findings: list[Finding]


class _NotKept(Exception):
    """Ends the transaction without its effect: a dry run, or a file with an error."""


def handlers(secret: bytes | None) -> dict[str, Handler]:
    """The kinds of job this capability carries out; `secret` is what persons' numbers are compared under."""

    async def apply(context: JobContext) -> JobOutcome:
        return await _apply(context, secret)

    return {imports.APPLY: apply, imports.UNDO: _undo}


async def _apply(context: JobContext, secret: bytes | None) -> JobOutcome:
    """Read the file; apply it or tell why not. What an earlier attempt has done already is not done again."""
    import_id = UUID(context.arguments["import_id"])
    with tempfile.TemporaryDirectory(prefix="bilim-import-") as folder:
        path = Path(folder) / "file"
        async with context.database.reading() as session:
            one = await _need(session, import_id)
            if one.state != ImportState.QUEUED:
                return _conclude(one)
            await _lay_out(session, import_id, path)
        report = Report()
        try:
            report.sheet = await asyncio.to_thread(_open, path, one)
        except FileFault as fault:
            report.error(fault.finding)
        task = Task(import_id, imports.actor_of(one.created_by, one.reach), clock.now(), secret)
        return await _read_and_apply(context, one, task, report)


async def _read_and_apply(context: JobContext, one: Import, task: Task, report: Report) -> JobOutcome:
    intake = _intake(one, task, report)
    try:
        async with context.database.writing(context.authorship, reason=context.authorship.reason) as session:
            if report.sheet is None:
                raise _NotKept
            try:
                await _take_all(context, session, intake, report)
            except FileFault as fault:
                report.error(fault.finding)
                raise _NotKept from None
            except Problem as problem:
                report.error(Finding(None, None, None, problem.code, problem.sentence()))
                raise _NotKept from None
            if one.options["dry_run"] or not (report.is_faultless or one.options["partial"]):
                raise _NotKept
            state = ImportState.APPLIED
            kept = await _finish(session, one.id, state, report, clock.now(), brought=intake.brought())
            outcome = _outcome(kept)
            await context.finish_in(session, outcome)
            return outcome
    except _NotKept:
        is_checked = bool(one.options["dry_run"]) and report.sheet is not None
        if not is_checked or not (report.is_faultless or one.options["partial"]):
            report.nothing_done()
    async with context.database.writing(context.authorship) as session:
        state = ImportState.CHECKED if is_checked else ImportState.REFUSED
        kept = await _finish(session, one.id, state, report, clock.now(), brought=None)
    return _conclude(kept)


async def _take_all(context: JobContext, session: WriteSession, intake: Intake, report: Report) -> None:
    sheet = report.sheet
    assert sheet is not None
    await intake.begin(session, sheet.headings)
    if not report.is_faultless:
        return
    watch = _Watch(sheet.headings, intake.identifier_places())
    done = 0
    async with _ahead(_portions(sheet, watch)) as following:
        while portion := await following():
            if context.cancelled():
                raise JobCancelled
            report.rows += portion.count
            if report.rows > intake.most_rows:
                raise FileFault(Finding.of("rows_too_many", limit=intake.most_rows))
            for finding in portion.findings:
                report.error(finding)
            if portion.rows:
                await intake.take(session, portion.rows)
            done += portion.count
            context.progress(0.8 * done / (done + 4 * _MOST_ROWS_A_TURN))
    if report.rows == 0:
        report.error(Finding.of("rows_missing"))
        return
    context.progress(0.8)
    await intake.apply(session)
    context.progress(0.95)


@asynccontextmanager
async def _ahead(portions: Iterator[Portion]) -> AsyncIterator[Callable[[], Awaitable[Portion | None]]]:
    """Gives portion after portion, None at the end; while one is taken in, the next is read in a thread."""
    upcoming = asyncio.ensure_future(asyncio.to_thread(next, portions, None))

    async def following() -> Portion | None:
        nonlocal upcoming
        portion = await upcoming
        if portion is not None:
            upcoming = asyncio.ensure_future(asyncio.to_thread(next, portions, None))
        return portion

    try:
        yield following
    finally:
        await asyncio.wait({upcoming})
        if not upcoming.cancelled():
            upcoming.exception()  # whoever did not come to ask for it does not miss it


class _Watch:
    """Lets no row pass that holds a person's number where none belongs."""

    def __init__(self, headings: Sequence[str], identifier_places: set[int]) -> None:
        self._headings = headings
        allowed = identifier_places | {place for place, heading in enumerate(headings) if persons.may_hold_bin(heading)}
        self._named = [
            place
            for place, heading in enumerate(headings)
            if place not in identifier_places and persons.names_a_person(heading)
        ]
        self._suspects = [place for place in range(len(headings)) if place not in allowed and place not in self._named]
        self._harmless: set[str] = set()

    def sift(self, items: Sequence[opening.Row | Finding]) -> Portion:
        """The rows that may be read; the others are told of without their values."""
        portion = Portion(len(items), [], [])
        for item in items:
            if isinstance(item, Finding):
                portion.findings.append(item)
                continue
            number, cells = item
            found = [place for place in self._named if cells[place]] + self._with_persons(cells)
            for place in found:
                portion.findings.append(Finding.of("personal_identifier", row=number, column=self._headings[place]))
            if not found:
                portion.rows.append(item)
        return portion

    def _with_persons(self, cells: Sequence[str]) -> list[int]:
        found = []
        for place in self._suspects:
            cell = cells[place]
            if len(cell) < persons.SHORTEST or cell in self._harmless:
                continue
            if persons.holds_person(cell):
                found.append(place)
            elif len(self._harmless) < _MOST_HARMLESS:
                self._harmless.add(cell)
        return found


def _portions(sheet: opening.Sheet, watch: _Watch) -> Iterator[Portion]:
    rows = sheet.rows()
    at_once = min(_MOST_ROWS_A_TURN, 1 + _CELLS_A_TURN // len(sheet.headings))
    while items := list(islice(rows, at_once)):
        yield watch.sift(items)


def _open(path: Path, one: Import) -> opening.Sheet:
    kind, options, mapping = ImportKind(one.kind), one.options, one.mapping or {}
    named = set(mapping.get("columns", ())) | set(mapping.get("indicators", ()))

    def recognised(heading: str) -> bool:
        return heading in named or field_of(kind, heading) is not None

    return opening.open_file(
        path,
        delimiter=Delimiter(options["delimiter"]) if options["delimiter"] else None,
        encoding=FileEncoding(options["encoding"]) if options["encoding"] else None,
        recognised=recognised,
    )


def _intake(one: Import, task: Task, report: Report) -> Intake:
    kind = ImportKind(one.kind)
    mapping = imports.mapping_from(kind, one.mapping)
    return _INTAKES[kind](task, report, mapping)


async def _need(session: AnySession, import_id: UUID, *, lock: bool = False) -> Import:
    one = await repository.find(session, import_id, lock=lock)
    if one is None:
        raise errors.ImportNotFound
    return one


async def _lay_out(session: AnySession, import_id: UUID, path: Path) -> None:
    with path.open("wb") as file:
        async for part in repository.parts(session, import_id):
            await asyncio.to_thread(file.write, part)


async def _finish(
    session: WriteSession,
    import_id: UUID,
    state: ImportState,
    report: Report,
    now: datetime,
    *,
    brought: dict[str, Any] | None,
) -> Import:
    one = await _need(session, import_id, lock=True)
    one.state, one.report, one.brought = state.value, report.document(), brought
    one.finished_at = one.updated_at = now
    if report.errors_by_code["personal_identifier"]:
        await repository.forget_content(session, import_id)
    await session.flush()
    return one


def _conclude(one: Import) -> JobOutcome:
    """How the job ends, told by the state of the import. Raises `ImportRefused`."""
    report = one.report or {}
    if one.state == ImportState.REFUSED:
        raise errors.ImportRefused(
            rows=report.get("rows", 0), rejected=report.get("rejected", 0), report=f"/v1/imports/{one.id}"
        )
    return _outcome(one)


def _outcome(one: Import) -> JobOutcome:
    report = one.report or {}
    names = ("rows", "created", "changed", "unchanged", "rejected", "errors_total", "warnings_total")
    return JobOutcome(
        {"import_id": str(one.id), "state": one.state, **{name: report.get(name, 0) for name in names}},
        location=f"/v1/imports/{one.id}",
    )


async def _undo(context: JobContext) -> JobOutcome:
    """Take back what an import brought, if nothing newer stands on it."""
    import_id = UUID(context.arguments["import_id"])
    actor = imports.actor_of(context.arguments["subject"], context.arguments["reach"])
    now = clock.now()
    async with context.database.writing(context.authorship, reason=context.authorship.reason) as session:
        one = await _need(session, import_id, lock=True)
        if one.state == ImportState.UNDONE:
            return _outcome(one)
        await imports.check_undoable(session, one)
        if one.kind == ImportKind.OBSERVATIONS:
            await observations.take_back(session, import_id, now, recorded_by=actor.subject)
        elif one.kind != ImportKind.ORGANISATIONS:
            await rooms.take_back(session, one, actor, now=now)
        else:
            brought = one.brought or {"created": [], "changed": [], "registered_at": now.isoformat()}
            await organisations.undo_many(
                session,
                created=[UUID(one_id) for one_id in brought["created"]],
                changed=[UUID(one_id) for one_id in brought["changed"]],
                registered_at=datetime.fromisoformat(brought["registered_at"]),
                actor=actor,
                now=now,
            )
        one.state, one.undone_at, one.undone_by, one.updated_at = ImportState.UNDONE.value, now, actor.subject, now
        await session.flush()
        outcome = _outcome(one)
        await context.finish_in(session, outcome)
        return outcome
