"""What the registry alone has to be told."""

import hashlib

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class RegistrySettings(ServiceSettings):
    """The settings of registry_api."""

    identifier_key: SecretStr | None = Field(
        None,
        description="Key under which the numbers of sole proprietors (IIN) are compared without being kept. Must never "
        "change. Without it: made from the local key; without that either, an IIN is refused.",
    )


def identifier_secret(settings: ServiceSettings) -> bytes | None:
    """The key for persons' numbers, or None where there is none."""
    key = getattr(settings, "identifier_key", None)
    if isinstance(key, SecretStr):
        return hashlib.sha256(b"identifiers" + key.get_secret_value().encode()).digest()
    if settings.local_key_file is not None and settings.local_key_file.is_file():
        return hashlib.sha256(b"identifiers" + settings.local_key_file.read_bytes()).digest()
    return None
