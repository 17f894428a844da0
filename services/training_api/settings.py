"""What the training service alone has to be told."""

import hashlib
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.training_api.seats.rules import SeatLocking
from shared.settings import ServiceSettings


class TrainingSettings(ServiceSettings):
    """The settings of training_api."""

    identifier_key: SecretStr | None = Field(
        None,
        description="Key under which the numbers of persons (IIN) are compared without being kept. Must never change. "
        "Without it: made from the local key; without that either, an IIN is refused.",
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?$",
        description="Address under which anybody reaches training_api; certificates name it, so it must not change. "
        "Without it: the address at which the other services find it.",
    )
    credential_key_file: Path | None = Field(
        None,
        description="PEM file of the Ed25519 key that signs certificates. Without it: one beside the local key, "
        "made at the first start; without that either, certificates are printed but not signed.",
    )
    seat_locking: SeatLocking = Field(
        SeatLocking.SKIP_LOCKED,
        description="`none` lets seats be sold twice: a fault for tests, refused where there is an issuer.",
    )

    @model_validator(mode="after")
    def _faults_are_for_tests(self) -> Self:
        if self.seat_locking is SeatLocking.NONE and (self.oidc_issuer or self.local_key_file is None):
            raise ValueError("seats may be left unlocked in tests only: with a local key and without an issuer")
        return self


def identifier_secret(settings: ServiceSettings) -> bytes | None:
    """The key for persons' numbers, or None where there is none."""
    key = getattr(settings, "identifier_key", None)
    if isinstance(key, SecretStr):
        return hashlib.sha256(b"identifiers" + key.get_secret_value().encode()).digest()
    if settings.local_key_file is not None and settings.local_key_file.is_file():
        return hashlib.sha256(b"identifiers" + settings.local_key_file.read_bytes()).digest()
    return None


def attendance_secret(settings: ServiceSettings) -> bytes:
    """The key for codes of sessions and badges of people: the same in all replicas, and as lasting as what it is of."""
    key = getattr(settings, "identifier_key", None)
    if isinstance(key, SecretStr):
        return hashlib.sha256(b"attendance" + key.get_secret_value().encode()).digest()
    if settings.local_key_file is not None and settings.local_key_file.is_file():
        return hashlib.sha256(b"attendance" + settings.local_key_file.read_bytes()).digest()
    return hashlib.sha256(b"attendance" + settings.cursor_secret.get_secret_value().encode()).digest()


def public_address(settings: ServiceSettings) -> str:
    """Where the public reaches this service, without a slash at the end."""
    return (getattr(settings, "public_url", None) or settings.training_url).rstrip("/")


def credential_key_file(settings: ServiceSettings) -> tuple[Path | None, bool]:
    """The file of the key that signs certificates, and whether it may be made where there is none."""
    given = getattr(settings, "credential_key_file", None)
    if isinstance(given, Path):
        return given, False
    if settings.local_key_file is not None:
        return settings.local_key_file.with_name("certificates-" + settings.local_key_file.name), True
    return None, False
