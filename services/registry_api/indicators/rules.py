"""What makes one version of an indicator differ from another."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from shared.schemas.registry.indicators import IndicatorCreate

MEASURE = frozenset(
    {"level", "organisation_types", "unit", "polarity", "formula", "period_kind", "age_youngest", "age_oldest"}
)
"""What decides which number comes out and how it is read; a difference here is another version."""


class Difference(Enum):
    """How a definition that is sent compares with the latest version."""

    NONE = "none"
    EDIT = "edit"
    """Names, notes and orientation differ: the version is edited."""
    VERSION = "version"
    """The measure differs: values of the one cannot stand beside values of the other."""


def difference(known: Mapping[str, Any], asked: Mapping[str, Any]) -> Difference:
    """What sending `asked` means, where `known` is so."""
    differing = {name for name, value in asked.items() if known[name] != value}
    if not differing:
        return Difference.NONE
    return Difference.VERSION if differing & MEASURE else Difference.EDIT


def definition_of(asked: IndicatorCreate) -> dict[str, Any]:
    """The definition as the table holds it: flat, in plain values."""
    definition = asked.model_dump(mode="python", exclude={"name", "age_band"})
    definition |= {
        "level": asked.level.value,
        "organisation_types": sorted(kind.value for kind in asked.organisation_types),
        "polarity": asked.polarity.value,
        "period_kind": asked.period_kind.value,
        "name_kk": asked.name.kk,
        "name_ru": asked.name.ru,
        "name_en": asked.name.en,
        "age_youngest": asked.age_band.youngest if asked.age_band else None,
        "age_oldest": asked.age_band.oldest if asked.age_band else None,
    }
    return definition
