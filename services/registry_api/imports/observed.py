"""Takes observations in: a chunk of rows is looked up, read, checked and staged, and all is merged at the end."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.registry_api.imports import measures
from services.registry_api.imports.findings import Finding, shortened
from services.registry_api.imports.intakes import Task
from services.registry_api.imports.measures import Beside, Measure, Said
from services.registry_api.imports.reports import Report
from services.registry_api.imports.sheets import Row
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import service as observations
from services.registry_api.observations.service import Fault, Period, Staged, Subjects
from services.registry_api.organisations.service import scope as organisations
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.registry.import_mappings import ObservationsMapping
from shared.schemas.registry.organisation_words import IdentifierScheme

_WIDEST = 512
"""More than the columns of any file: a row and a column make one number."""


class ObservationsIntake:
    """Observations, wide or long."""

    def __init__(self, task: Task, report: Report, mapping: ObservationsMapping | None) -> None:
        self._task = task
        self._report = report
        self._mapping = mapping
        self._plan = measures.Plan()
        self._headings: list[str] = []
        self._definitions: dict[str, Definition | None] = {}
        self._organisations: dict[measures.Subject, UUID] = {}
        self._subjects = Subjects({}, (), ())
        self._periods: dict[tuple[str, str], tuple[Period | None, list[Fault]]] = {}

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
                for unsuited in self._period_of(definition, plan.period)[1]:
                    self._fault(1, measure.value, plan.period, unsuited)
        await observations.open_stage(session)

    async def take(self, session: WriteSession, rows: Sequence[Row]) -> None:
        await self._look_up(session, rows)
        staged = await asyncio.to_thread(self._read, rows)
        await observations.stage(session, staged)

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
        )
        self._report.created = sum(one.created for one in merged)
        self._report.changed = sum(one.changed for one in merged)
        self._report.unchanged = sum(one.unchanged for one in merged)

    def identifier_places(self) -> set[int]:
        return {self._plan.subject}

    def brought(self) -> dict[str, Any] | None:
        return None

    async def _define(self, session: WriteSession, codes: set[str]) -> None:
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
        self._organisations = {}
        codes: set[str] = set()
        for scheme, texts in measures.by_subject(self._plan, rows).items():
            if scheme == "area":
                codes = texts
            elif scheme == "id":
                found = {text: _uuid(text) for text in texts}
                self._organisations |= {
                    measures.Subject(scheme, text): one for text, one in found.items() if one is not None
                }
            elif scheme in _SCHEMES:
                bearers = await organisations.bearers(session, IdentifierScheme(scheme), texts)
                self._organisations |= {measures.Subject(scheme, text): one for text, one in bearers.items()}
        self._subjects = await Subjects.of(
            session,
            self._task.actor,
            set(self._organisations.values()),
            codes,
            on=day_in_kazakhstan(self._task.now),
        )

    def _read(self, rows: Sequence[Row]) -> list[Staged]:
        staged: list[Staged] = []
        for number, row in rows:
            subject = self._plan.whom(row)
            area = subject.text if subject.scheme == "area" else None
            organisation_id = None if area is not None else self._organisations.get(subject)
            if not self._is_known(number, subject, organisation_id, area):
                continue
            before = len(staged)
            for measure in self._plan.measures:
                one = self._measure(number, row, measure, organisation_id, area)
                if one is not None:
                    staged.append(one)
            if self._report.is_bad(number):
                del staged[before:]
                continue
            for one in staged[before:]:
                self._count(one)
        return staged

    def _is_known(self, number: int, subject: measures.Subject, organisation_id: UUID | None, area: str | None) -> bool:
        heading = self._headings[self._plan.subject]
        if not subject.text:
            self._report.error(Finding.of("identifier_missing", row=number, column=heading))
            return False
        faults = (
            [observations.unknown_organisation()]
            if area is None and organisation_id is None
            else list(self._subjects.faults(organisation_id, area))
        )
        for fault in faults:
            self._fault(number, self._plan.subject, subject.text, fault)
        return not faults

    def _measure(
        self, number: int, row: list[str], measure: Measure, organisation_id: UUID | None, area: str | None
    ) -> Staged | None:
        code = self._plan.code(measure, row)
        definition = self._definitions.get(code)
        if definition is None:
            if measure.indicator is not None:
                self._fault(number, measure.indicator, code, observations.unknown_indicator())
            return None
        period, faults = self._period_of(definition, self._plan.when(row))
        for fault in faults:
            self._fault(number, self._plan.period_column, self._plan.when(row), fault)
        found = measures.said(self._plan, measure, row, in_percent=definition.unit.startswith("percent"))
        if found is None:
            return None
        if isinstance(found, str):
            self._wrong(found, number, measure.value, row)
            return None
        rest, wrong = measures.beside(self._plan, measure, row)
        for finding, place in wrong:
            self._wrong(finding, number, place, row)
        if period is None or wrong:
            return None
        for doubt in self._subjects.doubts(organisation_id, definition):
            self._doubt(number, row, measure, doubt)
        for doubt in observations.doubts_about(found.value, definition):
            self._doubt(number, row, measure, doubt)
        return self._staged(number, measure, definition, period, found, organisation_id, area, rest)

    def _staged(
        self,
        number: int,
        measure: Measure,
        definition: Definition,
        period: Period,
        found: Said,
        organisation_id: UUID | None,
        area: str | None,
        rest: Beside,
    ) -> Staged:
        return Staged(
            id=new_id(),
            place=number * _WIDEST + measure.value,
            organisation_id=organisation_id,
            area_code=area,
            indicator_id=definition.id,
            period=period.text,
            period_end=period.last,
            value=found.value,
            missing_reason=found.reason.value if found.reason else None,
            missing_code=found.code or None,
            n=rest.n,
            variance=rest.variance,
            status=rest.status.value,
            source_system=rest.source_system or definition.source_system[: measures.LONGEST_SOURCE] or "import",
            source_ref=rest.source_ref,
            as_of=self._plan.as_of,
            break_in_series=self._plan.break_in_series,
            note=rest.note,
        )

    def _count(self, one: Staged) -> None:
        if one.missing_reason is None:
            self._report.values += 1
        else:
            self._report.absent(self._headings[one.place % _WIDEST], one.missing_code or "", one.missing_reason)

    def _period_of(self, definition: Definition, text: str) -> tuple[Period | None, list[Fault]]:
        key = (definition.code, text)
        if key not in self._periods:
            self._periods[key] = observations.period_for(definition, text, of_organisation=self._plan.scheme != "area")
        return self._periods[key]

    def _fault(self, number: int, place: int | None, value: str, fault: Fault) -> None:
        heading = None if place is None else self._headings[place]
        self._report.error(Finding(number, heading, shortened(value), fault.finding.value, fault.message))

    def _doubt(self, number: int, row: list[str], measure: Measure, doubt: Fault) -> None:
        value = shortened(row[measure.value])
        self._report.warning(Finding(number, measure.heading, value, doubt.finding.value, doubt.message))

    def _wrong(self, code: str, number: int, place: int | None, row: list[str]) -> None:
        heading, value = (None, None) if place is None else (self._headings[place], row[place])
        self._report.error(Finding.of(code, row=number, column=heading, value=value, limit=measures.LONGEST_TEXT))


_SCHEMES = frozenset(IdentifierScheme) - {IdentifierScheme.KZ_IIN}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
