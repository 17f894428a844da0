"""JSON columns: what is written is read back as it was, however deep it is nested."""

import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.db import json_columns

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_DOCUMENTS = st.recursive(_SCALARS, lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside), max_leaves=20)


@given(_DOCUMENTS)
def test_what_is_written_is_read_back_and_means_the_same_to_the_standard_library(document: Any) -> None:
    written = json_columns.written(document)

    assert json_columns.read(written) == document == json.loads(written)
    assert json_columns.read(json.dumps(document)) == document


@given(st.binary(min_size=8, max_size=8))
def test_a_number_keeps_every_bit(bits: bytes) -> None:
    (number,) = struct.unpack("d", bits)
    if math.isfinite(number):
        assert struct.pack("d", json_columns.read(json_columns.written(number))) == bits


def test_a_document_nested_deeper_than_the_fast_parser_goes_is_kept_all_the_same() -> None:
    document: Any = []
    for _ in range(600):
        document = [document]

    assert json_columns.read(json_columns.written(document)) == document


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError):
        json_columns.written(object())


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        json_columns.read("{")
