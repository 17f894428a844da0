"""Reads rows of observations: which cell speaks of what, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.registry_api.imports.headings import field_of
from shared.schemas.registry.import_mappings import ObservationsMapping, ValueColumn
from shared.schemas.registry.import_words import ImportKind
from shared.schemas.registry.observations import MissingReason, ObservationStatus
from shared.schemas.sheets import Decimal
from shared.sheets import cells
from shared.sheets.findings import Finding
from shared.sheets.opening import Row

_OWN_REASONS = {reason.value: reason for reason in MissingReason}
_STATUSES = {status.value: status for status in ObservationStatus}
_LONGEST_CODE = 40
LONGEST_SOURCE = 100
LONGEST_TEXT = 500
_MOST_UNITS = 2**31 - 1


class Subject(NamedTuple):
    """Whom a row is about, as the file says it."""

    scheme: str
    """A scheme of identifiers, `id`, or `area`."""
    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A cell that holds a value, and the cells that go with it. Places are those of columns."""

    heading: str
    value: int
    code: str | None = None
    """The indicator, where the column stands for one."""
    indicator: int | None = None
    """The column that names the indicator, where each row has its own."""
    reason: int | None = None
    n: int | None = None
    variance: int | None = None
    status: int | None = None
    source_system: int | None = None
    source_ref: int | None = None
    note: int | None = None

    @property
    def is_alone(self) -> bool:
        """Whether no other cell goes with the value."""
        beside = (self.n, self.variance, self.status, self.source_system, self.source_ref, self.note)
        return all(place is None for place in beside)


