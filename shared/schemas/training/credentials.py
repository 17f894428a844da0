"""Credentials: public keys, and what comes of verifying a file."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Instant, Out, TextOut
from shared.schemas.training.certificates import VerificationRead

_KID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
StatusListId = Annotated[str, StringConstraints(max_length=16, pattern=r"^(revocation|suspension)-[1-9][0-9]{0,3}$")]
"""A status list: what its bits mean, and its number."""


class PublicKey(Out):
    """A public key (Ed25519) as a JSON Web Key."""

    kty: str = Field(description="Kind of key", max_length=8, examples=["OKP"])
    crv: str = Field(description="Its curve", max_length=16, examples=["Ed25519"])
    x: str = Field(description="The key itself, base64url", max_length=64, examples=[_X])
    kid: str = Field(
        description="Its name, after `#` in a proof: the RFC 7638 thumbprint", max_length=64, examples=[_KID]
    )
    alg: str = Field(default="EdDSA", description="What it signs with", max_length=8, examples=["EdDSA"])
    use: str = Field(default="sig", description="What it is for", max_length=8, examples=["sig"])


class KeySet(Out):
    """All keys that documents were ever signed with; the one that signs now is the first."""

    issuer: str = Field(description="Who issues", max_length=300, examples=["did:web:training.bilim.example"])
    keys: list[PublicKey] = Field(description="The keys", max_length=1000)


class FileForm(StrEnum):
    """What a file turned out to be."""

    CREDENTIAL = "credential"
    JWT = "jwt"
    PDF = "pdf"
    UNKNOWN = "unknown"


class FileOutcome(StrEnum):
    """The answer: never plain `valid` where it is not known whether the document still holds."""

    VALID = "valid"
    NOT_VALID = "not_valid"
    VALID_STATUS_UNKNOWN = "valid_status_unknown"


class FileFailure(StrEnum):
    """Why a file is not valid."""

    UNREADABLE = "unreadable"
    NO_PROOF = "no_proof"
    ISSUER = "issuer"
    KEY = "key"
    SIGNATURE = "signature"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    UNKNOWN_DOCUMENT = "unknown_document"
    CONTENT = "content"


class FileVerificationRead(Out):
    """Whether a file is a document of ours and holds."""

    outcome: FileOutcome = Field(description="The answer", examples=["valid"])
    failed: FileFailure | None = Field(description="What failed, if it is not valid", examples=["signature"])
    message: TextOut = Field(description="The same in words", examples=[{"en": "The document is genuine and holds"}])
    form: FileForm = Field(description="What the file is", examples=["credential"])
    as_of: Instant = Field(description="When this was so", examples=["2026-02-01T09:00:00+05:00"])
    certificate: VerificationRead | None = Field(
        description="What the register says of it; null if the file is not a document of this register"
    )
