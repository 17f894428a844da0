"""Keys of documents: the private one that signs, and the public ones by which anybody verifies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.training_api.credentials.encodings import from_base64url
from shared.auth.keys import ensure_key_file, public_jwk, read_key_file


class SigningKey:
    """The key that signs now; it lives in a file of its own and is never written to the database."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.jwk = public_jwk(private)
        self.kid = self.jwk["kid"]

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """Read the key; raises `LocalKeyUnusable`."""
        return cls(read_key_file(path))

    @classmethod
    def ensure(cls, path: Path) -> "SigningKey":
        """Read the key, or make one where there is none."""
        ensure_key_file(path)
        return cls.load(path)

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Public keys by name: the one that signs now and all before it."""

    keys: Mapping[str, Ed25519PublicKey]

    @classmethod
    def of(cls, jwks: Iterable[Mapping[str, Any]]) -> "KeyRing":
        """Keys of a JWK set; those of other kinds are passed over."""
        found = {}
        for jwk in jwks:
            kid, x = jwk.get("kid"), jwk.get("x")
            if jwk.get("crv") == "Ed25519" and isinstance(kid, str) and isinstance(x, str):
                found[kid] = Ed25519PublicKey.from_public_bytes(from_base64url(x))
        return cls(found)

    def knows(self, kid: str) -> bool:
        return kid in self.keys

    def verifies(self, kid: str, signature: bytes, data: bytes) -> bool:
        """Whether the key of that name made this signature."""
        try:
            self.keys[kid].verify(signature, data)
        except (KeyError, InvalidSignature):
            return False
        return True
