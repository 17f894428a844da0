"""What is hidden of a table: the small figures, and enough others that nobody can have them by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from services.training_api.disclosure import FEWEST, hidden

counts = st.one_of(st.integers(0, 8), st.integers(0, 300))
TOTAL = "total"


def small_sum(values: list[int]) -> bool:
    return 0 < sum(values) < FEWEST


def test_a_table_without_small_figures_is_shown_as_it_is() -> None:
    assert hidden({TOTAL: (12,), "a": (5,), "b": (7,), "c": (0,)}, [(TOTAL, ["a", "b", "c"])]) == frozenset()


def test_a_second_figure_goes_with_the_only_small_one() -> None:
    assert hidden({TOTAL: (52,), "a": (3,), "b": (9,), "c": (40,)}, [(TOTAL, ["a", "b", "c"])]) == {"a", "b"}


def test_what_the_caller_knows_is_shown_and_hides_nothing() -> None:
    cells = {TOTAL: (52,), "a": (3,), "b": (9,), "c": (40,)}

    assert hidden(cells, [(TOTAL, ["a", "b", "c"])], known=["a"]) == frozenset()
    assert hidden(cells, [(TOTAL, ["a", "b", "c"])], known=["b"]) == {"a", "c"}


def test_a_sum_whose_parts_cannot_hide_anything_is_hidden_itself() -> None:
    assert hidden({TOTAL: (7,), "a": (3,), "b": (4,)}, [(TOTAL, ["a", "b"])]) == {"a", "b"}
    assert hidden({TOTAL: (3,), "a": (3,)}, [(TOTAL, ["a"])]) == {TOTAL, "a"}
    assert hidden({TOTAL: (40,), "a": (3,), "b": (37,)}, [(TOTAL, ["a", "b"])], known=["b"]) == {TOTAL, "a"}


def test_what_stands_in_two_sums_is_safe_in_both() -> None:
    rows = {"x1": (2,), "x2": (50,), "y1": (60,), "y2": (70,), "X": (52,), "Y": (130,), "1": (62,), "2": (120,)}
    sums = [("X", ["x1", "x2"]), ("Y", ["y1", "y2"]), ("1", ["x1", "y1"]), ("2", ["x2", "y2"])]

    assert hidden(rows, sums) == {"x1", "x2", "y1", "y2"}


@given(values=st.lists(counts, min_size=1, max_size=12), known=st.sets(st.integers(0, 11)))
def test_whatever_is_shown_no_subtraction_gives_a_small_figure(values: list[int], known: set[int]) -> None:
    parts = [str(place) for place in range(len(values))]
    kept = [str(place) for place in known if place < len(values)]
    cells = {TOTAL: (sum(values),), **{part: (value,) for part, value in zip(parts, values, strict=True)}}

    gone = hidden(cells, [(TOTAL, parts)], known=kept)

    left = [part for part in parts if part in gone]
    assert not gone & set(kept)
    assert all(part in gone for part in parts if part not in kept and small_sum([cells[part][0]]))
    if TOTAL not in gone:
        assert len(left) != 1
        assert not small_sum([cells[part][0] for part in left])


@given(values=st.lists(st.lists(counts, min_size=3, max_size=3), min_size=3, max_size=3))
def test_in_a_table_of_rows_and_columns_no_line_gives_a_small_figure(values: list[list[int]]) -> None:
    cells = {(row, column): (values[row][column],) for row in range(3) for column in range(3)}
    sums = []
    for line in range(3):
        across, down = [(line, place) for place in range(3)], [(place, line) for place in range(3)]
        sums += [((line, 9), across), ((9, line), down)]
    cells |= {total: (sum(cells[part][0] for part in parts),) for total, parts in sums}

    gone = hidden(cells, sums)

    for total, parts in sums:
        left = [part for part in parts if part in gone]
        if total not in gone:
            assert len(left) != 1
            assert not small_sum([cells[part][0] for part in left])
