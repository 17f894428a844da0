"""Cursors: where a list goes on, opaque to the caller and signed, so that only we can make one."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import SecretStr

from shared.web import errors

Key = str | int | float | bool | None
"""What a sort column of a cursor may hold; dates and identifiers travel as text."""


class Cursors:
    """Makes and reads cursors with one secret for all replicas of a service."""

    def __init__(self, secret: SecretStr) -> None:
        self._secret = secret.get_secret_value().encode()

    def make(self, *, of: Mapping[str, object], keys: Sequence[object]) -> str:
        """A cursor after the row with sort `keys`, valid only for the list `of` these filters and this order."""
        body = _encode(json.dumps([_list_name(of), [_plain(key) for key in keys]], ensure_ascii=False).encode())
        return f"{body}.{self._sign(body)}"

    def read(self, cursor: str, *, of: Mapping[str, object], length: int) -> list[Key]:
        """The sort keys in a cursor; raises `CursorInvalid` for one that is forged or of another list."""
        body, _, signature = cursor.partition(".")
        if not hmac.compare_digest(signature, self._sign(body)):
            raise errors.CursorInvalid(pointer="?cursor")
        try:
            name, keys = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (ValueError, binascii.Error):
            raise errors.CursorInvalid(pointer="?cursor") from None
        if name != _list_name(of) or len(keys) != length:
            raise errors.CursorInvalid(pointer="?cursor")
        return list(keys)

    def _sign(self, body: str) -> str:
        return _encode(hmac.digest(self._secret, body.encode(), "sha256")[:16])


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _plain(key: object) -> Key:
    if isinstance(key, UUID | date | datetime):
        return key.isoformat() if not isinstance(key, UUID) else str(key)
    if key is None or isinstance(key, str | int | float | bool):
        return key
    raise TypeError(f"a {type(key).__name__} cannot be a sort key")


def _list_name(of: Mapping[str, object]) -> str:
    told = sorted((name, str(value)) for name, value in of.items() if value is not None)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
