"""A call as it goes over the wire: what is sent, and how an answer is read without trusting its size."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx

from shared.clients.errors import RemoteAnswerInvalid

Parameter = str | int | float | bool | date | datetime | UUID | None
Parameters = Mapping[str, Parameter | Sequence[Parameter]]

MAX_PAGE = 200
MAX_ANSWER_BYTES = 64 * 1_048_576
MAX_LINE_BYTES = 4 * 1_048_576
MAX_PROBLEM_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One call, complete enough to be sent again."""

    method: str
    path: str
    params: httpx.QueryParams | None
    content: bytes | None
    headers: Mapping[str, str]
    seconds: float
    """Time for the whole call, all its repetitions included."""

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.method in {"GET", "HEAD"} or "Idempotency-Key" in self.headers


def written(params: Parameters | None) -> httpx.QueryParams | None:
    """Parameters as text: lists repeat the name, `None` is left out, dates are ISO 8601."""
    if not params:
        return None
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in params.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs.extend((name, _text(one)) for one in values if one is not None)
    return httpx.QueryParams(pairs)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def retry_after(answer: httpx.Response) -> float | None:
    """Seconds; the date form of the header is read as not given, since it needs equal clocks."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def object_of(body: bytes) -> Mapping[str, Any]:
    """The JSON object in a body, or an empty one."""
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


async def at_most(answer: httpx.Response, limit: int) -> bytes | None:
    """The body, or `None` once it is longer than `limit`."""
    pieces = bytearray()
    async for piece in answer.aiter_bytes():
        pieces += piece
        if len(pieces) > limit:
            return None
    return bytes(pieces)


async def lines_of(answer: httpx.Response, name: str) -> AsyncIterator[bytes]:
    """Lines by `\\n` alone: a JSON text may hold other characters that Unicode calls line ends."""
    rest = b""
    async for piece in answer.aiter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            raise RemoteAnswerInvalid(name, reason="line length")
        for line in lines:
            if line.strip():
                yield line
    if rest.strip():
        yield rest