@dataclass(slots=True)
class Plan:
    """What the columns of a file of observations mean."""

    subject: int = 0
    scheme: str = "id"
    scheme_column: int | None = None
    measures: list[Measure] = field(default_factory=list)
    period: str | None = None
    period_column: int | None = None
    reasons: dict[str, MissingReason] = field(default_factory=dict)
    status: ObservationStatus = ObservationStatus.PROVISIONAL
    source_system: str | None = None
    source_ref: str = ""
    as_of: Any = None
    break_in_series: bool = False
    percent: bool = True
    decimal: Decimal = Decimal.AUTO
    is_long: bool = False
    columns: dict[str, list[str]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    def whom(self, row: Sequence[str]) -> Subject:
        """Whom a row is about."""
        scheme = self.scheme if self.scheme_column is None else row[self.scheme_column]
        return Subject(scheme, row[self.subject])

    def named(self, rows: Sequence[Row]) -> set[Subject]:
        """Whom rows are about; those that name nobody are left out."""
        if self.scheme_column is None:
            return {Subject(self.scheme, text) for text in {row[self.subject] for _, row in rows} if text}
        pairs = {(row[self.scheme_column], row[self.subject]) for _, row in rows}
        return {Subject(scheme, text) for scheme, text in pairs if text}

    def common(self) -> dict[str, Any]:
        """What every observation of the file says alike, by its column."""
        found: dict[str, Any] = {"as_of": self.as_of, "break_in_series": self.break_in_series}
        if self.scheme_column is None:
            found["organisation_id" if self.scheme == "area" else "area_code"] = None
        if all(measure.is_alone for measure in self.measures):
            found |= {
                "n": None,
                "variance": None,
                "status": self.status.value,
                "source_ref": self.source_ref,
                "note": "",
            }
            if self.source_system:
                found["source_system"] = self.source_system
        return found

    def code(self, measure: Measure, row: Sequence[str]) -> str:
        """Which indicator a cell is about."""
        return measure.code if measure.code is not None else row[measure.indicator or 0]

    def when(self, row: Sequence[str]) -> str:
        """The period a row is about."""
        told = row[self.period_column] if self.period_column is not None else ""
        return told or self.period or ""


class Said(NamedTuple):
    """What a cell says: a value, or a reason and the word the source wrote."""

    value: float | None
    reason: MissingReason | None
    code: str | None


class Beside(NamedTuple):
    """What goes with a value."""

    n: int | None
    variance: float | None
    status: ObservationStatus
    source_system: str | None
    source_ref: str
    note: str


def plan(headings: Sequence[str], mapping: ObservationsMapping | None) -> Plan:
    """What the columns mean, by the mapping or by our own headings."""
    return _known(headings) if mapping is None else _mapped(headings, mapping)


def _mapped(headings: Sequence[str], mapping: ObservationsMapping) -> Plan:
    made = Plan(
        period=mapping.period,
        reasons={word.casefold(): reason for word, reason in mapping.reasons.items()},
        status=mapping.status,
        source_system=mapping.source_system,
        source_ref=mapping.source_ref,
        as_of=mapping.as_of,
        break_in_series=mapping.break_in_series,
        percent=mapping.percent,
        decimal=mapping.decimal,
        is_long=mapping.long is not None,
    )
    places = {heading: place for place, heading in enumerate(headings)}

    def at(heading: str | None, name: str) -> int | None:
        if heading is None:
            return None
        if heading not in places:
            made.faults.append(Finding.of("column_missing", row=1, column=heading))
            return None
        made.columns.setdefault(heading, []).append(name)
        return places[heading]

    if mapping.organisation is not None:
        made.scheme = mapping.organisation.scheme
        made.subject = at(mapping.organisation.column, f"identifier.{made.scheme}") or 0
    else:
        made.scheme = "area"
        made.subject = at(mapping.area_column, "area") or 0
    if mapping.long is not None:
        long = mapping.long
        made.period_column = at(long.period, "period")
        made.measures.append(
            Measure(
                heading=long.value,
                value=at(long.value, "value") or 0,
                indicator=at(long.indicator, "indicator"),
                reason=at(long.reason, "reason"),
                n=at(long.n, "n"),
                variance=at(long.variance, "variance"),
                status=at(long.status, "status"),
                source_ref=at(long.source_ref, "source_ref"),
                note=at(long.note, "note"),
            )
        )
    for heading, told in mapping.indicators.items():
        column = told if isinstance(told, ValueColumn) else ValueColumn(indicator=told)
        place = at(heading, column.indicator)
        n, variance = at(column.n, f"{column.indicator}.n"), at(column.variance, f"{column.indicator}.variance")
        if place is not None:
            made.measures.append(Measure(heading, place, code=column.indicator, n=n, variance=variance))
    made.ignored = [heading for heading in headings if heading not in made.columns]
    if not mapping.ignore_other_columns:
        made.faults += (Finding.of("column_unmapped", row=1, column=heading) for heading in made.ignored)
    return made


def _known(headings: Sequence[str]) -> Plan:
    made = Plan(is_long=True)
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = field_of(ImportKind.OBSERVATIONS, heading)
        if name is None:
            made.faults.append(Finding.of("column_unknown", row=1, column=heading))
        elif name in places:
            made.faults.append(Finding.of("column_taken_twice", row=1, column=heading, field=name))
        else:
            places[name] = place
            made.columns[heading] = [name]
    for needed in ("indicator", "value", "period"):
        if needed not in places:
            made.faults.append(Finding.of("column_needed", row=1, field=needed))
    if "organisation" in places:
        made.subject, made.scheme_column = places["organisation"], places.get("scheme")
    elif "bin" in places:
        made.subject, made.scheme = places["bin"], "kz-bin"
    elif "area" in places:
        made.subject, made.scheme = places["area"], "area"
    else:
        made.faults.append(Finding.of("column_needed", row=1, field="organisation"))
    made.period_column = places.get("period")
    if not made.faults:
        made.measures.append(
            Measure(
                heading=headings[places["value"]],
                value=places["value"],
                indicator=places["indicator"],
                reason=places.get("reason"),
                n=places.get("n"),
                variance=places.get("variance"),
                status=places.get("status"),
                source_system=places.get("source_system"),
                source_ref=places.get("source_ref"),
                note=places.get("note"),
            )
        )
    return made


def said(made: Plan, measure: Measure, row: Sequence[str], *, in_percent: bool) -> Said | str | None:
    """What a cell says; the code of a finding where it says nothing sensible; None where it is silent."""
    text = row[measure.value]
    if measure.reason is None and (plain := cells.number(text, made.decimal)) is not None:
        return Said(plain, None, None)  # as nearly all are
    word = row[measure.reason] if measure.reason is not None else ""
    if word:
        reason = _reason(made, word)
        if reason is None:
            return "reason_unknown"
        return "value_and_reason" if text and _reason(made, text) is None else Said(None, reason, word)
    if not text:
        empty = made.reasons.get("")
        if empty is not None:
            return Said(None, empty, "")
        return "value_missing" if made.is_long else None
    number = text
    if text.endswith("%"):
        if not (made.percent and in_percent):
            return "percent_unexpected"
        number = text[:-1].rstrip()
    value = cells.number(number, made.decimal)
    if value is not None:
        return Said(value, None, None)
    reason = _reason(made, text)
    return Said(None, reason, text) if reason is not None else "not_a_number"


def beside(made: Plan, measure: Measure, row: Sequence[str]) -> tuple[Beside, list[tuple[str, int]]]:
    """What goes with a value, and findings with the columns they are about."""
    faults: list[tuple[str, int]] = []

    def text(place: int | None) -> str:
        return row[place] if place is not None else ""

    def told(place: int | None, longest: int) -> str:
        if place is not None and len(row[place]) > longest:
            faults.append(("cell_too_long", place))
        elif place is not None and not row[place].isprintable():
            faults.append(("control_character", place))
        return text(place)

    n = _units(text(measure.n))
    if measure.n is not None and row[measure.n] and n is None:
        faults.append(("not_an_integer", measure.n))
    variance = cells.number(text(measure.variance), made.decimal)
    if measure.variance is not None and row[measure.variance] and (variance is None or variance < 0):
        faults.append(("not_a_number", measure.variance))
    status = made.status
    if measure.status is not None and row[measure.status]:
        found = _STATUSES.get(row[measure.status].casefold())
        if found is None:
            faults.append(("status_unknown", measure.status))
        status = found or status
    found_beside = Beside(
        n=n,
        variance=variance,
        status=status,
        source_system=told(measure.source_system, LONGEST_SOURCE) or made.source_system,
        source_ref=told(measure.source_ref, LONGEST_TEXT) or made.source_ref,
        note=told(measure.note, LONGEST_TEXT),
    )
    return found_beside, faults


def _units(text: str) -> int | None:
    """How many units; None where the cell does not say so."""
    found = cells.integer(text) if text else None
    return found if found is not None and 0 <= found <= _MOST_UNITS else None


def _reason(made: Plan, word: str) -> MissingReason | None:
    if len(word) > _LONGEST_CODE:
        return None
    folded = word.casefold()
    return made.reasons.get(folded) or _OWN_REASONS.get(folded)
