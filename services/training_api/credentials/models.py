"""Tables of credentials: keys that were ever published, and the fingerprints of printed documents."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base


class CredentialKey(Base):
    """A public key that documents were signed with; private keys are never kept here."""

    __tablename__ = "credential_keys"
    __audit__ = False

    kid: Mapped[str] = mapped_column(primary_key=True)
    """RFC 7638 thumbprint."""
    x: Mapped[str]
    """The public key itself, base64url, as a JWK has it."""
    first_used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CertificatePrint(Base):
    """SHA-256 of a PDF that was given out: by it the file is known again, whatever software prints later."""

    __tablename__ = "certificate_prints"
    __audit__ = False
    __table_args__ = (Index("ix_certificate_prints_certificate_id", "certificate_id"),)

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"))
    printed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
