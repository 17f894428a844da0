"""The integer programme: its columns and rows as arrays, for people one by one or for those alike together.

Let u be a unit (a person, or n_u people who may go to the same venues and pools and count in the same groups), v a
venue, p a pool of a venue or `o` for its open seats, τ a kind of fit (the set of pools that somebody may sit in at a
venue), c a cell (district and setting), s a school. Whole numbers ≥ 0, all counted in people:

    x_uv  of unit u placed at v                      z_vτp  of kind τ at v who sit in p
    a_c   placed of cell c                           y_sv   1 if school s uses venue v (only where limits need it)

    Σ_v x_uv                       ≤ n_u             each is placed once
    Σ_{u of kind τ at v} x_uv      = Σ_p z_vτp       each who fits pools sits in one of them or on an open seat
    Σ_τ z_vτp                      ≤ K_vp            seats of the pool
    Σ_{u of kind ∅} x_uv + Σ_τ z_vτo ≤ K_vo          open seats
    Σ_{u in c} Σ_v x_uv            = a_c
    Σ_{c in g} a_c                 ≥ f_g             least number of group g (a district; rural or urban)
    Σ_c a_c                        ≥ P               least number in all
    Σ_{u of s} x_uv                ≤ M               most of a school at a venue
    m·y_sv ≤ Σ_{u of s} x_uv       ≤ min(M, n_s)·y_sv   none or at least m
    Σ_v y_sv                       ≤ 1               a school together

Without y and with one family of groups this is a flow in a network (people in cells in groups on one side, kinds in
pools in venues on the other): every vertex of the relaxed programme is whole, so that the simplex method alone gives
an optimum with its proof. Two families may cross, and limits of schools bring y: then branching may be needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.training_api.allocations.case import Case, Floats, Ints


@dataclass(frozen=True, slots=True)
class Unit:
    """People who are alike; of whom it does not matter who is placed."""

    members: tuple[int, ...]
    ways: tuple[tuple[int, ...], ...]
    """By venue that is possible: the way of each member."""


@dataclass
class Programme:
    """Columns, rows and the places of what is asked about later."""

    case: Case
    units: Sequence[Unit]
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    starts: Ints
    """Of the columns, in the arrays below."""
    rows: Ints
    factors: Floats
    x: list[tuple[int, int]]
    """Unit and place among its venues of the first columns, in order."""
    cells: slice
    """Columns of the numbers by cell."""
    seats: Mapping[int, int]
    """By site: the row of its open seats."""
    groups: Mapping[str, Mapping[str, int]]
    """By family and group: its row."""
    total: int
    """The row of the number in all."""
    choices: Mapping[object, Mapping[int, tuple[int, Sequence[int]]]]
    """By school and site, where it must be chosen: the column of the choice, and those of its people."""

    def choose(self, school: object, site: int, chosen: bool | None) -> None:
        """Fix whether the school uses the site; None: leave it open."""
        column, _ = self.choices[school][site]
        self.lower[column] = float(chosen or False)
        self.upper[column] = float(chosen is not False)

    def aim(self, cost: Mapping[int, float]) -> None:
        """Ask for the most of these columns only."""
        self.cost = np.zeros(len(self.upper))
        for column, value in cost.items():
            self.cost[column] = value

    def aim_at_number(self) -> None:
        """Ask for as many people as possible."""
        self.aim(dict.fromkeys(range(self.cells.start, self.cells.stop), 1.0))

    def demand(self, family: str, share: float) -> None:
        """Let every group of the family have at least this share of its people placed."""
        for name, people in self.case.judged(family).items():
            self.row_lower[self.groups[family][name]] = least(share, len(people))

    def demand_number(self, number: int) -> None:
        """Let at least so many be placed."""
        self.row_lower[self.total] = number


def least(share: float, people: int) -> int:
    """The smallest number of people that is not less than the share."""
    return max(0, int(np.ceil(share * people - 1e-9)))


def alike(case: Case) -> list[Unit]:
    """People put together who differ in nothing but their worth."""
    by_school = case.limits.most_per_school is not None or case.limits.need_choices
    found: dict[object, tuple[list[int], list[list[int]]]] = {}
    for person, ways in enumerate(_ways(case)):
        if not ways:
            continue
        one = case.people[person]
        fits = tuple((case.ways[way].site, case.ways[way].pools) for way in ways)
        members, taken = found.setdefault(
            (one.district, one.setting, one.school if by_school else None, fits), ([], [[] for _ in ways])
        )
        members.append(person)
        for place, way in enumerate(ways):
            taken[place].append(way)
    return [Unit(tuple(members), tuple(map(tuple, taken))) for members, taken in found.values()]


def apart(case: Case) -> list[Unit]:
    """Everybody for themselves."""
    return [Unit((person,), tuple((way,) for way in ways)) for person, ways in enumerate(_ways(case)) if ways]


def _ways(case: Case) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in case.people]
    for number, way in enumerate(case.ways):
        found[way.person].append(number)
    return found


class _Sheet:
    """Rows and columns as they are added."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.lower_rows: list[float] = []
        self.upper_rows: list[float] = []
        self.entries: list[tuple[int, int, float]] = []

    def column(self, upper: float) -> int:
        self.upper.append(upper)
        return len(self.upper) - 1

    def row(self, lower: float, upper: float) -> int:
        self.lower_rows.append(lower)
        self.upper_rows.append(upper)
        return len(self.lower_rows) - 1

    def put(self, row: int, column: int, factor: float = 1.0) -> None:
        self.entries.append((column, row, factor))


