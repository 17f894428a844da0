"""Takes rows in, kind by kind: reads them, gathers what is wrong, and applies what is good in one transaction."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

from services.registry_api.areas import service as areas
from services.registry_api.imports.documents import Document, FieldsMapping, Reader, bind
from services.registry_api.imports.fields import ORGANISATIONS_NAMED
from services.registry_api.imports.reports import Change, Report
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.errors import IndicatorLevelChanged
from services.registry_api.indicators.rules import Difference
from services.registry_api.organisations import service as organisations
from services.registry_api.rows import RowRefusal
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.schemas.registry.areas import AreaRow
from shared.schemas.registry.import_mappings import AreaField, AreasMapping, OrganisationsMapping
from shared.schemas.registry.import_words import ImportKind
from shared.schemas.registry.indicators import IndicatorCreate
from shared.schemas.registry.organisations import OrganisationCreate
from shared.sheets.findings import Finding
from shared.sheets.opening import Row

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Task:
    """On whose behalf a file is taken in, and under what name."""

    import_id: UUID
    actor: Actor
    now: datetime
    secret: bytes | None


class Intake(Protocol):
    """One kind of file."""

    most_rows: int
    """More than this are not read: nobody has so many, and a file of nonsense must not hold up others."""

    async def begin(self, session: WriteSession, headings: Sequence[str]) -> None:
        """Bind the columns; what is wrong with them goes into the report."""

    async def take(self, session: WriteSession, rows: Sequence[Row]) -> None:
        """Read some rows."""

    async def apply(self, session: WriteSession) -> None:
        """Carry out what was read without fault."""

    def identifier_places(self) -> set[int]:
        """Columns in which a long number is an organisation's own."""

    def brought(self) -> dict[str, Any] | None:
        """What is needed to undo it."""


class DocumentsIntake(ABC, Generic[M]):
    """Files with one thing in a row."""

    kind: ImportKind
    form: type[M]
    most_rows = 50_000
    portion = 50_000
    """So many rows are carried out at once; where it is fewer than `most_rows`, memory is bounded by it."""

    def __init__(self, task: Task, report: Report, mapping: FieldsMapping | None) -> None:
        self._task = task
        self._report = report
        self._mapping = mapping
        self._read: list[Document[M]] = []
        self._reader: Reader[M] | None = None
        self._identifiers: set[int] = set()

    async def begin(self, session: WriteSession, headings: Sequence[str]) -> None:
        binding = bind(self.kind, headings, self._mapping)
        self._report.columns = {column.heading: list(column.fields) for column in binding.columns}
        self._report.ignored_columns = binding.ignored
        for fault in binding.faults:
            self._report.error(fault)
        named = ORGANISATIONS_NAMED.get(self.kind, frozenset())
        self._identifiers = {
            column.place
            for column in binding.columns
            if any(name.startswith("identifier.") or name in named for name in column.fields)
        }
        self._reader = Reader(self.kind, self.form, binding)

    async def take(self, session: WriteSession, rows: Sequence[Row]) -> None:
        assert self._reader is not None
        documents, findings = await asyncio.to_thread(self._reader.read, rows)
        self._read += documents
        for finding in findings:
            self._report.error(finding)
        if len(self._read) >= self.portion:
            await self._carry_out(session)

    async def apply(self, session: WriteSession) -> None:
        await self._carry_out(session)

    async def _carry_out(self, session: WriteSession) -> None:
        """Do with the rows read so far what they ask for, or refuse them; then forget them."""
        documents, self._read = self._read, []
        while documents:
            refusals = await self._do(session, documents)
            if not refusals:
                return
            for refusal in refusals:
                self._refuse(refusal, documents)
            documents = [document for document in documents if not self._report.is_bad(document.row)]

    @abstractmethod
    async def _do(self, session: WriteSession, documents: Sequence[Document[M]]) -> Sequence[RowRefusal]:
        """Enter these rows, all of them; or say which are refused, and enter none."""

    def identifier_places(self) -> set[int]:
        return self._identifiers

    def brought(self) -> dict[str, Any] | None:
        return None

    def _tell(self, document: Document[M], field: str, before: Any, after: Any) -> None:
        """What a row changes in what was known."""
        assert self._reader is not None
        column = self._reader.column_at(
            ("identifiers", field[11:]) if field.startswith("identifier.") else field.split(".")
        )
        self._report.change(Change(document.row, column.heading if column else None, field, before, after))

    def _refuse(self, refusal: RowRefusal, documents: Sequence[Document[M]]) -> None:
        """A row that the capability itself does not take."""
        assert self._reader is not None
        document = documents[refusal.row]
        column = self._reader.column_at([step for step in refusal.pointer.split("/") if step])
        heading, value = (column.heading, document.cells[column.place]) if column else (None, None)
        first = refusal.problem.values.get("first_row")
        if isinstance(first, int):
            self._report.error(Finding.of("row_repeated", row=document.row, column=heading, value=value, first=first))
            return
        problem = refusal.problem
        self._report.error(
            Finding(
                document.row, heading, Finding.of("value_missing", value=value).value, problem.code, problem.sentence()
            )
        )


