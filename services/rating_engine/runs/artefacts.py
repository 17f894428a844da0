"""What the steps of a method leave behind: canonical JSON, named by its digest."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_AT_ONCE = 100
"""Records written in one go: some milliseconds."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """What one step left behind, ready to be kept."""

    kind: str
    content: bytes
    """Canonical JSON: sorted keys, no spaces, shortest floats."""

    @property
    def digest(self) -> str:
        """`sha256:` and the SHA-256 of the content."""
        return digest_of(self.content)


def artefact(kind: str, told: Mapping[str, Any]) -> Artefact:
    """The artefact that tells `told`; arrays become lists and missing numbers null."""
    return Artefact(kind, canonical(told))


def canonical(told: object) -> bytes:
    """Equal content, equal bytes; raises `ValueError` for a number JSON does not know."""
    return _encoded(told).encode()


def canonical_in_parts(told: Mapping[str, Any]) -> bytes:
    """The same bytes as `canonical`, put together so that other threads get their turn: the encoder of the standard
    library lets nobody in between, for a country a second long."""
    return _in_parts(told).encode()


def _in_parts(told: object) -> str:
    if isinstance(told, Mapping):
        parts = (f"{json.dumps(name, ensure_ascii=False)}:{_in_parts(told[name])}" for name in sorted(told))
        return "{" + ",".join(parts) + "}"
    if isinstance(told, list) and len(told) > _AT_ONCE:
        starts = range(0, len(told), _AT_ONCE)
        return "[" + ",".join(_encoded(told[start : start + _AT_ONCE])[1:-1] for start in starts) + "]"
    return _encoded(told)


def _encoded(told: object) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)


def digest_of(content: bytes) -> str:
    """The name of a content."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def numbers(column: np.ndarray[Any, Any]) -> list[Any]:
    """An array as JSON knows it: missing is null."""
    if column.ndim > 1:
        return [numbers(row) for row in column]
    return [None if value != value else value for value in column.tolist()]


def pack(content: bytes) -> bytes:
    """As it is stored."""
    return zlib.compress(content, 1)


def decompress(stored: bytes) -> bytes:
    """The content of a stored artefact."""
    return zlib.decompress(stored)


def unpack(stored: bytes) -> dict[str, Any]:
    """What a stored artefact tells."""
    told: dict[str, Any] = json.loads(decompress(stored))
    return told


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return numbers(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)
