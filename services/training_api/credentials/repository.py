"""Every SQL statement about credentials."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.training_api.credentials.models import CertificatePrint, CredentialKey
from shared.db.sessions import AnySession, WriteSession


async def keys(session: AnySession) -> list[CredentialKey]:
    """Every key that documents were ever signed with, the latest first."""
    query = select(CredentialKey).order_by(CredentialKey.first_used_at.desc(), CredentialKey.kid)
    return list(await session.scalars(query))


async def add_key(session: WriteSession, *, kid: str, x: str, now: datetime) -> None:
    """Publish a key; once is enough."""
    await session.execute(insert(CredentialKey).values(kid=kid, x=x, first_used_at=now).on_conflict_do_nothing())


async def add_print(session: WriteSession, *, sha256: bytes, certificate_id: UUID, now: datetime) -> None:
    """Remember a file that was given out."""
    row = insert(CertificatePrint).values(sha256=sha256, certificate_id=certificate_id, printed_at=now)
    await session.execute(row.on_conflict_do_nothing())


async def print_of(session: AnySession, sha256: bytes) -> UUID | None:
    """The document of a file that was given out."""
    return await session.scalar(select(CertificatePrint.certificate_id).where(CertificatePrint.sha256 == sha256))
