"""Two verifiers that others wrote accept our credentials without a network, and refuse tampered and revoked ones."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openvc.did.base import DidDocument, parse_did_document
from openvc.proof.errors import SignatureInvalid
from openvc.status import CredentialRevoked, CredentialSuspended
from openvc.verify import StatusUnavailable, verify_credential

from services.training_api.credentials import badges, proofs
from services.training_api.credentials.keys import SigningKey
from services.training_api.credentials.signing import did_document
from services.training_api.credentials.statuses import Purpose
from tests.support.credentials import SITE, badge, signed, status_lists

_PLACE = badge().status_position


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return SigningKey.ensure(tmp_path_factory.mktemp("keys") / "key.pem")


class _Resolver:
    """Answers with our DID document, as did:web would over the network."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def resolve(self, did: str) -> DidDocument:
        assert did == SITE.issuer
        return parse_did_document(self._document)


def _openvc(key: SigningKey, document: Any, lists: dict[str, Any]) -> Any:
    return verify_credential(
        document,
        resolver=_Resolver(did_document(SITE.issuer, [key.jwk])),
        resolve_status_list=lambda address: lists[address],
    )


def _openbadges(key: SigningKey) -> OB3Verifier:
    found = json.dumps(did_document(SITE.issuer, [key.jwk])).encode()
    return OB3Verifier.for_issuer_did(SITE.issuer, download=lambda _address: found)


def _served(key: SigningKey, set_: dict[Purpose, list[int]]) -> Callable[[str], bytes]:
    """Status lists as JWT, by their addresses."""
    lists = {
        address: {name: value for name, value in one.items() if name != "proof"}
        for address, one in status_lists(key, set_).items()
    }
    since = badges.moment(badge().issued_on)
    return lambda address: proofs.token(lists[address], key, issuer=SITE.issuer, valid_from=since).encode()


@pytest.mark.parametrize("as_token", [False, True])
def test_openvc_accepts_ours(key: SigningKey, as_token: bool) -> None:
    document: Any = signed(key, as_token=True) if as_token else signed(key)

    result = _openvc(key, document, status_lists(key))

    assert result.issuer == SITE.issuer
    assert (result.status.revoked, result.status.suspended) == (False, False)
    assert result.credential["credentialSubject"]["achievement"]["creditsAvailable"] == 36


def test_openvc_refuses_a_tampered_one(key: SigningKey) -> None:
    document = signed(key)
    document["credentialSubject"]["achievement"]["creditsAvailable"] = 72
    header, payload, signature = signed(key, as_token=True).split(".")

    with pytest.raises(SignatureInvalid):
        _openvc(key, document, status_lists(key))
    with pytest.raises(SignatureInvalid):
        _openvc(key, f"{header}.{payload}.{signature[:-8]}AAAAAAAA", status_lists(key))


def test_openvc_refuses_a_revoked_and_a_suspended_one(key: SigningKey) -> None:
    for document in (signed(key), signed(key, as_token=True)):
        with pytest.raises(CredentialRevoked):
            _openvc(key, document, status_lists(key, {Purpose.REVOCATION: [_PLACE]}))
        with pytest.raises(CredentialSuspended):
            _openvc(key, document, status_lists(key, {Purpose.SUSPENSION: [_PLACE]}))


def test_openvc_does_not_pass_over_the_status(key: SigningKey) -> None:
    with pytest.raises(StatusUnavailable):
        verify_credential(signed(key), resolver=_Resolver(did_document(SITE.issuer, [key.jwk])))


def test_openbadgeslib_accepts_ours_with_its_status_list(key: SigningKey) -> None:
    accepted = _openbadges(key).verify(signed(key, as_token=True), check_status=True, download=_served(key, {}))

    assert accepted.issuer.id == SITE.issuer
    assert accepted.achievement.name == "Заманауи зертхана / Современная лаборатория"
    assert accepted.achievement.credits_available == 36


def test_openbadgeslib_refuses_a_tampered_one(key: SigningKey) -> None:
    header, payload, signature = signed(key, as_token=True).split(".")

    with pytest.raises(OB3VerificationError, match="signature"):
        _openbadges(key).verify(f"{header}.{payload}.{signature[:-8]}AAAAAAAA")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_openbadgeslib_refuses_a_revoked_and_a_suspended_one(key: SigningKey, purpose: Purpose) -> None:
    with pytest.raises(OB3VerificationError, match=purpose.value):
        _openbadges(key).verify(
            signed(key, as_token=True), check_status=True, download=_served(key, {purpose: [_PLACE]})
        )


def test_both_refuse_a_key_that_is_not_ours(key: SigningKey, tmp_path: Path) -> None:
    other = SigningKey.ensure(tmp_path / "other.pem")

    with pytest.raises(Exception, match=r"verificationMethod|verification method|no key|resolve"):
        _openvc(key, signed(other), status_lists(key))
    with pytest.raises(OB3VerificationError):
        _openbadges(key).verify(signed(other, as_token=True))