def build(case: Case, units: Sequence[Unit]) -> Programme:
    """The programme, aimed at the worth of the first members of units; see the module."""
    sheet = _Sheet()
    x: list[tuple[int, int]] = []
    cost: list[float] = []
    by_cell: dict[tuple[str, str], list[int]] = {}
    by_kind: dict[tuple[int, frozenset[int]], list[int]] = {}
    by_school: dict[tuple[object, int], list[int]] = {}
    crowd: dict[tuple[object, int], int] = {}
    for number, unit in enumerate(units):
        size = len(unit.members)
        one = case.people[unit.members[0]]
        row = sheet.row(-np.inf, size)
        for place, ways in enumerate(unit.ways):
            way = case.ways[ways[0]]
            column = sheet.column(size)
            x.append((number, place))
            cost.append(float(case.worth[ways[0]]))
            sheet.put(row, column)
            by_cell.setdefault((one.district, one.setting), []).append(column)
            by_kind.setdefault((way.site, way.pools), []).append(column)
            by_school.setdefault((one.school, way.site), []).append(column)
            crowd[one.school, way.site] = crowd.get((one.school, way.site), 0) + size
    cells = {cell: sheet.column(np.inf) for cell in sorted(by_cell)}
    span = slice(len(x), len(x) + len(cells))
    for cell, column in cells.items():
        row = sheet.row(0, 0)
        sheet.put(row, column, -1.0)
        for one_x in by_cell[cell]:
            sheet.put(row, one_x)
    seats = _seat_rows(sheet, case, by_kind)
    choices = _school_rows(sheet, case, by_school, crowd)
    groups: dict[str, dict[str, int]] = {"district": {}, "setting": {}}
    for family, part in (("district", 0), ("setting", 1)):
        for name in case.groups[family]:
            groups[family][name] = row = sheet.row(-np.inf, np.inf)
            for cell, column in cells.items():
                if cell[part] == name:
                    sheet.put(row, column)
    total = sheet.row(-np.inf, np.inf)
    for column in cells.values():
        sheet.put(total, column)
    cost += [0.0] * (len(sheet.upper) - len(cost))
    columns, rows, factors = (
        (np.array(part) for part in zip(*sorted(sheet.entries), strict=True)) if sheet.entries else (np.zeros(0),) * 3
    )
    starts = np.searchsorted(columns, np.arange(len(sheet.upper) + 1))
    return Programme(
        case=case,
        units=units,
        cost=np.array(cost),
        lower=np.zeros(len(sheet.upper)),
        upper=np.array(sheet.upper),
        row_lower=np.array(sheet.lower_rows, dtype=float),
        row_upper=np.array(sheet.upper_rows, dtype=float),
        starts=starts.astype(np.int64),
        rows=rows.astype(np.int64),
        factors=factors.astype(float),
        x=x,
        cells=span,
        seats=seats,
        groups=groups,
        total=total,
        choices=choices,
    )


def _seat_rows(
    sheet: _Sheet, case: Case, by_kind: Mapping[tuple[int, frozenset[int]], Sequence[int]]
) -> dict[int, int]:
    open_rows = {number: sheet.row(-np.inf, site.open_seats) for number, site in enumerate(case.sites)}
    pool_rows = {
        (number, place): sheet.row(-np.inf, pool.seats)
        for number, site in enumerate(case.sites)
        for place, pool in enumerate(site.pools)
    }
    for (site, pools), columns in sorted(by_kind.items(), key=lambda item: (item[0][0], sorted(item[0][1]))):
        if not pools:
            for column in columns:
                sheet.put(open_rows[site], column)
            continue
        balance = sheet.row(0, 0)
        for column in columns:
            sheet.put(balance, column)
        for row in (open_rows[site], *(pool_rows[site, place] for place in sorted(pools))):
            seated = sheet.column(np.inf)
            sheet.put(balance, seated, -1.0)
            sheet.put(row, seated)
    return open_rows


def _school_rows(
    sheet: _Sheet,
    case: Case,
    by_school: Mapping[tuple[object, int], Sequence[int]],
    crowd: Mapping[tuple[object, int], int],
) -> dict[object, dict[int, tuple[int, Sequence[int]]]]:
    limits = case.limits
    homes: dict[object, dict[int, tuple[int, Sequence[int]]]] = {}
    if limits.most_per_school is None and not limits.need_choices:
        return homes
    for (school, site), columns in by_school.items():
        most = min(crowd[school, site], limits.most_per_school or crowd[school, site])
        if not limits.need_choices:
            if most < crowd[school, site]:
                row = sheet.row(-np.inf, most)
                for column in columns:
                    sheet.put(row, column)
            continue
        used = sheet.column(1)
        homes.setdefault(school, {})[site] = used, columns
        enough, not_more = sheet.row(0, np.inf), sheet.row(-np.inf, 0)
        for column in columns:
            sheet.put(enough, column)
            sheet.put(not_more, column)
        sheet.put(enough, used, -float(limits.fewest_per_school))
        sheet.put(not_more, used, -float(most))
    if limits.together:
        for choices in homes.values():
            row = sheet.row(-np.inf, 1)
            for used, _ in choices.values():
                sheet.put(row, used)
    return homes
