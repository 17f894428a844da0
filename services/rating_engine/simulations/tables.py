"""From the table of a simulation to the data set of the core, and its name by content."""

import hashlib
import math
import struct
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from services.rating_engine.core import types as core
from services.rating_engine.simulations.errors import ColumnMissing, TableRefused
from services.rating_engine.snapshots.freeze import text_of
from shared.errors import FieldError, Text
from shared.schemas.rating.methodology import MethodologyDocument, beside, fetched, leaves
from shared.schemas.rating.simulations import Table, YearsBefore

_AT = "/table"
_UNIT_REPEATED = Text(
    kk="Бұл атау кестеде бұрын кездескен",
    ru="Такое имя в таблице уже есть",
    en="This name is already in the table",
)
_LENGTH = Text(
    kk="Ұзындығы units ұзындығындай болуы керек: {expected}, берілгені {given}",
    ru="Длина должна быть как у units: {expected}, а дано {given}",
    en="It must be as long as units: {expected}, not {given}",
)
_NO_VALUES = Text(
    kk="columns ішінде мұндай баған жоқ", ru="В columns нет такого столбца", en="There is no such column in columns"
)
_YEARS = Text(
    kk="Жыл саны values ішіндегідей болуы керек: {expected}, берілгені {given}",
    ru="Лет должно быть столько же, сколько в values: {expected}, а дано {given}",
    en="There must be as many years as in values: {expected}, not {given}",
)
_NO_COLUMN = Text(
    kk="Кестеде {code} бағаны жоқ", ru="В таблице нет столбца {code}", en="The table has no column {code}"
)
_NO_ATTRIBUTE = Text(
    kk="Кестеде {code} белгісі жоқ", ru="В таблице нет признака {code}", en="The table has no attribute {code}"
)


def read(table: Table, document: MethodologyDocument, *, methodology_at: str = "/methodology") -> core.Dataset:
    """The columns the methodology uses; raises `TableRefused` or `ColumnMissing` with every place that is wrong."""
    if wrong := list(_contradictions(table)):
        raise TableRefused(errors=wrong)
    if missing := list(_missing(table, document, methodology_at)):
        raise ColumnMissing(errors=missing)
    return core.Dataset(
        units=tuple(table.units),
        columns={
            code: core.Column(
                values=numbers(table.columns[code]),
                n=numbers(table.n[code]) if code in table.n else None,
                variance=numbers(table.variance[code]) if code in table.variance else None,
                reasons=tuple(table.reason[code]) if code in table.reason else None,
                previous=numbers(table.previous[code]) if code in table.previous else None,
            )
            for code in fetched(document)
        },
        attributes={name: tuple(map(text_of, values)) for name, values in table.attributes.items()},
    )


def numbers(cells: Sequence[float | None]) -> core.Floats:
    """A column with gaps as the core writes them."""
    return np.array([core.MISSING if cell is None else cell for cell in cells], dtype=np.float64)


def _contradictions(table: Table) -> Iterator[FieldError]:
    seen: set[str] = set()
    for place, unit in enumerate(table.units):
        if unit in seen:
            yield FieldError(f"{_AT}/units/{place}", "unit_repeated", _UNIT_REPEATED)
        seen.add(unit)
    parts: Mapping[str, Mapping[str, Sequence[object]]] = {
        "columns": table.columns,
        "n": table.n,
        "variance": table.variance,
        "reason": table.reason,
        "previous": table.previous,
        "attributes": table.attributes,
    }
    for name, columns in parts.items():
        for code, cells in columns.items():
            if len(cells) != len(table.units):
                yield _unlike(f"{_AT}/{name}/{code}", table, cells)
            if name not in ("columns", "attributes") and code not in table.columns:
                yield FieldError(f"{_AT}/{name}/{code}", "column_unknown", _NO_VALUES)
    for code in table.shares:
        if code not in table.columns:
            yield FieldError(f"{_AT}/shares/{code}", "column_unknown", _NO_VALUES)
    for code, before in table.history.items():
        yield from _contradictions_of_years(f"{_AT}/history/{code}", table, code, before)


def _contradictions_of_years(at: str, table: Table, code: str, before: YearsBefore) -> Iterator[FieldError]:
    if code not in table.columns:
        yield FieldError(at, "column_unknown", _NO_VALUES)
    if len(before.variance) != len(before.values):
        message = _YEARS.filled({"expected": len(before.values), "given": len(before.variance)})
        yield FieldError(f"{at}/variance", "length_mismatch", message)
    for name, years in (("values", before.values), ("variance", before.variance)):
        for place, cells in enumerate(years):
            if len(cells) != len(table.units):
                yield _unlike(f"{at}/{name}/{place}", table, cells)


