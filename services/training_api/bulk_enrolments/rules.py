"""What a list of people says: its columns, and who each row is."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from services.training_api.bulk_enrolments import errors
from shared import alphabet
from shared.schemas.training.bulk_enrolments import MOST_ROWS
from shared.sheets import opening
from shared.sheets.findings import FileFault, Finding

_SEPARATORS = re.compile(r"[\W_]+")


class Column(StrEnum):
    """What a column holds."""

    ID = "id"
    IIN = "iin"
    NAME = "name"
    VENUE = "venue"


HEADINGS: dict[str, Column] = {
    heading: column
    for column, headings in {
        Column.ID: ("id", "educator id", "педагог id", "идентификатор"),
        Column.IIN: ("iin", "иин", "жсн"),
        Column.NAME: (
            *("name", "аты жөні", "аты жоні", "тегі аты әкесінің аты", "фио", "ф и о", "фамилия имя отчество"),
            *("педагог", "мұғалім", "учитель", "teacher"),
        ),
        Column.VENUE: ("venue", "venue id", "алаң", "орын", "площадка", "место"),
    }.items()
    for heading in headings
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row, as far as it was understood."""

    row: int
    id: UUID | None = None
    iin: str | None = None
    name: str | None = None
    """Folded and sorted as `alphabet.sort_key` does."""
    venue_id: UUID | None = None
    is_venue_unreadable: bool = False
    """Whether a venue is named by what can be none: nobody is sent to another one for that."""
    finding: Finding | None = None
    """What is wrong with the row itself."""


def folded(heading: str) -> str:
    """A heading without case and punctuation."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", heading).casefold()).strip()


def column_of(heading: str) -> Column | None:
    """What a column of that heading holds; None if we do not need it."""
    return HEADINGS.get(folded(heading))


def read(path: Path) -> list[Line]:
    """The rows of the file. Raises `ListUnreadable`, `ColumnNeeded`, `ListTooLong`."""
    try:
        sheet = opening.open_file(
            path, delimiter=None, encoding=None, recognised=lambda heading: column_of(heading) is not None
        )
        places = {column: place for place, heading in enumerate(sheet.headings) if (column := column_of(heading))}
        if not places.keys() & {Column.ID, Column.IIN, Column.NAME}:
            raise errors.ColumnNeeded(pointer="/file")
        return _lines(sheet.rows(), places)
    except FileFault as fault:
        said = fault.finding.message
        raise errors.ListUnreadable(
            pointer="/file", finding=fault.finding.code, why_kk=said.kk, why_ru=said.ru, why_en=said.en
        ) from None


def _lines(rows: Iterable[opening.Row | Finding], places: dict[Column, int]) -> list[Line]:
    found: list[Line] = []
    for one in rows:
        if len(found) >= MOST_ROWS:
            raise errors.ListTooLong(pointer="/file", limit=MOST_ROWS)
        if isinstance(one, Finding):
            found.append(Line(one.row or 1, finding=one))
        else:
            found.append(_line(one[0], one[1], places))
    return found


def _line(row: int, cells: Sequence[str], places: dict[Column, int]) -> Line:
    said = {column: cells[place] for column, place in places.items() if cells[place]}
    digits = said.get(Column.IIN, "").strip()
    venue_id = _id(said.get(Column.VENUE))
    return Line(
        row,
        id=_id(said.get(Column.ID)),
        iin=digits.zfill(12) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None,
        name=alphabet.sort_key(" ".join(said[Column.NAME].split())) if Column.NAME in said else None,
        venue_id=venue_id,
        is_venue_unreadable=Column.VENUE in said and venue_id is None,
    )


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
