"""Gathers what a file held and what is wrong in it, and gives it in the reader's language."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from services.registry_api.imports.persons import holds_person
from shared.errors import Text
from shared.schemas.registry.import_words import MOST_FINDINGS
from shared.schemas.registry.imports import ImportReport
from shared.schemas.tables import MissingReason
from shared.sheets.findings import Finding, shortened
from shared.sheets.opening import Sheet

_MOST_KINDS_OF_MISSING = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a row says otherwise than it was known."""

    row: int
    column: str | None
    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Report:
    """What an import found, while it is being found."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    values: int = 0
    errors: list[Finding] = field(default_factory=list)
    errors_by_code: Counter[str] = field(default_factory=Counter)
    warnings: list[Finding] = field(default_factory=list)
    warnings_total: int = 0
    changes: list[Change] = field(default_factory=list)
    missing: Counter[tuple[str, str, MissingReason]] = field(default_factory=Counter)
    """Observations without a value, by column, what the source wrote, and what that means."""
    columns: dict[str, list[str]] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    sheet: Sheet | None = None
    rejected: int = 0
    """How many rows have an error."""
    _bad_rows: bytearray = field(default_factory=bytearray)
    """By row: 1 where an error was found. A set of a million numbers would take a hundred times the room."""

    @property
    def is_faultless(self) -> bool:
        """Whether no error was found."""
        return not self.errors_by_code

    def is_bad(self, row: int) -> bool:
        """Whether an error was found in a row."""
        return row < len(self._bad_rows) and bool(self._bad_rows[row])

    def error(self, finding: Finding) -> None:
        """Something that keeps a row, or the whole file, from being taken."""
        self.errors_by_code[finding.code] += 1
        if finding.row is not None:
            self._mark(finding.row)
        if len(self.errors) < MOST_FINDINGS:
            self.errors.append(_discreet(finding))

    def _mark(self, row: int) -> None:
        if row >= len(self._bad_rows):
            self._bad_rows.extend(bytes(row + 1 - len(self._bad_rows)))
        self.rejected += not self._bad_rows[row]
        self._bad_rows[row] = 1

    @property
    def names_more_warnings(self) -> bool:
        """Whether another warning would be named; beyond that they are only counted."""
        return len(self.warnings) < MOST_FINDINGS

    def warning(self, finding: Finding) -> None:
        """Something that is accepted, but unusual."""
        self.warnings_total += 1
        if len(self.warnings) < MOST_FINDINGS:
            self.warnings.append(_discreet(finding))

    def change(self, change: Change) -> None:
        """A row changes what was known."""
        if len(self.changes) < MOST_FINDINGS:
            self.changes.append(change)

    def absent(self, column: str, code: str, reason: str) -> None:
        """An observation without a value."""
        self.missing[column, code, MissingReason(reason)] += 1

    def nothing_done(self) -> None:
        """What would have been done was not."""
        self.created = self.changed = self.unchanged = 0

    def document(self) -> dict[str, Any]:
        """The report as it is kept, its sentences in three languages."""
        by_reason: Counter[str] = Counter()
        by_code: Counter[str] = Counter()
        for (_, code, reason), count in self.missing.items():
            by_reason[reason.value] += count
            by_code[code] += count
        ordered = sorted(self.missing.items())[:_MOST_KINDS_OF_MISSING]
        return {
            "rows": self.rows,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "values": self.values,
            "by_reason": dict(sorted(by_reason.items())),
            "by_code": dict(sorted(by_code.items())),
            "missing": [
                {"column": column, "code": code, "reason": reason.value, "count": count}
                for (column, code, reason), count in ordered
            ],
            "errors": [_kept(finding) for finding in sorted(self.errors, key=_place)],
            "errors_total": self.errors_by_code.total(),
            "errors_by_code": dict(sorted(self.errors_by_code.items())),
            "warnings": [_kept(finding) for finding in sorted(self.warnings, key=_place)],
            "warnings_total": self.warnings_total,
            "changes": [
                {**asdict(one), "before": _shown(one.before), "after": _shown(one.after)} for one in self.changes
            ],
            "format": self.sheet.format if self.sheet else None,
            "encoding": self.sheet.encoding if self.sheet else None,
            "delimiter": self.sheet.delimiter if self.sheet else None,
            "columns": self.columns,
            "ignored_columns": self.ignored_columns,
        }


def read(document: Mapping[str, Any], language: str) -> ImportReport:
    """A kept report in `kk`, `ru` or `en`."""

    def told(finding: Mapping[str, Any]) -> dict[str, Any]:
        return {**finding, "message": Text(**finding["message"]).in_language(language)}

    return ImportReport.model_validate(
        {
            **document,
            "errors": [told(finding) for finding in document["errors"]],
            "warnings": [told(finding) for finding in document["warnings"]],
        }
    )


def _kept(finding: Finding) -> dict[str, Any]:
    return {
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "code": finding.code,
        "message": finding.message._asdict(),
    }


def _shown(value: Any) -> str | None:
    """A value as a reader of the report sees it; never a person's number."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case list():
            text = "; ".join(str(one) for one in value)
        case _:
            text = str(value)
    return None if holds_person(text) else shortened(text)


def _place(finding: Finding) -> tuple[int, str, str]:
    return (finding.row or 0, finding.column or "", finding.code)


def _discreet(finding: Finding) -> Finding:
    """A finding never repeats a person's number, wherever it stood."""
    if finding.value is None or not holds_person(finding.value):
        return finding
    return Finding(finding.row, finding.column, None, finding.code, finding.message)
