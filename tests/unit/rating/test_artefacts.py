"""What steps leave behind: equal content, equal bytes, however it is put together."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating_engine.runs.artefacts import artefact, canonical, canonical_in_parts, decompress, pack, unpack

_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_RECORDS = st.dictionaries(st.text(max_size=3), st.none() | _NUMBERS | st.text(max_size=3), max_size=3)
_CONTENTS = st.dictionaries(
    st.text(max_size=4),
    st.lists(_RECORDS, max_size=4) | st.dictionaries(st.text(max_size=3), st.lists(_NUMBERS, max_size=3), max_size=3),
    max_size=4,
)


@given(_CONTENTS, st.integers(1, 350))
def test_in_parts_or_in_one_go_the_bytes_are_the_same(told: dict[str, Any], count: int) -> None:
    told["many"] = [{"б": place / 7, "a": None, "c": '«"»'} for place in range(count)]
    told["columns"] = {"y": np.arange(count) / 3, "x": np.array([math.nan, 1.0])}

    assert canonical_in_parts(told) == canonical(told)


def test_what_is_packed_is_unpacked_and_bears_the_digest_of_its_content() -> None:
    made = artefact("x", {"b": [1.5, None], "a": {"ә": 1e-7}})

    assert made.content == '{"a":{"ә":1e-07},"b":[1.5,null]}'.encode()
    assert unpack(pack(made.content)) == {"b": [1.5, None], "a": {"ә": 1e-7}}
    assert decompress(pack(made.content)) == made.content
    assert made.digest.startswith("sha256:")


@pytest.mark.parametrize("write", [canonical, canonical_in_parts])
def test_a_number_that_json_does_not_know_is_refused(write: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write({"a": [math.inf]})
