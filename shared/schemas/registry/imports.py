"""Imports on the wire: what a file's columns mean, and what became of its rows."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.schemas.base import Date, In, Instant, Line, Out, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.observations import MissingReason, ObservationStatus, PeriodText, Source

MOST_FINDINGS = 1000
"""Bad rows a report names one by one; all of them are counted."""
MOST_COLUMNS = 500

Header = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
"""A column's heading as it stands in the file."""
Cell = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
"""What stands in a cell."""


class ImportKind(StrEnum):
    """What the rows of a file are."""

    ORGANISATIONS = "organisations"
    OBSERVATIONS = "observations"
    AREAS = "areas"
    INDICATORS = "indicators"


class ImportState(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    """It waits or is being read; its job tells. It stays so when the job is cancelled."""
    CHECKED = "checked"
    """A dry run: the report tells what would happen; nothing was changed."""
    APPLIED = "applied"
    REFUSED = "refused"
    """Nothing was changed; the report tells why."""
    UNDONE = "undone"


class FileEncoding(StrEnum):
    """Encodings that are read; left out, the encoding is recognised."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1251 = "windows-1251"
    KZ_1048 = "kz-1048"
    """Windows-1251 with the Kazakh letters (STRK1048)."""


class Delimiter(StrEnum):
    """Signs between the cells of a CSV file; left out, the sign is recognised."""

    SEMICOLON = "semicolon"
    COMMA = "comma"
    TAB = "tab"
    BAR = "bar"


class Decimal(StrEnum):
    """What a lone comma or point in a number means."""

    AUTO = "auto"
    """A comma or a point is the decimal sign; with both, the last one is."""
    COMMA = "comma"
    POINT = "point"


class OrganisationField(StrEnum):
    """What a column of organisations can be."""

    IDENTIFIER_VALUE = "identifier.value"
    IDENTIFIER_SCHEME = "identifier.scheme"
    IDENTIFIER_KZ_BIN = "identifier.kz-bin"
    IDENTIFIER_KZ_IIN = "identifier.kz-iin"
    IDENTIFIER_URN = "identifier.urn"
    IDENTIFIER_FOREIGN = "identifier.foreign"
    IDENTIFIER_DEMO = "identifier.demo"
    IDENTIFIER_NOBD = "identifier.nobd"
    IDENTIFIER_INTERNAL = "identifier.internal"
    NAME_KK = "name.kk"
    NAME_RU = "name.ru"
    NAME_EN = "name.en"
    SHORT_NAME_KK = "short_name.kk"
    SHORT_NAME_RU = "short_name.ru"
    SHORT_NAME_EN = "short_name.en"
    TYPE = "type"
    KIND = "kind"
    OWNERSHIP = "ownership"
    LEGAL_FORM = "legal_form"
    LEVELS = "levels"
    LANGUAGES = "languages_of_instruction"
    SETTING = "setting"
    MULTIGRADE = "multigrade"
    BOARDING = "boarding"
    SELECTIVE = "selective"
    SHIFT_COUNT = "shift_count"
    DESIGN_CAPACITY = "design_capacity"
    AREA = "area"
    ADDRESS_KK = "address.kk"
    ADDRESS_RU = "address.ru"
    ADDRESS_EN = "address.en"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    STATUS = "status"
    PROGRAMME_TAGS = "programme_tags"
    VALID_FROM = "valid_from"
    IS_SYNTHETIC = "is_synthetic"


class AreaField(StrEnum):
    """What a column of areas can be."""

    CODE = "code"
    PARENT = "parent"
    LEVEL = "level"
    KIND = "kind"
    NAME_KK = "name.kk"
    NAME_RU = "name.ru"
    NAME_EN = "name.en"
    VALID_FROM = "valid_from"


class IndicatorField(StrEnum):
    """What a column of indicator definitions can be."""

    CODE = "code"
    LEVEL = "level"
    ORGANISATION_TYPES = "organisation_types"
    PILLAR = "pillar"
    NAME_KK = "name.kk"
    NAME_RU = "name.ru"
    NAME_EN = "name.en"
    UNIT = "unit"
    POLARITY = "polarity"
    FORMULA = "formula"
    PERIOD_KIND = "period_kind"
    AS_OF_RULE = "as_of_rule"
    SOURCE_SYSTEM = "source_system"
    PLAUSIBLE_MIN = "plausible_min"
    PLAUSIBLE_MAX = "plausible_max"
    TYPICAL = "typical"
    MIN_N = "min_n"
    AGE_FROM = "age_band.youngest"
    AGE_TO = "age_band.oldest"
    DISAGGREGATION = "disaggregation"
    SOURCE_NOTE = "source_note"
    NOTE = "note"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"


class _FieldsMapping(In):
    """What mappings of files with one thing a row have in common."""

    values: dict[Header, dict[Cell, Cell]] = Field(
        default_factory=dict,
        max_length=MOST_COLUMNS,
        description="By column: what its words mean in ours. A word that is not listed stays as it is",
        examples=[{"SCHTYPE": {"Independent school": "private", "Academy": "state"}}],
    )
    ignore_other_columns: bool = Field(
        default=True, description="False refuses a file with a column that is not mapped", examples=[True]
    )
    decimal: Decimal = Field(default=Decimal.AUTO, description="How decimal numbers are written", examples=["comma"])


class OrganisationsMapping(_FieldsMapping):
    """A file with one organisation in a row."""

    columns: dict[Header, OrganisationField | list[OrganisationField]] = Field(
        min_length=1,
        max_length=MOST_COLUMNS,
        description="By column: what it holds, or the several things it holds",
        examples=[{"URN": "identifier.value", "SCHNAME": ["name.kk", "name.ru", "name.en"], "LATITUDE": "latitude"}],
    )
    constants: dict[OrganisationField, Cell] = Field(
        default_factory=dict,
        description="What all rows have in common and no column tells",
        examples=[{"identifier.scheme": "urn", "type": "school"}],
    )


class AreasMapping(_FieldsMapping):
    """A file with one area in a row."""

    columns: dict[Header, AreaField | list[AreaField]] = Field(
        min_length=1,
        max_length=MOST_COLUMNS,
        description="By column: what it holds",
        examples=[{"te": "code", "parent": "parent", "name_kaz": "name.kk", "name_rus": "name.ru"}],
    )
    constants: dict[AreaField, Cell] = Field(
        default_factory=dict, description="What all rows have in common", examples=[{"valid_from": "2022-10-17"}]
    )
    row_id: Header | None = Field(
        default=None,
        description="The column with the file's own numbering, where its column of parents names those numbers and "
        "not codes",
        examples=["id"],
    )


class IndicatorsMapping(_FieldsMapping):
    """A file with one definition of an indicator in a row."""

    columns: dict[Header, IndicatorField | list[IndicatorField]] = Field(
        min_length=1,
        max_length=MOST_COLUMNS,
        description="By column: what it holds",
        examples=[{"Код": "code", "Атауы": "name.kk", "Название": "name.ru"}],
    )
    constants: dict[IndicatorField, Cell] = Field(
        default_factory=dict, description="What all rows have in common", examples=[{"level": "organisation"}]
    )


class OrganisationColumn(In):
    """The column that tells which organisation a row is about."""

    column: Header = Field(description="The column", examples=["URN"])
    scheme: Literal["id", "kz-bin", "urn", "foreign", "demo", "nobd", "internal"] = Field(
        description="The scheme of the identifiers in it; `id` for the registry's own ids", examples=["urn"]
    )


class ValueColumn(In):
    """A column of values, with the columns that go with it."""

    indicator: IndicatorCode = Field(description="What was measured", examples=["ENG_P8MEA"])
    n: Header | None = Field(default=None, description="The column with the number of units", examples=["P8PUP"])
    variance: Header | None = Field(default=None, description="The column with the variance", examples=[None])


class LongColumns(In):
    """The columns of a file with one observation in a row."""

    indicator: Header = Field(description="The column with the indicator's code", examples=["indicator"])
    value: Header = Field(description="The column with the value", examples=["value"])
    reason: Header | None = Field(default=None, description="The column with the reason for a missing value")
    period: Header | None = Field(default=None, description="The column with the period", examples=["period"])
    n: Header | None = Field(default=None, description="The column with the number of units", examples=["n"])
    variance: Header | None = Field(default=None, description="The column with the variance")
    status: Header | None = Field(default=None, description="The column with the status")
    source_ref: Header | None = Field(default=None, description="The column with the place in the source")
    note: Header | None = Field(default=None, description="The column with the note")


class ObservationsMapping(In):
    """A file of observations: wide (an organisation in a row, an indicator in a column) or long (one in a row)."""

    organisation: OrganisationColumn | None = Field(
        default=None, description="Which organisation a row is about; either this or `area_column`"
    )
    area_column: Header | None = Field(
        default=None, description="The column with the KATO code of the area a row is about", examples=["kato"]
    )
    indicators: dict[Header, IndicatorCode | ValueColumn] = Field(
        default_factory=dict,
        max_length=MOST_COLUMNS,
        description="Wide: by column, what was measured",
        examples=[{"P8MEA": "ENG_P8MEA", "ATT8SCR": {"indicator": "ENG_ATT8SCR", "n": "TPUP"}}],
    )
    long: LongColumns | None = Field(default=None, description="Long: which column is what")
    period: PeriodText | None = Field(
        default=None, description="The period of all rows, unless a column tells it", examples=["2018-2019"]
    )
    reasons: dict[Cell, MissingReason] = Field(
        default_factory=dict,
        max_length=200,
        description="What the source writes in place of a value, and what it means. The empty word stands for an empty "
        "cell; without it an empty cell of a wide file says nothing",
        examples=[{"SUPP": "suppressed", "NP": "not_reported", "NE": "not_applicable", "": "not_reported"}],
    )
    status: ObservationStatus = Field(
        default=ObservationStatus.PROVISIONAL, description="How firm the values are", examples=["final"]
    )
    source_system: Source | None = Field(
        default=None,
        description="Who reported the values; by default the indicator's own source",
        examples=["DfE performance tables"],
    )
    source_ref: Line = Field(default="", description="Where they stand there", examples=["2018/19"])
    as_of: Date | None = Field(default=None, description="The day the facts were taken at", examples=["2019-08-31"])
    break_in_series: bool = Field(default=False, description="Not comparable with the periods before", examples=[False])
    percent: bool = Field(
        default=True,
        description="`43%` is read as 43 where the unit is a percent; false refuses the sign",
        examples=[True],
    )
    decimal: Decimal = Field(default=Decimal.AUTO, description="How decimal numbers are written", examples=["comma"])
    ignore_other_columns: bool = Field(
        default=True, description="False refuses a file with a column that is not mapped", examples=[True]
    )

    @model_validator(mode="after")
    def _whole(self) -> "ObservationsMapping":
        if (self.organisation is None) == (self.area_column is None):
            raise wrong(
                "mapping_subject_not_one",
                kk="organisation мен area_column өрістерінің дәл біреуі керек",
                ru="Нужно ровно одно из полей organisation и area_column",
                en="Exactly one of organisation and area_column is needed",
            )
        if bool(self.indicators) == (self.long is not None):
            raise wrong(
                "mapping_shape_not_one",
                kk="indicators (кең кесте) пен long (ұзын кесте) өрістерінің дәл біреуі керек",
                ru="Нужно ровно одно из полей indicators (широкая таблица) и long (длинная таблица)",
                en="Exactly one of indicators (a wide table) and long (a long table) is needed",
            )
        if self.period is None and (self.long is None or self.long.period is None):
            raise wrong(
                "mapping_period_missing",
                kk="Кезең не тұрақты, не баған ретінде көрсетілуі керек",
                ru="Период нужно указать: постоянный или столбцом",
                en="The period is needed, either for all rows or as a column",
            )
        return self


Mapping = OrganisationsMapping | ObservationsMapping | AreasMapping | IndicatorsMapping
"""What the columns of a file mean; which form applies is told by the kind of the import."""


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
