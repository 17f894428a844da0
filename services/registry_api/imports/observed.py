"""Takes observations in: a chunk of rows is looked up, read, checked and staged, and all is merged at the end."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.registry_api.imports import measures
from services.registry_api.imports.intakes import Task
from services.registry_api.imports.measures import Beside, Measure, Said
from services.registry_api.imports.reports import Change, Report
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import service as observations
from services.registry_api.observations.service import Fault, Period, Staged, Subjects, Told
from services.registry_api.organisations.service import scope as organisations
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.registry.import_mappings import ObservationsMapping
from shared.schemas.registry.import_words import MOST_FINDINGS
from shared.schemas.registry.organisation_words import IdentifierScheme
from shared.schemas.registry.quality_rules import Severity
from shared.sheets.findings import Finding, shortened
from shared.sheets.opening import Row

_WIDEST = 512
"""More than the columns of any file: a row and a column make one number."""
_MOST_KNOWN = 20_000
"""Subjects, indicators and periods that are remembered from one portion of rows to the next: a file names them again
and again, but one of nonsense must not fill the memory."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom a row is about, as far as that has been found out."""

    organisation_id: UUID | None
    area: str | None
    type: str | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Prospect:
    """What all values of one indicator and period have in common."""

    definition: Definition
    period: Period | None
    faults: tuple[Fault, ...]
    in_percent: bool
    low: float
    high: float
    source_system: str


