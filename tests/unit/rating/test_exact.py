"""Sums that are rounded once."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.rating_engine.core import exact

NUMBERS = st.one_of(
    st.floats(-1e300, 1e300),
    st.floats(-1.0, 1.0),
    st.sampled_from(
        [0.0, -0.0, 1.0, 1.0 + 2.0**-52, 2.0**-53, -(2.0**-53), 2.0**53, 1e16, -1e16, 5e-324, -5e-324, 2.0**-1070]
    ),
    st.integers(-1000, 1000).map(lambda whole: whole / 10),
)


@given(rows=st.lists(st.lists(NUMBERS, min_size=5, max_size=5), min_size=1, max_size=20), width=st.integers(1, 5))
def test_sums_of_rows_equal_fsum_to_the_last_bit(rows: list[list[float]], width: int) -> None:
    table = np.array([row[:width] for row in rows])

    found = exact.row_sums(list(table.T.copy()))

    assert found.tobytes() == np.array([math.fsum(row) for row in table.tolist()]).tobytes()


def test_sums_half_way_between_two_doubles_are_rounded_once() -> None:
    rows = [[1.0, 2.0**-53, 2.0**-120], [1.0, 2.0**-53, -(2.0**-120)], [1.0, 2.0**-53, 0.0], [2.0**53, 1.0, 2.0**-60]]

    found = exact.row_sums(list(np.array(rows).T.copy()))

    assert found.tolist() == [math.fsum(row) for row in rows]


def test_thirty_products_of_a_country_equal_fsum() -> None:
    generator = np.random.default_rng(1)
    columns = [generator.uniform(0, 100, 8000) * weight for weight in generator.uniform(0, 10, 30)]

    assert exact.row_sums(columns).tolist() == [math.fsum(row) for row in zip(*columns, strict=True)]


@given(values=st.lists(NUMBERS, min_size=1, max_size=30), seed=st.integers(0, 1000))
def test_a_long_column_sums_to_fsum_to_the_last_bit_in_any_order(values: list[float], seed: int) -> None:
    generator = np.random.default_rng(seed)
    column = np.array(values)[generator.integers(0, len(values), 1500)] * generator.uniform(-1.0, 1.0, 1500)

    found = exact.total(column)

    assert found == math.fsum(column.tolist())
    assert exact.total(generator.permutation(column)) == found


def test_a_long_column_of_one_sign_and_of_zeros_sums_to_fsum() -> None:
    generator = np.random.default_rng(3)
    for column in (generator.uniform(0, 100, 8000), -generator.exponential(1e-9, 2000), np.zeros(2000)):
        assert exact.total(column) == math.fsum(column.tolist())
