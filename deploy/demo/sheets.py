"""Writes what was generated as CSV files: the same seed gives the same bytes."""

import csv
import io
from collections.abc import Iterable, Sequence

from deploy.demo.measures import Row
from deploy.demo.region import Place

ORGANISATION_COLUMNS = (
    *("identifier.scheme", "identifier.value", "name.kk", "name.ru", "name.en", "type", "kind", "ownership"),
    *("legal_form", "levels", "languages_of_instruction", "setting", "multigrade", "selective", "shift_count"),
    *("design_capacity", "area", "latitude", "longitude", "phone", "email", "programme_tags", "valid_from"),
    "is_synthetic",
)
OBSERVATION_COLUMNS = ("subject", "indicator", "period", "value", "reason", "n", "variance")


def organisations(places: Sequence[Place]) -> bytes:
    """One organisation in a row, under our own headings."""
    return _csv(ORGANISATION_COLUMNS, ([place.row.get(column) for column in ORGANISATION_COLUMNS] for place in places))


def observations(rows: Iterable[Row]) -> bytes:
    """One observation in a row."""
    return _csv(OBSERVATION_COLUMNS, rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else _cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _cell(cell: object) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