class ObservationsIntake:
    """Observations, wide or long."""

    most_rows = 2_000_000

    def __init__(self, task: Task, report: Report, mapping: ObservationsMapping | None) -> None:
        self._task = task
        self._report = report
        self._mapping = mapping
        self._plan = measures.Plan()
        self._headings: list[str] = []
        self._definitions: dict[str, Definition | None] = {}
        self._known: dict[measures.Subject, _Known] = {}
        self._prospects: dict[tuple[str, str], _Prospect] = {}
        self._alone: dict[int, Beside] = {}
        self._common: dict[str, Any] = {}

    async def begin(self, session: WriteSession, headings: Sequence[str]) -> None:
        self._headings = list(headings)
        self._plan = plan = measures.plan(headings, self._mapping)
        self._report.columns, self._report.ignored_columns = plan.columns, plan.ignored
        for fault in plan.faults:
            self._report.error(fault)
        named = {measure.code: measure for measure in plan.measures if measure.code is not None}
        await self._define(session, set(named))
        for code, measure in named.items():
            definition = self._definitions[code]
            if definition is None:
                self._fault(1, measure.value, code, observations.unknown_indicator())
            elif plan.period is not None:
                for unsuited in self._prospect(definition, plan.period).faults:
                    self._fault(1, measure.value, plan.period, unsuited)
        self._alone = {
            measure.value: Beside(None, None, plan.status, plan.source_system, plan.source_ref, "")
            for measure in plan.measures
            if measure.is_alone
        }
        self._common = self._plan.common()
        await observations.open_stage(session, self._common)

    async def take(self, session: WriteSession, rows: Sequence[Row]) -> None:
        await self._look_up(session, rows)
        staged = await asyncio.to_thread(self._read, rows)
        await observations.stage(session, staged, besides=self._common)

    async def apply(self, session: WriteSession) -> None:
        for place, first in await observations.repeated_in_stage(session):
            self._report.error(
                Finding.of(
                    "row_repeated", row=place // _WIDEST, column=self._headings[place % _WIDEST], first=first // _WIDEST
                )
            )
        merged = await observations.settle(
            session,
            self._task.now,
            definitions=[definition for definition in self._definitions.values() if definition is not None],
            recorded_by=self._task.actor.subject,
            import_id=self._task.import_id,
            actor=self._task.actor,
            tell=self._told,
        )
        for one in await observations.changed_in_stage(session, limit=MOST_FINDINGS):
            heading = self._headings[one.place % _WIDEST]
            self._report.change(Change(one.place // _WIDEST, heading, "value", one.before, one.after))
        self._report.created = sum(one.created for one in merged)
        self._report.changed = sum(one.changed for one in merged)
        self._report.unchanged = sum(one.unchanged for one in merged)

    def _told(self, told: Told) -> None:
        """What the guards of observations say of one cell: an error keeps the whole file from being taken."""
        heading = self._headings[told.place % _WIDEST]
        finding = Finding(told.place // _WIDEST, heading, None, told.code, told.message)
        if told.severity is Severity.ERROR:
            self._report.error(finding)
        else:
            self._report.warning(finding)

    def identifier_places(self) -> set[int]:
        return {self._plan.subject}

    def brought(self) -> dict[str, Any] | None:
        return None

    async def _define(self, session: WriteSession, codes: set[str]) -> None:
        if len(self._definitions) > _MOST_KNOWN:
            self._definitions = {code: one for code, one in self._definitions.items() if one is not None}
        unknown = codes - self._definitions.keys()
        if unknown:
            found = await indicators.latest(session, unknown)
            self._definitions |= {code: found.get(code) for code in unknown}

    async def _look_up(self, session: WriteSession, rows: Sequence[Row]) -> None:
        """Who the rows are about, and what they measure."""
        if self._plan.is_long:
            await self._define(
                session, {row[measure.indicator or 0] for measure in self._plan.measures for _, row in rows}
            )
        if len(self._known) > _MOST_KNOWN:
            self._known = {}
        asked = self._plan.named(rows) - self._known.keys()
        if not asked:
            return
        found: dict[measures.Subject, UUID] = {}
        for scheme in {subject.scheme for subject in asked}:
            texts = {subject.text for subject in asked if subject.scheme == scheme}
            if scheme == "id":
                uuids = {text: _uuid(text) for text in texts}
                found |= {measures.Subject(scheme, text): one for text, one in uuids.items() if one is not None}
            elif scheme in _SCHEMES:
                bearers = await organisations.bearers(session, IdentifierScheme(scheme), texts)
                found |= {measures.Subject(scheme, text): one for text, one in bearers.items()}
        subjects = await Subjects.of(
            session,
            self._task.actor,
            set(found.values()),
            {subject.text for subject in asked if subject.scheme == "area"},
            on=day_in_kazakhstan(self._task.now),
        )
        self._known |= {subject: _find_out(subject, found.get(subject), subjects) for subject in asked}

    def _read(self, rows: Sequence[Row]) -> list[Staged]:
        staged: list[Staged] = []
        plan, whoever, marks = self._plan, self._known, self._report
        for number, row in rows:
            subject = plan.whom(row)
            known = whoever.get(subject)
            if known is None:
                heading = self._headings[self._plan.subject]
                self._report.error(Finding.of("identifier_missing", row=number, column=heading))
                continue
            if known.faults:
                for fault in known.faults:
                    self._fault(number, self._plan.subject, subject.text, fault)
                continue
            found = [
                one for measure in plan.measures if (one := self._measure(number, row, measure, known)) is not None
            ]
            if not marks.is_bad(number):
                staged += found
        self._count(staged)
        return staged

    def _measure(self, number: int, row: list[str], measure: Measure, known: _Known) -> Staged | None:
        code = self._plan.code(measure, row)
        definition = self._definitions.get(code)
        if definition is None:
            if measure.indicator is not None:
                self._fault(number, measure.indicator, code, observations.unknown_indicator())
            return None
        when = self._plan.when(row)
        prospect = self._prospects.get((code, when)) or self._prospect(definition, when)
        for fault in prospect.faults:
            self._fault(number, self._plan.period_column, when, fault)
        found = measures.said(self._plan, measure, row, in_percent=prospect.in_percent)
        if found is None:
            return None
        if isinstance(found, str):
            self._wrong(found, number, measure.value, row)
            return None
        rest = self._alone.get(measure.value) or self._beside(number, row, measure)
        if prospect.period is None or rest is None:
            return None
        if known.type is not None and definition.organisation_types and known.type not in definition.organisation_types:
            self._doubt(number, row, measure, observations.unexpected_type())
        if found.value is not None and not prospect.low <= found.value <= prospect.high:
            for doubt in observations.doubts_about(found.value, definition):
                self._doubt(number, row, measure, doubt)
        return _staged(self._plan, number, measure, prospect, prospect.period, found, known, rest)

    def _beside(self, number: int, row: list[str], measure: Measure) -> Beside | None:
        rest, wrong = measures.beside(self._plan, measure, row)
        for finding, place in wrong:
            self._wrong(finding, number, place, row)
        return None if wrong else rest

    def _count(self, staged: Sequence[Staged]) -> None:
        absent = [one for one in staged if one.missing_reason is not None]
        self._report.values += len(staged) - len(absent)
        for one in absent:
            self._report.absent(self._headings[one.place % _WIDEST], one.missing_code or "", one.missing_reason or "")

    def _prospect(self, definition: Definition, when: str) -> _Prospect:
        if len(self._prospects) > _MOST_KNOWN:
            self._prospects = {}
        period, faults = observations.period_for(definition, when, of_organisation=self._plan.scheme != "area")
        low, high = definition.plausible_min, definition.plausible_max
        self._prospects[definition.code, when] = prospect = _Prospect(
            definition=definition,
            period=period,
            faults=tuple(faults),
            in_percent=definition.unit.startswith("percent"),
            low=-math.inf if low is None else low,
            high=math.inf if high is None else high,
            source_system=definition.source_system[: measures.LONGEST_SOURCE] or "import",
        )
        return prospect

    def _fault(self, number: int, place: int | None, value: str, fault: Fault) -> None:
        heading = None if place is None else self._headings[place]
        self._report.error(Finding(number, heading, shortened(value), fault.finding.value, fault.message))

    def _doubt(self, number: int, row: list[str], measure: Measure, doubt: Fault) -> None:
        if not self._report.names_more_warnings:
            self._report.warnings_total += 1
            return
        value = shortened(row[measure.value])
        self._report.warning(Finding(number, measure.heading, value, doubt.finding.value, doubt.message))

    def _wrong(self, code: str, number: int, place: int | None, row: list[str]) -> None:
        heading, value = (None, None) if place is None else (self._headings[place], row[place])
        self._report.error(Finding.of(code, row=number, column=heading, value=value, limit=measures.LONGEST_TEXT))


_SCHEMES = frozenset(IdentifierScheme) - {IdentifierScheme.KZ_IIN}


def _find_out(subject: measures.Subject, organisation_id: UUID | None, subjects: Subjects) -> _Known:
    area = subject.text if subject.scheme == "area" else None
    if area is None and organisation_id is None:
        return _Known(None, None, None, (observations.unknown_organisation(),))
    brief = subjects.organisations.get(organisation_id) if organisation_id else None
    return _Known(organisation_id, area, brief.type if brief else None, tuple(subjects.faults(organisation_id, area)))


def _staged(
    made: measures.Plan,
    number: int,
    measure: Measure,
    prospect: _Prospect,
    period: Period,
    found: Said,
    known: _Known,
    rest: Beside,
) -> Staged:
    return Staged(
        place=number * _WIDEST + measure.value,
        organisation_id=known.organisation_id,
        area_code=known.area,
        indicator_id=prospect.definition.id,
        period=period.text,
        period_end=period.last,
        value=found.value,
        missing_reason=found.reason.value if found.reason else None,
        missing_code=found.code or None,
        n=rest.n,
        variance=rest.variance,
        status=rest.status.value,
        source_system=rest.source_system or prospect.source_system,
        source_ref=rest.source_ref,
        as_of=made.as_of,
        break_in_series=made.break_in_series,
        note=rest.note,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
