"""The classifier's first two levels as they are shipped: regions, and their districts and cities.

Codes, parents and Russian names are those of the state classifier (KATO) of 17 October 2022; Kazakh and English
names of regions are ours. Names of districts in Kazakh are not in the source and are left empty. The three regions
founded on 8 June 2022 begin on that day; since when the others are what they are is not told.
"""

import csv
from datetime import date
from importlib import resources

from shared import alphabet
from shared.schemas.base import LocalisedText
from shared.schemas.registry.areas import AreaKind, AreaRow


def rows() -> list[AreaRow]:
    """The shipped rows, parents before children."""
    text = resources.files(__name__).joinpath("kato_levels_1_2.csv").read_text(encoding="utf-8")
    return [_row(line) for line in csv.DictReader(text.splitlines())]


def _row(line: dict[str, str]) -> AreaRow:
    return AreaRow(
        code=line["code"],
        parent_code=line["parent_code"] or None,
        level=int(line["level"]),
        kind=AreaKind(line["kind"]),
        name=LocalisedText(kk=line["name_kk"] or None, ru=line["name_ru"] or None, en=line["name_en"] or None),
        valid_from=date.fromisoformat(line["valid_from"]) if line["valid_from"] else None,
    )


def search_key(*names: str | None) -> str:
    """What words are looked for in: every word of every name, with a space before each."""
    return " " + " ".join(alphabet.search_key(name) for name in names if name) + " "
