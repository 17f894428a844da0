"""What the training service alone has to be told."""

import hashlib
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
