"""Who signs: the register under its public address, with the key of this installation."""

from dataclasses import dataclass
from typing import Any

from services.training_api.credentials.badges import Site
from services.training_api.credentials.keys import SigningKey
from services.training_api.settings import credential_key_file, public_address
from shared.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Issuer:
    """The register as an issuer of documents."""

    site: Site
    key: SigningKey | None
    """None where no key is set: then nothing is signed, and everything else works."""

    @property
    def did(self) -> str:
        return self.site.issuer


def issuer_from(settings: ServiceSettings) -> Issuer:
    """The issuer of this installation; its key is made at the first start beside the local key, or read from the file
    that is set. Raises `LocalKeyUnusable`."""
    path, is_ours_to_make = credential_key_file(settings)
    key = None
    if path is not None:
        key = SigningKey.ensure(path) if is_ours_to_make else SigningKey.load(path)
    return Issuer(Site(public_address(settings)), key)


def did_document(did: str, jwks: list[dict[str, str]]) -> dict[str, Any]:
    """The keys as verifiers of did:web look for them."""
    methods = [
        {"id": f"{did}#{jwk['kid']}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk} for jwk in jwks
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
