"""Signing and checking of credentials: Data Integrity `eddsa-jcs-2022`, and the older JWT form."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.training_api.credentials.canonical import NotCanonical, canonical, loads
from services.training_api.credentials.encodings import base58, base64url, from_base58, from_base64url
from services.training_api.credentials.keys import KeyRing, SigningKey

Credential = Mapping[str, Any]
_SUITE = "eddsa-jcs-2022"
_BASE58_MARK = "z"


class Refused(Exception):
    """The document cannot be believed; `code` says what failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def secure(credential: Credential, key: SigningKey, *, issuer: str, created: str) -> dict[str, Any]:
    """The credential with its proof. The same credential, key and time give the same bytes."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": _SUITE,
        "created": created,
        "verificationMethod": f"{issuer}#{key.kid}",
        "proofPurpose": "assertionMethod",
        "@context": credential["@context"],
    }
    signature = key.sign(_digest(credential, proof))
    return {**credential, "proof": {**proof, "proofValue": _BASE58_MARK + base58(signature)}}


def opened(secured: Credential, ring: KeyRing) -> dict[str, Any]:
    """The credential without its proof, if one of the keys made it. Raises `Refused`."""
    proof = secured.get("proof")
    if not isinstance(proof, Mapping) or proof.get("cryptosuite") != _SUITE:
        raise Refused("no_proof")
    credential = {name: value for name, value in secured.items() if name != "proof"}
    kid = _kid(proof.get("verificationMethod"), credential, ring)
    value = proof.get("proofValue")
    if proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "assertionMethod":
        raise Refused("no_proof")
    if proof.get("@context") != credential.get("@context"):
        raise Refused("signature")
    options = {name: part for name, part in proof.items() if name != "proofValue"}
    try:
        if not isinstance(value, str) or not value.startswith(_BASE58_MARK):
            raise Refused("signature")
        signature, digest = from_base58(value[1:]), _digest(credential, options)
    except NotCanonical:
        raise Refused("unreadable") from None
    except ValueError:
        raise Refused("signature") from None
    if not ring.verifies(kid, signature, digest):
        raise Refused("signature")
    return credential


def token(credential: Credential, key: SigningKey, *, issuer: str, valid_from: datetime) -> str:
    """The credential as a JWT: its members themselves, as Open Badges 3.0 asks, and once more in the claim `vc`,
    where older verifiers look for them."""
    claims: dict[str, Any] = {
        **credential,
        "vc": dict(credential),
        "iss": issuer,
        "jti": credential["id"],
        "nbf": int(valid_from.timestamp()),
    }
    subject = credential["credentialSubject"].get("id")
    if subject is not None:
        claims["sub"] = subject
    if "validUntil" in credential:
        claims["exp"] = int(datetime.fromisoformat(credential["validUntil"]).timestamp())
    header = {"alg": "EdDSA", "kid": f"{issuer}#{key.kid}", "typ": "JWT"}
    signed = f"{base64url(canonical(header))}.{base64url(canonical(claims))}"
    return f"{signed}.{base64url(key.sign(signed.encode()))}"


def opened_token(text: str, ring: KeyRing) -> dict[str, Any]:
    """The credential in a JWT, if one of the keys made it. Raises `Refused`."""
    parts = text.split(".")
    if len(parts) != 3:
        raise Refused("unreadable")
    try:
        header, claims = loads(from_base64url(parts[0])), loads(from_base64url(parts[1]))
    except ValueError:
        raise Refused("unreadable") from None
    if not isinstance(header, dict) or not isinstance(claims, dict) or header.get("alg") != "EdDSA":
        raise Refused("no_proof")
    credential = claims.get("vc")
    if not isinstance(credential, dict):
        raise Refused("unreadable")
    kid = _kid(header.get("kid"), credential, ring)
    try:
        signature = from_base64url(parts[2])
    except ValueError:
        raise Refused("signature") from None
    if not ring.verifies(kid, signature, f"{parts[0]}.{parts[1]}".encode()):
        raise Refused("signature")
    return credential


def issuer_of(credential: Credential) -> str | None:
    """The identifier of who issued it."""
    issuer = credential.get("issuer")
    found = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    return found if isinstance(found, str) else None


def _kid(method: object, credential: Credential, ring: KeyRing) -> str:
    """The name of the key, which must belong to the issuer that the credential names."""
    if not isinstance(method, str) or "#" not in method:
        raise Refused("no_proof")
    controller, _, kid = method.partition("#")
    if controller != issuer_of(credential):
        raise Refused("issuer")
    if not ring.knows(kid):
        raise Refused("key")
    return kid


def _digest(credential: Credential, options: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(options)).digest() + hashlib.sha256(canonical(credential)).digest()
