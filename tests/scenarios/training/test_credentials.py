"""Certificates as files: who gets the page, what anybody verifies, what verifiers of others say."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openvc.did.base import DidDocument, parse_did_document
from openvc.proof.errors import SignatureInvalid
from openvc.status import CredentialRevoked
from openvc.verify import verify_credential

from services.training_api import worker
from services.training_api.credentials.keys import SigningKey
from shared import clock
from tests.support import apps
from tests.support.certificates import NAME, TOKEN, Json, another_app, app_of, file_of, issued, moved, verified
from tests.support.training import World


@pytest.fixture(scope="module")
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a token."""
    async with apps.client_for(app_of(world)) as client:
        yield client


async def test_anybody_verifies_a_file_and_every_altered_one_is_refused(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await issued(world))["number"]
    pdf, badge = await file_of(world, number, "pdf"), await file_of(world, number, "credential")
    token = await file_of(world, number, "credential", **TOKEN)
    tampered = json.loads(badge)
    tampered["credentialSubject"]["achievement"]["creditsAvailable"] = 72
    answers = [
        await verified(stranger, data)
        for data in (
            *(pdf, badge, token),
            *(json.dumps(tampered).encode(), token[:-9] + b"AAAAAAAAA", pdf.replace(b"/Author", b"/AuthoR")),
            *(b"%PDF-1.7\nnothing", b"", b"\x00\xff", b"[" * 100_000, b"{}", b'{"proof": {}}'),
        )
    ]

    assert answers == [
        *[("valid", None)] * 3,
        *[("not_valid", "signature"), ("not_valid", "signature"), ("not_valid", "content")],
        *[("not_valid", "unknown_document")],
        *[("not_valid", "unreadable")] * 3,
        *[("not_valid", "no_proof")] * 2,
    ]
    too_large = await stranger.post("/v1/verify", files={"file": ("x", b"x" * 1_100_000)})
    assert too_large.status_code == 413
    seen = (await stranger.post("/v1/verify", files={"file": ("x", badge)})).json()
    assert (seen["certificate"]["number"], seen["certificate"]["holder"]) == (number, "М. Ү.")
    assert "Үлгіұлы".encode() not in badge


async def test_what_else_we_sign_is_no_document_of_a_person(world: World, stranger: httpx.AsyncClient) -> None:
    await issued(world)
    listed = (await stranger.get("/v1/status-lists/revocation-1")).content

    assert await verified(stranger, listed) == ("not_valid", "unreadable")


async def test_a_name_stands_in_the_credential_only_while_the_person_agrees(world: World) -> None:
    person = await world.educator(name=NAME, consent_public=True)
    number = (await issued(world, person))["number"]

    named = await file_of(world, number, "credential")
    found = await world.http.get(f"/v1/educators/{person}")
    headers = {"If-Match": found.headers["ETag"]}
    await world.http.patch(f"/v1/educators/{person}", json={"consent_public": False}, headers=headers)
    hidden = await file_of(world, number, "credential")

    assert ("Үлгіұлы".encode() in named, "Үлгіұлы".encode() in hidden) == (True, False)


async def test_who_is_not_responsible_for_the_person_gets_no_page_and_reading_one_is_noted(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await issued(world))["number"]
    director = world.as_("director", organisation=await world.organisation())

    refused = [
        (await world.http.get(f"/v1/certificates/{number}/{form}", headers=director)).status_code
        for form in ("pdf", "credential", "transitions")
    ]
    closed = (await stranger.get(f"/v1/certificates/{number}/pdf")).status_code
    first, second = await file_of(world, number, "pdf"), await file_of(world, number, "pdf")
    tag = (await world.http.get(f"/v1/certificates/{number}/pdf")).headers["ETag"]
    unchanged = await world.http.get(f"/v1/certificates/{number}/pdf", headers={"If-None-Match": tag})

    assert (refused, closed) == ([404, 404, 404], 401)
    assert first == second
    assert unchanged.status_code == 304
    person = (await world.get(f"/v1/certificates/{number}"))["educator_id"]
    noted = (await world.get(f"/v1/educators/{person}/reads"))["items"]
    assert [one["shown"] for one in noted].count("certificate") == 4


async def test_the_name_goes_with_the_person_and_the_number_stays(world: World, stranger: httpx.AsyncClient) -> None:
    person = await world.educator(name=NAME, consent_public=True)
    number = (await issued(world, person))["number"]
    pdf = await file_of(world, number, "pdf")
    codes = []
    for action in ("block", "erase"):
        found = await world.http.get(f"/v1/educators/{person}/privacy")
        reason, headers = {"reason_code": "own_request"}, {"If-Match": found.headers["ETag"]}
        done = await world.http.post(f"/v1/educators/{person}/{action}", json=reason, headers=headers)
        assert done.is_success, done.text
        codes.append((await world.http.get(f"/v1/certificates/{number}/pdf")).json()["code"])

    seen = (await stranger.get("/v1/verify", params={"number": number})).json()

    assert codes == ["holder_hidden", "holder_hidden"]
    assert (seen["valid"], seen["holder"]) == (True, "—")
    assert await verified(stranger, pdf) == ("valid", None)
    assert "Үлгіұлы".encode() not in await file_of(world, number, "credential")


