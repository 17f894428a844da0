"""Opens a file as headings and rows of text, whatever it is: CSV, NDJSON or a workbook."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from shared.schemas.sheets import MOST_COLUMNS, Delimiter, FileEncoding
from shared.sheets import sniffing, workbooks
from shared.sheets.cells import LONGEST_CELL, cleaned
from shared.sheets.findings import FileFault, Finding

Row = tuple[int, list[str]]
"""A row's number as a spreadsheet counts, and its cells."""

_LONGEST_FIELD = 1 << 20
_LOST = re.compile(r"\?[а-яёА-ЯЁ]|[а-яёА-ЯЁ]\?[а-яёА-ЯЁ?]")
"""A question mark where a word goes on."""
_SNIFFED = 1 << 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that can be read row by row."""

    format: Literal["csv", "xlsx", "ndjson"]
    encoding: str | None
    delimiter: str | None
    headings: list[str]
    _records: Callable[[], Iterator[tuple[int, list[str]]]]

    def rows(self) -> Iterator[Row | Finding]:
        """The rows below the headings; in place of a row that cannot be one, what is wrong with it.

        Rows with nothing in them are left out. Raises `FileFault` where reading cannot go on.
        """
        width, may_have_lost = len(self.headings), self.encoding == FileEncoding.WINDOWS_1251
        for number, cells in self._records():
            if not any(cells):
                continue
            if len(cells) != width:
                if len(cells) < width or any(cells[width:]):
                    yield Finding.of("row_ragged", row=number, found=len(cells), expected=width)
                    continue
                del cells[width:]
            if max(map(len, cells)) > LONGEST_CELL:
                place = next(place for place, cell in enumerate(cells) if len(cell) > LONGEST_CELL)
                yield Finding.of("cell_too_long", row=number, column=self.headings[place], limit=LONGEST_CELL)
                continue
            if may_have_lost and (lost := _lost_letters(cells)) is not None:
                yield Finding.of("letters_lost", row=number, column=self.headings[lost], value=cells[lost])
                continue
            yield number, cells


def _lost_letters(cells: list[str]) -> int | None:
    """Where question marks stand in a word. Windows-1251 has no Kazakh letters: a spreadsheet that saves in it writes
    «?» for each and says nothing.
    """
    return next((place for place, cell in enumerate(cells) if "?" in cell and _LOST.search(cell)), None)


def open_file(
    path: Path, *, delimiter: Delimiter | None, encoding: FileEncoding | None, recognised: Callable[[str], bool]
) -> Sheet:
    """The file as a sheet; raises `FileFault` when it cannot be one. `recognised` tells whether a heading is known."""
    if sniffing.is_workbook(path):
        unpacked = workbooks.unpack(path)
        return _sheet("xlsx", None, None, lambda: workbooks.rows(unpacked))
    found, codec = sniffing.codec_of(path, encoding)
    if _is_ndjson(path, codec):
        names = _names(path, codec)
        return Sheet("ndjson", found.value, None, names, lambda: _objects(path, codec, names))
    sign = sniffing.DELIMITERS[delimiter] if delimiter else sniffing.delimiter_of(path, codec, recognised)
    return _sheet("csv", found.value, sign, lambda: _lines(path, codec, sign))


def _sheet(
    format_: Literal["csv", "xlsx"],
    encoding: str | None,
    delimiter: str | None,
    records: Callable[[], Iterator[tuple[int, list[str]]]],
) -> Sheet:
    first = next((record for record in records() if any(record[1])), None)
    if first is None:
        raise FileFault(Finding.of("headings_missing"))
    number, cells = first
    if encoding == FileEncoding.WINDOWS_1251 and (lost := _lost_letters(cells)) is not None:
        raise FileFault(Finding.of("letters_lost", row=number, value=cells[lost]))
    return Sheet(format_, encoding, delimiter, _headings(cells), lambda: _below(records(), number))


def _below(records: Iterator[tuple[int, list[str]]], heading_row: int) -> Iterator[tuple[int, list[str]]]:
    return (record for record in records if record[0] > heading_row)


def _headings(cells: list[str]) -> list[str]:
    headings = list(cells)
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise FileFault(Finding.of("headings_too_many", row=1, limit=MOST_COLUMNS))
    seen: set[str] = set()
    for place, heading in enumerate(headings, start=1):
        if not heading:
            raise FileFault(Finding.of("heading_empty", row=1, place=place))
        if not heading.isprintable():
            raise FileFault(Finding.of("control_character", row=1, value=heading))
        if len(heading) > 300:
            raise FileFault(Finding.of("cell_too_long", row=1, value=heading, limit=300))
        if heading in seen:
            raise FileFault(Finding.of("heading_repeated", row=1, column=heading))
        seen.add(heading)
    return headings


def _lines(path: Path, codec: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=codec, newline="") as file:
        if file.readline(16).strip().casefold() != f"sep={sign}".strip():
            file.seek(0)
        number = 0
        try:
            for number, cells in enumerate(csv.reader(file, delimiter=sign, strict=True), start=1):
                yield number, [cleaned(cell) for cell in cells]
        except csv.Error:
            raise FileFault(Finding.of("file_unreadable", row=number + 1, format="CSV")) from None


def _is_ndjson(path: Path, codec: str) -> bool:
    with path.open(encoding=codec) as file:
        return file.read(_SNIFFED).lstrip().startswith("{")


def _names(path: Path, codec: str) -> list[str]:
    """Every name of every object, in the order of their first appearance."""
    names: dict[str, None] = {}
    for _, flat in _parsed(path, codec):
        names.update(dict.fromkeys(flat))
        if not all(name.isprintable() for name in flat):
            raise FileFault(Finding.of("control_character", row=1))
        if len(names) > MOST_COLUMNS:
            raise FileFault(Finding.of("headings_too_many", limit=MOST_COLUMNS))
    return list(names)


def _objects(path: Path, codec: str, names: list[str]) -> Iterator[tuple[int, list[str]]]:
    for number, flat in _parsed(path, codec):
        yield number, [flat.get(name, "") for name in names]


def _parsed(path: Path, codec: str) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding=codec) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
                flat = _flat(found) if isinstance(found, dict) else None
            except (ValueError, RecursionError):
                flat = None
            if flat is None:
                raise FileFault(Finding.of("file_unreadable", row=number, format="NDJSON"))
            yield number, flat


def _flat(found: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Nested objects as dotted names, lists of words joined by `;`."""
    if depth > 4:
        raise ValueError("too deep")
    flat: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.", depth + 1)
        else:
            flat[cleaned(f"{prefix}{name}")[:300]] = _text(value)
    return flat


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return cleaned(value.encode("utf-8", "replace").decode())
        case int() | float():
            return repr(value)
        case list() if all(isinstance(item, str | int | float) for item in value):
            return ";".join(_text(item) for item in value)
    raise ValueError("a list of objects is no cell")
