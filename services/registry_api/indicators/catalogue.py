"""The definitions this registry ships with; a newer catalogue comes as an import of the same file."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.schemas.registry.indicators import IndicatorCreate

FILE = Path(__file__).parent / "reference" / "indicators.csv"


def definitions() -> list[IndicatorCreate]:
    """Everything in the catalogue, in its order."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [IndicatorCreate.model_validate(_entry(row)) for row in csv.DictReader(file)]


def _entry(row: Mapping[str, str]) -> dict[str, Any]:
    told = {name: text.strip() for name, text in row.items() if text.strip()}
    entry: dict[str, Any] = {
        name: told[name]
        for name in (
            *("code", "level", "pillar", "unit", "polarity", "formula", "period_kind"),
            *("as_of_rule", "source_system", "source_note", "note"),
        )
        if name in told
    }
    entry["name"] = {
        language: told[f"name_{language}"] for language in ("kk", "ru", "en") if f"name_{language}" in told
    }
    for name in ("plausible_min", "plausible_max", "typical"):
        if name in told:
            entry[name] = float(told[name])
    if "min_n" in told:
        entry["min_n"] = int(told["min_n"])
    for name in ("organisation_types", "disaggregation"):
        if name in told:
            entry[name] = [part.strip() for part in told[name].split(";")]
    if "age_from" in told:
        entry["age_band"] = {"youngest": int(told["age_from"]), "oldest": int(told["age_to"])}
    return entry
