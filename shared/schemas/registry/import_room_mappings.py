"""Mappings of files with memberships, targets, events and construction projects: what their columns mean."""

from enum import StrEnum

from pydantic import Field

from shared.schemas.registry.import_mappings import (
    AreasMapping,
    FieldsMapping,
    IndicatorsMapping,
    ObservationsMapping,
    OrganisationsMapping,
)
from shared.schemas.registry.import_words import Cell, Header
from shared.schemas.sheets import MOST_COLUMNS


class MembershipField(StrEnum):
    """What a column of memberships can be. An organisation is named by any identifier it bears, or by its id."""

    NETWORK = "network"
    ORGANISATION = "organisation"
    ROLE = "role"
    MENTOR = "mentor"
    AREA = "area"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    OVERRIDE = "override"


class TargetField(StrEnum):
    """What a column of targets can be."""

    INDICATOR = "indicator"
    AREA = "area"
    ORGANISATION = "organisation"
    BASELINE_VALUE = "baseline_value"
    BASELINE_ON = "baseline_on"
    COMPARATOR = "comparator"
    VALUE_LOW = "value_low"
    VALUE_HIGH = "value_high"
    QUALIFIER = "qualifier"
    DUE = "due"
    STATED_BY_ROLE = "stated_by_role"
    STATED_ON = "stated_on"
    QUOTE = "quote"
    SOURCE_URL = "source_url"
    AUTHORITATIVE = "authoritative"


class EventField(StrEnum):
    """What a column of events can be."""

    KIND = "kind"
    TITLE_KK = "title.kk"
    TITLE_RU = "title.ru"
    TITLE_EN = "title.en"
    HOST = "host"
    AREA = "area"
    VENUE_KK = "venue.kk"
    VENUE_RU = "venue.ru"
    NETWORK = "network"
    WHEN = "when"
    DURATION_DAYS = "duration_days"
    AUDIENCE = "audience"
    STATUS = "status"


class ConstructionField(StrEnum):
    """What a column of construction projects can be."""

    REFERENCE = "reference"
    NAME_KK = "name.kk"
    NAME_RU = "name.ru"
    NAME_EN = "name.en"
    PROGRAMME = "programme"
    AREA = "area"
    SETTING = "setting"
    DESIGN_CAPACITY = "design_capacity"
    GROSS_AREA = "gross_area_m2"
    LANGUAGES = "languages_of_instruction"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    VALID_FROM = "valid_from"
    IS_SYNTHETIC = "is_synthetic"


class MembershipsMapping(FieldsMapping):
    """A file with one membership in a row."""

    columns: dict[Header, MembershipField | list[MembershipField]] = Field(
        min_length=1,
        max_length=MOST_COLUMNS,
        description="By column: what it holds",
        examples=[{"БИН": "organisation", "С какого дня": "valid_from"}],
    )
    constants: dict[MembershipField, Cell] = Field(
        default_factory=dict,
        description="What all rows have in common",
        examples=[{"network": "nis-leading-schools", "role": "leading"}],
    )


class TargetsMapping(FieldsMapping):
    """A file with one target in a row."""

    columns: dict[Header, TargetField | list[TargetField]] = Field(
        min_length=1,
        max_length=MOST_COLUMNS,
        description="By column: what it holds",
        examples=[{"Показатель": "indicator", "Было": "baseline_value", "Цель": "value_low", "Срок": "due"}],
    )
    constants: dict[TargetField, Cell] = Field(
        default_factory=dict,
        description="What all rows have in common",
        examples=[{"comparator": "ge", "stated_by_role": "akim_of_region"}],
    )


class EventsMapping(FieldsMapping):
    """A file with one event in a row."""

    columns: dict[Header, EventField | list[EventField]] = Field(
        min_length=1,
        max_length=MOST_COLUMNS,
        description="By column: what it holds",
        examples=[{"Іс-шара": "title.kk", "Мерзімі": "when", "БСН": "host"}],
    )
    constants: dict[EventField, Cell] = Field(
        default_factory=dict, description="What all rows have in common", examples=[{"kind": "seminar"}]
    )


class ConstructionMapping(FieldsMapping):
    """A file with one construction project in a row."""

    columns: dict[Header, ConstructionField | list[ConstructionField]] = Field(
        min_length=1,
        max_length=MOST_COLUMNS,
        description="By column: what it holds",
        examples=[{"№": "reference", "Наименование": "name.ru", "Мощность": "design_capacity"}],
    )
    constants: dict[ConstructionField, Cell] = Field(
        default_factory=dict, description="What all rows have in common", examples=[{"programme": "keleshek"}]
    )


Mapping = (
    OrganisationsMapping
    | ObservationsMapping
    | AreasMapping
    | IndicatorsMapping
    | MembershipsMapping
    | TargetsMapping
    | EventsMapping
    | ConstructionMapping
)
"""What the columns of a file mean; which form applies is told by the kind of the import."""
