"""The local key: an Ed25519 pair in one file, with which this machine signs tokens for itself."""

import base64
import contextlib
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOCAL_ISSUER = "bilim-local"
DEFAULT_LIFETIME = timedelta(hours=12)


class LocalKeyUnusable(Exception):
    """The key file is missing, is not an Ed25519 key, or can be read by other users; the message says what to do."""


class LocalKey:
    """Signs tokens of the issuer `bilim-local` and is the source of the key that verifies them."""

    issuer = LOCAL_ISSUER

    def __init__(self, private: Ed25519PrivateKey, *, audience: str = "bilim") -> None:
        self.audience = audience
        self._private = private
        jwk = public_jwk(private)
        self.kid = jwk["kid"]
        """RFC 7638 thumbprint of the public key."""
        self.public = jwt.PyJWK({**jwk, "alg": "EdDSA"})

    @classmethod
    def load(cls, path: Path, *, audience: str = "bilim") -> "LocalKey":
        """Read the key; raises `LocalKeyUnusable`."""
        return cls(read_key_file(path), audience=audience)

    @classmethod
    def ensure(cls, path: Path, *, audience: str = "bilim") -> "LocalKey":
        """Read the key, or make one where there is none."""
        ensure_key_file(path)
        return cls.load(path, audience=audience)

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The verifying key, if it is the one that is asked for."""
        return self.public if secrets.compare_digest(kid.encode(), self.kid.encode()) else None

    def issue(
        self,
        role: str,
        *,
        subject: str,
        now: datetime,
        area: str | None = None,
        organisation: UUID | None = None,
        scopes: Collection[str] | None = None,
        lifetime: timedelta = DEFAULT_LIFETIME,
    ) -> str:
        """A signed token for one role; `scopes` narrow what the role gives."""
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "jti": str(uuid4()),
            "roles": [str(role)],
        }
        if area is not None:
            claims["area"] = area
        if organisation is not None:
            claims["organisation"] = str(organisation)
        if scopes is not None:
            claims["scope"] = " ".join(sorted(scopes))
        return jwt.encode(claims, self._private, algorithm="EdDSA", headers={"kid": self.kid, "typ": "at+jwt"})


def read_key_file(path: Path) -> Ed25519PrivateKey:
    """The private key in a file that only its owner may read; raises `LocalKeyUnusable`."""
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except FileNotFoundError:
        raise LocalKeyUnusable(
            f"There is no local key at {path}. It is made at the first `make run`; "
            "set BILIM_LOCAL_KEY_FILE if it lies elsewhere."
        ) from None
    except OSError as error:
        raise LocalKeyUnusable(f"The local key at {path} cannot be read: {error.strerror}.") from error
    if stat.S_IMODE(mode) & 0o077:
        raise LocalKeyUnusable(f"The local key at {path} is open to other users. Run: chmod 600 {path}")
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise LocalKeyUnusable(f"{path} does not hold an unencrypted private key in PEM.") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise LocalKeyUnusable(f"{path} holds a key of another kind; an Ed25519 key is needed.")
    return private


def ensure_key_file(path: Path) -> None:
    """Make a key file where there is none.

    Of several starters one makes the file and all read the same key; nobody ever sees half of it.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another starter was first: its key is the key
                os.link(draft, path)
        finally:
            draft.unlink()


def public_jwk(private: Ed25519PrivateKey) -> dict[str, str]:
    """The public half as a JWK, named by its RFC 7638 thumbprint."""
    public = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(public)}
    thumbprint = hashlib.sha256(json.dumps(jwk, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**jwk, "kid": _base64url(thumbprint)}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
