"""Imports on the wire: a file that was handed in, and what became of its rows."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Instant, Out
from shared.schemas.pages import PageQuery
from shared.schemas.registry.import_room_mappings import Mapping
from shared.schemas.registry.import_words import MOST_FINDINGS, ImportKind, ImportState
from shared.schemas.registry.observations import MissingReason
from shared.schemas.sheets import MOST_COLUMNS, Delimiter, FileEncoding


class ImportOptions(Out):
    """How a file is to be read."""

    dry_run: bool = Field(description="Check only; change nothing", examples=[False])
    partial: bool = Field(description="Keep the good rows although others are bad", examples=[False])
    delimiter: Delimiter | None = Field(description="The sign between cells, if it was given", examples=["semicolon"])
    encoding: FileEncoding | None = Field(description="The encoding, if it was given", examples=["windows-1251"])


class ImportFinding(Out):
    """One bad or unusual cell."""

    row: int | None = Field(
        ge=1, description="Row of the file as a spreadsheet counts: the headings are row 1", examples=[418]
    )
    column: str | None = Field(max_length=300, description="Heading of the column", examples=["P8MEA"])
    value: str | None = Field(
        max_length=200,
        description="What stands there, shortened to 200 characters; never an identifier of a person",
        examples=["n/a"],
    )
    code: str = Field(max_length=64, description="What is wrong; never changes", examples=["not_a_number"])
    message: str = Field(max_length=2000, description="The same in the reader's language")


class ImportChange(Out):
    """One cell that says otherwise than it was known: what stands, and what comes in its place."""

    row: int = Field(ge=1, description="Row of the file; the headings are row 1", examples=[418])
    column: str | None = Field(max_length=300, description="Heading of the column", examples=["Проектная мощность"])
    field: str = Field(max_length=100, description="What of it changes", examples=["design_capacity"])
    before: str | None = Field(max_length=200, description="What is known; null for nothing", examples=["600"])
    after: str | None = Field(max_length=200, description="What the file says", examples=["900"])


class MissingCount(Out):
    """How often a source wrote something in place of a value."""

    code: str = Field(max_length=300, description="What it wrote; empty for an empty cell", examples=["SUPP"])
    reason: MissingReason = Field(description="What it means", examples=["suppressed"])
    column: str = Field(max_length=300, description="In which column", examples=["P8MEA"])
    count: int = Field(ge=1, description="How often", examples=[164])


class ImportReport(Out):
    """What the file held and what became of it; in a dry run or a refused import, what would have become of it."""

    rows: int = Field(ge=0, description="Rows below the headings", examples=[5516])
    created: int = Field(ge=0, description="Things that are new", examples=[33096])
    changed: int = Field(ge=0, description="Things that were known otherwise", examples=[0])
    unchanged: int = Field(ge=0, description="Things already known exactly so", examples=[0])
    rejected: int = Field(ge=0, description="Rows with an error", examples=[0])
    values: int = Field(ge=0, description="Observations with a value", examples=[24000])
    by_reason: dict[MissingReason, int] = Field(
        description="Observations without a value, by reason", examples=[{"suppressed": 1767}]
    )
    by_code: dict[str, int] = Field(
        description="The same by what the source wrote; empty for an empty cell", examples=[{"SUPP": 1767, "": 960}]
    )
    missing: list[MissingCount] = Field(
        max_length=10_000, description="The same by column, what the source wrote, and reason"
    )
    errors: list[ImportFinding] = Field(max_length=MOST_FINDINGS, description="What is wrong, by row; the first 1,000")
    errors_total: int = Field(ge=0, description="How much is wrong in all", examples=[0])
    errors_by_code: dict[str, int] = Field(description="The same by code", examples=[{"not_a_number": 1}])
    warnings: list[ImportFinding] = Field(
        max_length=MOST_FINDINGS, description="What is unusual but accepted; the first 1,000"
    )
    warnings_total: int = Field(ge=0, description="How much is unusual in all", examples=[0])
    changes: list[ImportChange] = Field(
        default_factory=list,
        max_length=MOST_FINDINGS,
        description="Cell by cell, what changes in what was known, by row; the first 1,000",
    )
    format: Literal["csv", "xlsx", "ndjson"] | None = Field(description="What kind of file it is", examples=["csv"])
    encoding: str | None = Field(max_length=40, description="Its encoding", examples=["utf-8"])
    delimiter: str | None = Field(max_length=1, description="The sign between its cells", examples=[";"])
    columns: dict[str, list[str]] = Field(
        description="What each column was taken for", examples=[{"URN": ["identifier.value"]}]
    )
    ignored_columns: list[str] = Field(
        max_length=MOST_COLUMNS, description="Columns that were left out", examples=[["TOWN"]]
    )


class ImportRead(Out):
    """A file that was handed in, and what became of it."""

    id: UUID = Field(description="This import", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    kind: ImportKind = Field(description="What its rows are", examples=["observations"])
    state: ImportState = Field(description="Where it stands", examples=["applied"])
    file_name: str = Field(max_length=300, description="Name of the file", examples=["england_ks4_2018_19.csv"])
    file_size: int = Field(ge=0, description="Its size in bytes", examples=[512000])
    file_sha256: str = Field(
        max_length=64,
        description="Its SHA-256",
        examples=["b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c"],
    )
    options: ImportOptions = Field(description="How it is read")
    mapping: Mapping | None = Field(description="What its columns mean; null: our own headings", union_mode="smart")
    job_id: UUID = Field(description="The job that reads it", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    created_by: str = Field(max_length=300, description="Who handed it in", examples=["officer-17"])
    created_at: Instant = Field(description="When", examples=["2026-09-01T09:00:00+05:00"])
    finished_at: Instant | None = Field(description="When it was read", examples=["2026-09-01T09:00:09+05:00"])
    undone_by: str | None = Field(max_length=300, description="Who undid it", examples=[None])
    undone_at: Instant | None = Field(description="When it was undone", examples=[None])
    report: ImportReport | None = Field(description="What it held and what became of it; null while it waits")


class ImportSummary(Out):
    """An import in a list."""

    id: UUID = Field(description="The import", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    kind: ImportKind = Field(description="What its rows are", examples=["observations"])
    state: ImportState = Field(description="Where it stands", examples=["applied"])
    file_name: str = Field(max_length=300, description="Name of the file", examples=["england_ks4_2018_19.csv"])
    job_id: UUID = Field(description="The job that reads it", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    created_by: str = Field(max_length=300, description="Who handed it in", examples=["officer-17"])
    created_at: Instant = Field(description="When", examples=["2026-09-01T09:00:00+05:00"])
    finished_at: Instant | None = Field(description="When it was read", examples=["2026-09-01T09:00:09+05:00"])


class ImportsQuery(PageQuery):
    """Which imports."""

    kind: ImportKind | None = Field(default=None, description="Only of this kind", examples=["observations"])
    state: ImportState | None = Field(default=None, description="Only in this state", examples=["applied"])