def _unlike(pointer: str, table: Table, cells: Sequence[object]) -> FieldError:
    message = _LENGTH.filled({"expected": len(table.units), "given": len(cells)})
    return FieldError(pointer, "length_mismatch", message)


def _missing(table: Table, document: MethodologyDocument, at: str) -> Iterator[FieldError]:
    for pointer, leaf in leaves(document):
        if leaf.indicator not in table.columns:
            yield _lacking(f"{at}{pointer}/indicator", leaf.indicator)
        if leaf.denominator is not None and leaf.denominator not in table.columns:
            yield _lacking(f"{at}{pointer}/denominator", leaf.denominator)
    for pointer, code in beside(document):
        if code not in table.columns:
            yield _lacking(f"{at}{pointer}", code)
    peers = document.peer_groups
    others = {
        "context": document.context,
        "peer_groups/nearest/on": peers.nearest.on if peers and peers.nearest else [],
    }
    for name, codes in others.items():
        yield from (
            _lacking(f"{at}/{name}/{place}", code) for place, code in enumerate(codes) if code not in table.columns
        )
    attributes = {
        "peer_groups/by": peers.by if peers else [],
        "imputation/by": document.imputation.by if document.imputation else [],
    }
    for name, codes in attributes.items():
        for place, code in enumerate(codes):
            if code not in table.attributes:
                message = _NO_ATTRIBUTE.filled({"code": code})
                yield FieldError(f"{at}/{name}/{place}", "attribute_missing", message)


def _lacking(pointer: str, code: str) -> FieldError:
    return FieldError(pointer, "column_missing", _NO_COLUMN.filled({"code": code}))


def digest(table: Table) -> str:
    """`sha256:` and the SHA-256 of the whole table with units and columns sorted: the order they came in leaves no
    trace.

    Hashed are, each with its length before it: the units in ascending order; then for `columns`, `n` and `variance` in
    this order the codes ascending, each followed by its values in the order of the sorted units as little-endian
    doubles, a gap as the quiet NaN 7ff8000000000000 and -0 as 0; then the attributes by name, each as the word the core
    groups by, a gap as the single byte 00. Reasons, previous values and shares come last, and only where the table has
    any: first the reasons like the attributes, then the previous values like the columns, each kind with its number of
    codes before it; then, only where there are any, the shares by code, each with what its whole is written as. Earlier
    years are behind all of these, with 0 for what there is none of: their number of codes, then by code the number of
    years, their values like a column each, and their variances so too.
    """
    order = sorted(range(len(table.units)), key=table.units.__getitem__)
    sha = hashlib.sha256()

    def text(words: str | None) -> None:
        encoded = b"\x00" if words is None else words.encode()
        sha.update(struct.pack("<Q", len(encoded)) + encoded)

    def numbers_of(columns: Mapping[str, Sequence[float | None]]) -> None:
        sha.update(struct.pack("<Q", len(columns)))
        for code in sorted(columns):
            text(code)
            column(columns[code])

    def column(cells: Sequence[float | None]) -> None:
        values = (math.nan if (cell := cells[place]) is None else cell + 0.0 for place in order)
        sha.update(np.fromiter(values, dtype="<f8", count=len(order)).tobytes())

    sha.update(struct.pack("<Q", len(order)))
    for place in order:
        text(table.units[place])
    for columns in (table.columns, table.n, table.variance):
        numbers_of(columns)
    sha.update(struct.pack("<Q", len(table.attributes)))
    for name in sorted(table.attributes):
        text(name)
        for place in order:
            text(text_of(table.attributes[name][place]))
    if table.reason or table.previous or table.shares or table.history:
        sha.update(struct.pack("<Q", len(table.reason)))
        for code in sorted(table.reason):
            text(code)
            for place in order:
                text(table.reason[code][place])
        numbers_of(table.previous)
    if table.shares or table.history:
        sha.update(struct.pack("<Q", len(table.shares)))
        for code in sorted(table.shares):
            text(code)
            sha.update(struct.pack("<d", table.shares[code]))
    if table.history:
        sha.update(struct.pack("<Q", len(table.history)))
        for code in sorted(table.history):
            text(code)
            before = table.history[code]
            sha.update(struct.pack("<Q", len(before.values)))
            for cells in (*before.values, *before.variance):
                column(cells)
    return "sha256:" + sha.hexdigest()
