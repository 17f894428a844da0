"""Small cells: hidden, with as few others as are needed that no solver can bring them back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services.registry_api.disclosure.rules import FEWEST, Cell, hidden, is_small

WIDE = FEWEST
"""Whoever knows everything that is shown must still have so much doubt about what is not."""


def tree(spec: Any, name: str = "0", parent: str | None = None, of: dict[str, Cell] | None = None) -> dict[str, Cell]:
    """Cells of a nested list: a number is a leaf, a list the sum of its parts."""
    cells: dict[str, Cell] = {} if of is None else of
    if isinstance(spec, list):
        for place, part in enumerate(spec):
            tree(part, f"{name}.{place}", name, cells)
        total = float(sum(cells[f"{name}.{place}"].counts[0] for place in range(len(spec))))
    else:
        total = float(spec)
    cells[name] = Cell(parent, (total,), is_small(total, None, fewest=FEWEST))
    return cells


def intervals(cells: Mapping[str, Cell], shown: set[str]) -> dict[str, tuple[float, float]]:
    """What can be worked out of each hidden cell from the shown ones, the sums, and that nothing is negative."""
    names = sorted(cells)
    place = {name: number for number, name in enumerate(names)}
    equations, sides = [], []
    for name in shown:
        row = np.zeros(len(names))
        row[place[name]] = 1
        equations.append(row)
        sides.append(cells[name].counts[0])
    for name in names:
        parts = [part for part in names if cells[part].parent == name]
        if parts:
            row = np.zeros(len(names))
            row[[place[part] for part in parts]] = 1
            row[place[name]] = -1
            equations.append(row)
            sides.append(0.0)
    found = {}
    for name in set(names) - shown:
        bounds = []
        for sign in (1, -1):
            aim = np.zeros(len(names))
            aim[place[name]] = sign
            solved = linprog(
                aim,
                A_eq=np.array(equations).reshape(-1, len(names)),
                b_eq=np.array(sides),
                bounds=(0, None),
                method="highs",
            )
            bounds.append(sign * solved.fun if solved.status == 0 else sign * -np.inf)
        found[name] = (bounds[0], bounds[1])
    return found


def check(cells: Mapping[str, Cell]) -> frozenset[str]:
    """Nothing small is shown and nothing hidden can be worked out; gives what is hidden."""
    gone = hidden(cells)
    assert {name for name, cell in cells.items() if cell.is_small} <= gone
    for name, (low, high) in intervals(cells, set(cells) - gone).items():
        assert low - 1e-6 <= cells[name].counts[0] <= high + 1e-6
        assert high - low >= WIDE - 1e-6, f"{name} is between {low} and {high}"
    return gone


def test_a_district_of_three_takes_the_smallest_other_one_with_it() -> None:
    assert check(tree([3, 12, 20, 25])) == {"0.0", "0.1"}


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert check(tree([[5, 9], [20, 25]])) == frozenset()


def test_two_small_ones_that_together_are_still_few_take_a_third() -> None:
    assert check(tree([1, 2, 30, 40])) == {"0.0", "0.1", "0.2"}


def test_two_small_ones_that_together_are_enough_stand_alone() -> None:
    assert check(tree([3, 4, 30, 40])) == {"0.0", "0.1"}


def test_an_only_district_hides_its_region_and_another_region_with_one_of_its_own() -> None:
    gone = check(tree([[3], [20, 30], [50, 60]]))

    assert {"0.0", "0.0.0"} < gone
    assert {"0.1", "0.1.0"} < gone
    assert "0" not in gone


def test_a_region_that_is_small_as_a_whole_is_hidden_with_all_its_districts() -> None:
    gone = check(tree([[1, 2], [20, 30], [50, 60]]))

    assert {"0.0", "0.0.0", "0.0.1"} < gone


def test_when_everything_is_small_everything_goes() -> None:
    assert check(tree([[1, 1], [1, 1]])) == set(tree([[1, 1], [1, 1]]))


def test_a_part_nobody_reported_does_not_lay_bare_the_others() -> None:
    cells = {
        "region": Cell(None, (100.0,), False),
        "a": Cell("region", (3.0,), True),
        "b": Cell("region", (40.0,), False),
    }

    assert hidden(cells) == {"a", "b"}


@pytest.mark.parametrize(
    ("persons", "part", "small"),
    [
        (4, None, True),
        (5, None, False),
        (40, 4, True),
        (40, 5, False),
        (40, 0, False),
        (0, None, True),
        (None, 3, True),
    ],
)
def test_fewer_than_five_are_few(persons: float | None, part: float | None, small: bool) -> None:
    assert is_small(persons, part, fewest=5) is small


def test_shares_hide_what_would_give_away_either_of_their_counts() -> None:
    asked_and_true = {"a": (3.0, 2.0), "b": (12.0, 0.0), "c": (20.0, 16.0), "d": (25.0, 20.0)}
    cells = {name: Cell("all", counts, counts[0] < FEWEST) for name, counts in asked_and_true.items()}
    cells["all"] = Cell(None, (60.0, 38.0), False)

    gone = hidden(cells)

    assert {"a"} < gone
    for measure in (0, 1):
        of_one = {name: Cell(cell.parent, (cell.counts[measure],), False) for name, cell in cells.items()}
        for low, high in intervals(of_one, set(cells) - gone).values():
            assert high - low >= WIDE


_counts = st.integers(min_value=0, max_value=40)
_trees = st.recursive(_counts, lambda inner: st.lists(inner, min_size=1, max_size=5), max_leaves=14)


@settings(max_examples=150, deadline=None)
@given(_trees)
def test_whatever_the_table_no_solver_brings_a_hidden_cell_back(spec: Any) -> None:
    check(tree(spec))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(min_value=5, max_value=60), min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_table_without_small_cells_is_shown_whole(spec: list[list[int]]) -> None:
    assert hidden(tree(spec)) == frozenset()
