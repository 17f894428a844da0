"""What must never reach a log: personal numbers, tokens, passwords, and the rows PostgreSQL quotes in its errors."""

import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

_PROJECT = f"{Path(__file__).resolve().parents[2]}/"
_LONGEST_MESSAGE = 300
_DEEPEST = 6
_FRAMES = 25
_SHORTEST_SECRET = len("://a:b@")
_OUR_OWN = frozenset({"timestamp", "level", "logger", "service", "trace_id", "route"})
"""Fields of every line that are made here and hold nothing from outside."""
_SECRETS = re.compile(
    r"(?P<kept>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b(?=[0-9]*[a-f])[0-9a-f]{32}\b)"
    r"|(?P<number>(?<![0-9])[0-9]{12}(?![0-9]))"
    r"|(?P<token>\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*)"
    r"|(?P<bearer>\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,})"
    r"|(?P<login>(?<=://)[^/\s:@]*:[^/\s@]+(?=@))",
    re.IGNORECASE,
)
_QUOTED_ROWS = re.compile(r"(?:^|(?<=\s))(?:DETAIL|CONTEXT):\s.*|\[parameters: .*", re.DOTALL)
_MARKS = {"number": "[12 digits]", "token": "[token]", "bearer": "[credentials]", "login": "[login]"}
_SECRET_NAMES = re.compile(r"authorization|cookie|password|secret|token|iin\b", re.IGNORECASE)


def redact(text: str) -> str:
    """The text without what may identify a person or open a door. Identifiers of our own (UUID, trace) are kept."""
    if len(text) < _SHORTEST_SECRET:
        return text
    return _SECRETS.sub(_marked, _QUOTED_ROWS.sub("[cut]", text))


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: redact every value of an event, and drop those that go by a secret's name."""
    for name, value in event.items():
        if name not in _OUR_OWN:
            event[name] = "[removed]" if _is_secret(name) else _clean(value)
    return event


def describe_exception(error: BaseException) -> list[dict[str, Any]]:
    """An exception and its causes, outermost first: type, first line of the message, places; no values, no source.

    Of a database error only SQLSTATE and constraint are told, since its text quotes the row.
    """
    chain: list[dict[str, Any]] = []
    seen: set[int] = set()
    present: BaseException | None = error
    while present is not None and id(present) not in seen and len(chain) < _DEEPEST:
        seen.add(id(present))
        chain.append(
            {
                "type": f"{type(present).__module__}.{type(present).__qualname__}",
                "message": _message(present),
                "at": _places(present.__traceback__),
            }
        )
        present = present.__cause__ or (None if present.__suppress_context__ else present.__context__)
    return chain


def exception_to_fields(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: `exc_info` becomes `exception`, described without values."""
    given = event.pop("exc_info", None)
    match given:
        case BaseException():
            event["exception"] = describe_exception(given)
        case (_, BaseException() as error, _):
            event["exception"] = describe_exception(error)
        case True if (present := sys.exception()) is not None:
            event["exception"] = describe_exception(present)
        case _:
            pass
    return event


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def _clean(value: Any) -> Any:
    match value:
        case str():
            return redact(value)
        case bool() | None:
            return value
        case int():
            return _MARKS["number"] if 10**10 <= value < 10**12 else value  # an IIN may have lost its leading zero
        case float():
            return value
        case Mapping():
            return {str(key): "[removed]" if _is_secret(str(key)) else _clean(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_clean(inner) for inner in value]
        case _:
            return redact(str(value))


def _marked(found: re.Match[str]) -> str:
    return found[0] if found.lastgroup == "kept" else _MARKS[found.lastgroup or "token"]


def _message(error: BaseException) -> str:
    original = getattr(error, "orig", None)
    tellers = [one for one in (error, original, getattr(original, "__cause__", None)) if one is not None]
    sqlstate = next(filter(None, (getattr(one, "sqlstate", None) for one in tellers)), None)
    if sqlstate is not None or hasattr(error, "statement"):
        constraint = next(filter(None, (getattr(one, "constraint_name", None) for one in tellers)), None)
        return f"sqlstate={sqlstate} constraint={constraint}"
    if isinstance(error, ExceptionGroup):
        inner = ", ".join(type(one).__qualname__ for one in error.exceptions)
        return f"{len(error.exceptions)} exceptions: {inner}"
    lines = str(error).splitlines()
    return redact(lines[0][:_LONGEST_MESSAGE]) if lines else ""


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    """The file as seen from the project or from the installed packages: where they lie is nobody's concern."""
    return filename.rpartition("site-packages/")[2].removeprefix(_PROJECT)
