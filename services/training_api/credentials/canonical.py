"""JSON that means one thing only: strict reading, and RFC 8785 (JCS) writing of what credentials consist of."""

import json
from collections.abc import Mapping
from typing import Any

_EXACT = 2**53
_DEEPEST = 40


class NotCanonical(ValueError):
    """Not JSON, or JSON that two readers may understand differently."""


def loads(data: str | bytes) -> Any:
    """Read JSON; names given twice, NaN, half characters and bottomless nesting raise `NotCanonical`."""
    try:
        return json.loads(data, object_pairs_hook=_once, parse_constant=_refuse)
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical("this is not JSON") from error


def canonical(value: Any) -> bytes:
    """The one way to write the value down: names in the order of UTF-16, no spaces. Raises `NotCanonical`."""
    try:
        return _written(value, 0).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("half a character") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a name is given twice")
    return found


def _refuse(constant: str) -> Any:
    raise NotCanonical(constant)


def _written(value: Any, depth: int) -> str:
    if depth > _DEEPEST:
        raise NotCanonical("too deep")
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        members = (f"{json.dumps(name, ensure_ascii=False)}:{_written(value[name], depth + 1)}" for name in names)
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_written(item, depth + 1) for item in value) + "]"
    raise NotCanonical(type(value).__name__)


def _number(value: int | float) -> str:
    """Whole numbers, which is all our credentials have; `36.0` means 36."""
    if isinstance(value, float) and not value.is_integer():
        raise NotCanonical("a number that is not whole")
    if not -_EXACT < value < _EXACT:
        raise NotCanonical("a number that is not exact")
    return str(int(value))