class OrganisationsIntake(DocumentsIntake[OrganisationCreate]):
    """Organisations: registered where they are new, changed where they differ."""

    kind = ImportKind.ORGANISATIONS
    form = OrganisationCreate
    most_rows = 200_000
    portion = 2_000

    def __init__(self, task: Task, report: Report, mapping: OrganisationsMapping | None) -> None:
        super().__init__(task, report, mapping)
        self._spoken_of: dict[UUID, int] = {}
        self._created: list[UUID] = []
        self._changed: list[UUID] = []

    async def _do(
        self, session: WriteSession, documents: Sequence[Document[OrganisationCreate]]
    ) -> Sequence[RowRefusal]:
        done = await organisations.register_many(
            session,
            [document.content for document in documents],
            actor=self._task.actor,
            now=self._task.now,
            secret=self._task.secret,
            numbers=[document.row for document in documents],
            spoken_of=self._spoken_of,
        )
        if not done.refusals:
            ids = [one for one in done.ids if one is not None]
            self._created += (ids[place] for place in done.created)
            self._changed += (ids[place] for place in done.changed)
            self._spoken_of |= {one: document.row for one, document in zip(ids, documents, strict=True)}
            self._report.created += len(done.created)
            self._report.changed += len(done.changed)
            self._report.unchanged += len(done.unchanged)
            for place, found in done.differences.items():
                for field, before, after in found:
                    self._tell(documents[place], field, before, after)
        return done.refusals

    def brought(self) -> dict[str, Any] | None:
        return {
            "created": [str(one) for one in self._created],
            "changed": [str(one) for one in self._changed],
            "registered_at": self._task.now.isoformat(),
        }


class AreasIntake(DocumentsIntake[AreaRow]):
    """A newer edition of the classifier."""

    kind = ImportKind.AREAS
    form = AreaRow
    _numbered: "_Numbered | None" = None

    async def begin(self, session: WriteSession, headings: Sequence[str]) -> None:
        await super().begin(session, headings)
        assert self._reader is not None
        numbering = self._mapping.row_id if isinstance(self._mapping, AreasMapping) else None
        if numbering is None:
            return
        code, parent = self._reader.column_of(AreaField.CODE), self._reader.column_of(AreaField.PARENT)
        if numbering not in headings:
            self._report.error(Finding.of("column_missing", row=1, column=numbering))
        elif code is None or parent is None:
            self._report.error(Finding.of("column_needed", row=1, field=AreaField.PARENT if code else AreaField.CODE))
        else:
            self._numbered = _Numbered(list(headings).index(numbering), code.place, parent.place)
            self._report.ignored_columns.remove(numbering)

    async def take(self, session: WriteSession, rows: Sequence[Row]) -> None:
        if self._numbered is None:
            await super().take(session, rows)
        else:
            self._numbered.keep(rows)

    async def apply(self, session: WriteSession) -> None:
        if self._numbered is not None:
            await super().take(session, self._numbered.resolved())
        await super().apply(session)

    async def _do(self, session: WriteSession, documents: Sequence[Document[AreaRow]]) -> Sequence[RowRefusal]:
        edition = await areas.replace_or_add(
            session, [document.content for document in documents], actor=self._task.actor, now=self._task.now
        )
        if not edition.refusals:
            self._report.created = len(edition.added)
            self._report.changed = len(edition.changed)
            self._report.unchanged = len(edition.unchanged)
        for refusal in edition.refusals:
            first = refusal.problem.values.get("first_row")
            if isinstance(first, int):  # counted from 1 among these, and not as in the file
                refusal.problem.values["first_row"] = documents[first - 1].row
        return edition.refusals


class _Numbered:
    """Rows whose parents are named by the file's own numbers: only when all are read can codes take their place."""

    def __init__(self, number: int, code: int, parent: int) -> None:
        self._number, self._code, self._parent = number, code, parent
        self._rows: list[Row] = []
        self._codes: dict[str, str] = {}

    def keep(self, rows: Sequence[Row]) -> None:
        """Set rows aside."""
        self._rows += rows
        self._codes |= {cells[self._number]: cells[self._code] for _, cells in rows}

    def resolved(self) -> list[Row]:
        """All rows, with codes for parents; a root names no parent, or number 0."""
        for _, cells in self._rows:
            told = cells[self._parent]
            cells[self._parent] = self._codes.get(told, "" if told == "0" else told)
        return self._rows


class IndicatorsIntake(DocumentsIntake[IndicatorCreate]):
    """Definitions of indicators."""

    kind = ImportKind.INDICATORS
    form = IndicatorCreate

    async def apply(self, session: WriteSession) -> None:
        self._task.actor.demand("registry:write", None)
        await super().apply(session)

    async def _do(self, session: WriteSession, documents: Sequence[Document[IndicatorCreate]]) -> Sequence[RowRefusal]:
        rows: dict[str, Document[IndicatorCreate]] = {}
        for document in documents:
            first = rows.setdefault(document.content.code, document)
            if first is not document:
                self._report.error(
                    Finding.of("row_repeated", row=document.row, value=first.content.code, first=first.row)
                )
        known = await indicators.latest(session, rows)
        for code, document in list(rows.items()):
            if code in known and known[code].level != document.content.level:
                problem = IndicatorLevelChanged(indicator=code, level=known[code].level.value)
                self._report.error(Finding(document.row, None, code, problem.code, problem.sentence()))
                del rows[code]
        defined = await indicators.define_many(session, [one.content for one in rows.values()], self._task.now)
        self._report.created += sum(one.difference is Difference.VERSION for one in defined)
        self._report.changed += sum(one.difference is Difference.EDIT for one in defined)
        self._report.unchanged += sum(one.difference is Difference.NONE for one in defined)
        return []