class _Resolver:
    def __init__(self, document: Json) -> None:
        self._document = document

    def resolve(self, did: str) -> DidDocument:
        return parse_did_document(self._document)


async def test_two_verifiers_of_others_accept_what_we_serve_and_refuse_it_once_it_is_tampered_or_revoked(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await issued(world))["number"]
    badge = json.loads(await file_of(world, number, "credential"))
    token = (await file_of(world, number, "credential", **TOKEN)).decode()
    keys = await stranger.get("/.well-known/did.json")
    addresses = [entry["statusListCredential"] for entry in badge["credentialStatus"]]

    async def lists(**headers: str) -> dict[str, bytes]:
        paths = {address: "/v1/status-lists/" + address.rpartition("/")[2] for address in addresses}
        return {address: (await stranger.get(path, headers=headers)).content for address, path in paths.items()}

    def openvc(document: Any, found: dict[str, bytes]) -> Any:
        resolver = _Resolver(keys.json())
        return verify_credential(
            document, resolver=resolver, resolve_status_list=lambda address: json.loads(found[address])
        )

    def openbadges(document: str, found: dict[str, bytes]) -> Any:
        verifier = OB3Verifier.for_issuer_did(badge["issuer"]["id"], download=lambda _address: keys.content)
        return verifier.verify(document, check_status=True, download=lambda address: found[address])

    before, before_tokens = await lists(), await lists(**TOKEN)
    assert openvc(badge, before).issuer == openvc(token, before).issuer == badge["issuer"]["id"]
    assert openbadges(token, before_tokens).achievement.credits_available == 36
    with pytest.raises(SignatureInvalid):
        openvc({**badge, "name": "Another"}, before)
    with pytest.raises(OB3VerificationError):
        openbadges(token[:-9] + "AAAAAAAAA", before_tokens)

    await moved(world, number, "revoke")

    after, after_tokens = await lists(), await lists(**TOKEN)
    for document in (badge, token):
        with pytest.raises(CredentialRevoked):
            openvc(document, after)
    with pytest.raises(OB3VerificationError, match="revocation"):
        openbadges(token, after_tokens)
    assert await verified(stranger, token.encode()) == ("not_valid", "revoked")


async def test_a_status_list_is_kept_by_its_tag_and_changes_only_with_the_register(
    world: World, stranger: httpx.AsyncClient
) -> None:
    path = "/v1/status-lists/suspension-1"
    number = (await issued(world))["number"]
    first = await stranger.get(path)
    kept = await stranger.get(path, headers={"If-None-Match": first.headers["ETag"]})

    await moved(world, number, "suspend")
    changed = await stranger.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.headers["Cache-Control"], kept.status_code, changed.status_code) == ("public, max-age=300", 304, 200)
    for wrong, status in (("suspension-9", 404), ("revocation-0", 422), ("message-1", 422)):
        assert (await stranger.get(f"/v1/status-lists/{wrong}")).status_code == status


async def test_after_a_move_to_another_address_the_old_status_list_is_unreachable_and_the_answer_says_so(
    world: World, local_key_file: Path
) -> None:
    number = (await issued(world))["number"]
    badge = await file_of(world, number, "credential")
    async with another_app(world, local_key_file, TRAINING_PUBLIC_URL="https://moved.example") as elsewhere:
        answer = (await elsewhere.post("/v1/verify", files={"file": ("x", badge)})).json()

    assert (answer["outcome"], answer["failed"]) == ("valid_status_unknown", None)
    assert answer["as_of"][:10] == clock.now().date().isoformat()
    assert "не известно" in answer["message"]["ru"] or "неизвестно" in answer["message"]["ru"]


async def test_a_new_key_signs_and_what_the_old_one_signed_stays_valid(
    world: World, local_key_file: Path, tmp_path: Path
) -> None:
    number = (await issued(world))["number"]
    badge = await file_of(world, number, "credential")
    await worker.publish_key(world.database, app_of(world).state.issuer)
    new = SigningKey.ensure(tmp_path / "new.pem")
    async with another_app(world, local_key_file, TRAINING_CREDENTIAL_KEY_FILE=str(tmp_path / "new.pem")) as rotated:
        keys = (await rotated.get("/v1/keys")).json()["keys"]
        listed = (await rotated.get("/v1/status-lists/revocation-1")).json()
        answer = (await rotated.post("/v1/verify", files={"file": ("x", badge)})).json()

    old = json.loads(badge)["proof"]["verificationMethod"].rpartition("#")[2]
    assert [key["kid"] for key in keys] == [new.kid, old]
    assert listed["proof"]["verificationMethod"].endswith(new.kid)
    assert answer["outcome"] == "valid"
