"""Cursors: where a list goes on, sealed, so that only we can make or read one: its sort keys may be names."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import SecretStr

from shared.web import errors
from shared.web.sealing import Seal, SealBroken

Key = str | int | float | bool | None
"""What a sort column of a cursor may hold; dates and identifiers travel as text."""


_TAG = 16
"""Bytes of the tag, which AES-SIV puts first."""


class Cursors:
    """Makes and reads cursors with one secret for all replicas of a service."""

    def __init__(self, secret: SecretStr) -> None:
        self._seal = Seal(secret, purpose="cursor")

    def make(self, *, of: Mapping[str, object], keys: Sequence[object]) -> str:
        """A cursor after the row with sort `keys`, valid only for the list `of` these filters and this order."""
        told = json.dumps([_plain(key) for key in keys], ensure_ascii=False).encode()
        sealed = self._seal.close(told, about=_list_name(of))
        return f"{_encode(sealed[_TAG:])}.{_encode(sealed[:_TAG])}"

    def read(self, cursor: str, *, of: Mapping[str, object], length: int) -> list[Key]:
        """The sort keys in a cursor; raises `CursorInvalid` for one that is forged or of another list."""
        body, _, tag = cursor.partition(".")
        try:
            keys = json.loads(self._seal.open(_decode(tag) + _decode(body), about=_list_name(of)))
        except (SealBroken, ValueError, binascii.Error):
            raise errors.CursorInvalid(pointer="?cursor") from None
        if len(keys) != length:
            raise errors.CursorInvalid(pointer="?cursor")
        return list(keys)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _plain(key: object) -> Key:
    if isinstance(key, UUID | date | datetime):
        return key.isoformat() if not isinstance(key, UUID) else str(key)
    if key is None or isinstance(key, str | int | float | bool):
        return key
    raise TypeError(f"a {type(key).__name__} cannot be a sort key")


def _list_name(of: Mapping[str, object]) -> bytes:
    told = sorted((name, str(value)) for name, value in of.items() if value is not None)
    return hashlib.sha256(json.dumps(told).encode()).digest()
