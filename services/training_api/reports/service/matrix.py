"""The matrix of regions and themes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.training_api import disclosure
from services.training_api.organisations import service as organisations
from services.training_api.reports import repository
from services.training_api.reports.repository import Held, Taught
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.engine import consistent
from shared.db.sessions import ReadSession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.registry.areas import AreaSummary
from shared.schemas.training.reports import MatrixCell, MatrixQuery, MatrixRead, MatrixRow

_ALL = "all"
"""Stands for the sum over regions or over themes."""
Place = tuple[str | None, str | None]
"""Region and theme of a cell; None where it has none, `_ALL` for a sum."""


async def keep_regions(session: WriteSession, areas: Sequence[AreaSummary], *, now: datetime) -> None:
    """Take over the regions that the registry has today; nothing changes if it knows none."""
    rows = [
        {
            "code": area.code,
            "name_kk": area.name.kk,
            "name_ru": area.name.ru,
            "name_en": area.name.en,
            "valid_until": area.valid_until,
        }
        for area in areas
    ]
    if rows:
        await repository.keep_regions(session, rows, today=day_in_kazakhstan(now))


async def matrix(session: ReadSession, actor: Actor, query: MatrixQuery, *, now: datetime) -> MatrixRead:
    """Every region with every theme, at one moment; what was never taught there is zero."""
    as_of = query.as_of or day_in_kazakhstan(now)
    reach = organisations.reach(actor, Scope.TRAINING_READ)
    async with consistent(session):
        regions = await repository.regions(session, as_of=as_of)
        themes = query.themes.split(",") if query.themes else await repository.themes(session)
        taught = {_place(one): one for one in await repository.taught(session, as_of=as_of, since=query.since)}
        held = {_place(one): one for one in await repository.held(session, as_of=as_of, since=query.since, reach=reach)}
    names: dict[str | None, TextOut] = {
        region.code: TextOut(kk=region.name_kk, ru=region.name_ru, en=region.name_en) for region in regions
    }
    # A region that the classifier got since, and what lies in no region, are shown if there is anything of them.
    found = {place[0] for place in taught.keys() | held.keys()} - {_ALL} - names.keys()
    rows = [*names, *sorted(found, key=lambda code: (code is None, code or ""))]
    hidden = _hidden(held)

    def cell(place: Place) -> MatrixCell:
        here, who = taught.get(place), held.get(place)
        return MatrixCell(
            venues=here.venues if here else 0,
            cohorts=here.cohorts if here else 0,
            persons=None if place in hidden else who.persons if who else 0,
            certificates=None if place in hidden else who.certificates if who else 0,
            suppressed=place in hidden,
        )

    def row(code: str | None, *, name: TextOut) -> MatrixRow:
        return MatrixRow(
            area=None if code == _ALL else code,
            name=name,
            cells=[cell((code, theme)) for theme in themes],
            without_theme=cell((code, None)),
            total=cell((code, _ALL)),
        )

    return MatrixRead(
        as_of=as_of,
        themes=themes,
        rows=[row(code, name=names.get(code, TextOut())) for code in rows],
        total=row(_ALL, name=TextOut()),
    )


def _place(one: Taught | Held) -> Place:
    return _ALL if one.is_all_regions else one.region, _ALL if one.is_all_themes else one.theme


def _hidden(held: Mapping[Place, Held]) -> frozenset[Place]:
    """Rows add up over themes and columns over regions, as far as nobody is in two."""
    regions = {place[0] for place in held} - {_ALL}
    themes = {place[1] for place in held} - {_ALL}

    def there(places: Sequence[Place]) -> list[Place]:
        return [place for place in places if place in held]

    sums: list[tuple[Place, list[Place]]] = []
    for region in (*regions, _ALL):
        sums.append(((region, _ALL), there([(region, theme) for theme in themes])))
    for theme in (*themes, _ALL):
        sums.append(((_ALL, theme), there([(region, theme) for region in regions])))
    return disclosure.hidden(
        {place: (one.persons,) for place, one in held.items()},
        [(total, parts) for total, parts in sums if total in held],
        known=[place for place, one in held.items() if not one.outside],
    )
