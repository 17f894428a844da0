"""How a column's value is written into the audit trail: as JSON, of bounded length, without secrets."""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

HIDDEN = "•••"
"""Stands for a sensitive value: that it changed is recorded, what it was is not."""

NOT_READ = "…"
"""Stands for a former value that was overwritten without having been read."""

LONGEST_VALUE = 4_000
"""Characters of JSON; what is longer is recorded by its digest."""


def as_json(value: Any) -> Any:
    """`value` as JSON.

    >>> as_json({"valid": Range(date(2025, 9, 1), None)})
    {'valid': '[2025-09-01,)'}
    """
    plain = _plain(value)
    if (isinstance(plain, str) and len(plain) <= LONGEST_VALUE // 2) or plain is None or isinstance(plain, int | float):
        return plain
    written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    if len(written) <= LONGEST_VALUE:
        return plain
    return {"sha256": hashlib.sha256(written.encode()).hexdigest(), "length": len(written)}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value.value if isinstance(value, Enum) else value
        case Enum():
            return _plain(value.value)
        case str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case UUID() | Decimal() | timedelta():
            return str(value)
        case Range():
            return _range(value)
        case bytes() | bytearray() | memoryview():
            return {"sha256": hashlib.sha256(value).hexdigest(), "length": len(value)}
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=str)
        case _:
            return str(value)


def _range(value: Range[Any]) -> str:
    if value.isempty:
        return "empty"
    lower, upper = ("" if edge is None else str(_plain(edge)) for edge in (value.lower, value.upper))
    return f"{value.bounds[0]}{lower},{upper}{value.bounds[1]}"
