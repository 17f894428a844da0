"""What leaves our hands or rests with us for a while is sealed: unreadable, and known again if anybody touches it."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from pydantic import SecretStr

_NOT_EMPTY = b"\x00"
"""Stands before the content, because the cipher takes no empty one."""


class SealBroken(Exception):
    """The bytes were not sealed by us for this purpose."""


class Seal:
    """AES-SIV (RFC 5297) under a key for one purpose: the same content gives the same bytes, so that answers repeat."""

    def __init__(self, secret: SecretStr, *, purpose: str) -> None:
        key = hashlib.sha512(purpose.encode() + b"\x00" + secret.get_secret_value().encode()).digest()
        self._cipher = AESSIV(key)
        self._key = key

    def close(self, content: bytes, *, about: bytes = b"") -> bytes:
        """Sealed bytes, 17 longer than the content; they open only with the same `about`."""
        return self._cipher.encrypt(_NOT_EMPTY + content, [about])

    def open(self, sealed: bytes, *, about: bytes = b"") -> bytes:
        """The content; raises `SealBroken`."""
        try:
            return self._cipher.decrypt(sealed, [about])[len(_NOT_EMPTY) :]
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def fingerprint(self, content: bytes) -> bytes:
        """32 bytes that tell the same content again and, without the key, nothing of one that could be guessed."""
        return hmac.digest(self._key, content, "sha256")
