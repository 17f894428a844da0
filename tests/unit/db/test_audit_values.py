"""Values in the audit trail: JSON whatever the column held, and never without bound."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from sqlalchemy.dialects.postgresql import Range

from shared.audit.values import LONGEST_VALUE, as_json


class Status(StrEnum):
    OPEN = "open"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        (float("nan"), "nan"),
        ("Қаратау", "Қаратау"),
        (Decimal("1.50"), "1.50"),
        (Status.OPEN, "open"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1, tzinfo=UTC), "2026-09-01T00:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Range(date(2026, 9, 1), None), "[2026-09-01,)"),
        (Range(empty=True), "empty"),
        ({"a": [Status.OPEN, {2, 1}]}, {"a": ["open", [1, 2]]}),
        (b"\x00", {"sha256": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "length": 1}),
    ],
)
def test_every_kind_of_value_has_a_json_form(value: object, written: object) -> None:
    assert as_json(value) == written
    json.dumps(as_json(value), allow_nan=False)


def test_a_long_value_is_recorded_by_its_digest() -> None:
    assert as_json("а" * LONGEST_VALUE)["length"] == LONGEST_VALUE + 2
    assert as_json("а" * (LONGEST_VALUE - 2)) == "а" * (LONGEST_VALUE - 2)
