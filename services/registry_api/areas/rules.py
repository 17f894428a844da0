"""Pure decisions about the classifier: what kind a unit is, and whether rows form a tree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.registry_api.areas import errors
from services.registry_api.rows import RowRefusal
from shared.schemas.registry.areas import AreaKind, AreaRow

DEEPEST = 9
"""No classifier is deeper; a walk up that takes longer goes round in a circle."""

_REPUBLICAN_CITY = re.compile(r"^(г\.|город )", re.IGNORECASE)
_CITY_ADMINISTRATION = re.compile(r"^г\.|\bг\.а\.$", re.IGNORECASE)
_RURAL_DISTRICT = re.compile(r"\b[сап]\.о\.?(?!\w)|\bокруг\b", re.IGNORECASE)
_TOWN = re.compile(r"^г\.|\b[пг]\.а\.$", re.IGNORECASE)
_DISTRICT = re.compile(r"\bрайон\b", re.IGNORECASE)
_SETTLEMENT = re.compile(r"^(с|п|а|ст|рзд|уч)\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code stands in the tree."""

    parent: str | None
    level: int
    kind: AreaKind


def kind_of(level: int, name_ru: str | None, parent: AreaKind | None) -> AreaKind:
    """The kind of a unit as its level and its Russian name tell it.

    >>> kind_of(1, "г.Астана", None), kind_of(2, "район Есиль", AreaKind.REPUBLICAN_CITY)
    (<AreaKind.REPUBLICAN_CITY: 'republican_city'>, <AreaKind.CITY_DISTRICT: 'city_district'>)
    """
    name = name_ru or ""
    match level:
        case 1:
            return AreaKind.REPUBLICAN_CITY if _REPUBLICAN_CITY.search(name) else AreaKind.REGION
        case 2 if parent is AreaKind.REPUBLICAN_CITY:
            return AreaKind.CITY_DISTRICT
        case 2:
            return AreaKind.CITY if _CITY_ADMINISTRATION.search(name) else AreaKind.DISTRICT
    if _RURAL_DISTRICT.search(name):
        return AreaKind.RURAL_DISTRICT
    if _TOWN.search(name):
        return AreaKind.TOWN
    if _DISTRICT.search(name):
        return AreaKind.CITY_DISTRICT
    return AreaKind.SETTLEMENT if _SETTLEMENT.search(name) else AreaKind.OTHER


def path(code: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """The codes from the region down to `code`; `code` alone where nothing is known of it."""
    found = [code]
    while (above := parents.get(found[-1])) is not None and len(found) < DEEPEST:
        found.append(above)
    return tuple(reversed(found))


def placed(rows: Sequence[AreaRow], known: Mapping[str, Place]) -> tuple[dict[int, Place], list[RowRefusal]]:
    """Where each row stands, and the rows that cannot stand anywhere."""
    refusals = list(_repeated(rows))
    parents = {code: place.parent for code, place in known.items()} | {row.code: row.parent_code for row in rows}
    levels = {code: place.level for code, place in known.items()}
    kinds = {code: place.kind for code, place in known.items()}
    places: dict[int, Place] = {}
    for number, row in sorted(enumerate(rows), key=lambda item: len(path(item[1].code, parents))):
        if row.parent_code is not None and row.parent_code not in parents:
            refusals.append(RowRefusal(number, "/parent_code", errors.ParentUnknown(parent=row.parent_code)))
            continue
        if _goes_round(row.code, parents):
            refusals.append(RowRefusal(number, "/parent_code", errors.ParentsInCircle()))
            continue
        above = levels.get(row.parent_code, 0) if row.parent_code else 0
        level = row.level or above + 1
        if level <= above or (level == 1) != (row.parent_code is None):
            refusals.append(RowRefusal(number, "/level", errors.LevelDisagrees()))
            continue
        kind = row.kind or kind_of(level, row.name.ru, kinds.get(row.parent_code) if row.parent_code else None)
        levels[row.code], kinds[row.code] = level, kind
        places[number] = Place(row.parent_code, level, kind)
    return places, sorted(refusals, key=lambda refusal: refusal.row)


def _repeated(rows: Sequence[AreaRow]) -> Iterator[RowRefusal]:
    first: dict[tuple[str, object], int] = {}
    for number, row in enumerate(rows):
        earlier = first.setdefault((row.code, row.valid_from), number)
        if earlier != number:
            yield RowRefusal(number, "/code", errors.CodeRepeated(code=row.code, first_row=earlier + 1))


def _goes_round(code: str, parents: Mapping[str, str | None]) -> bool:
    at: str | None = code
    for _ in range(DEEPEST):
        at = parents.get(at) if at is not None else None
        if at is None:
            return False
    return True
