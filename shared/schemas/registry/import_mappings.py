"""Mappings: what the columns of a file mean."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from shared.schemas.base import Date, In, Line, wrong
from shared.schemas.registry.import_words import Cell, Header
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.observations import MissingReason, ObservationStatus, PeriodText, Source
from shared.schemas.sheets import MOST_COLUMNS, Decimal


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


class FieldsMapping(In):
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


class OrganisationsMapping(FieldsMapping):
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


class AreasMapping(FieldsMapping):
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


class IndicatorsMapping(FieldsMapping):
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
