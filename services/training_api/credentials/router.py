"""HTTP of documents that anybody can verify."""

import hashlib
from typing import Annotated, Any

from fastapi import Depends, File, Path, Request, Response, UploadFile

from services.training_api.credentials import service as credentials
from services.training_api.credentials.signing import Issuer, did_document
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.base import Code
from shared.schemas.training.credentials import FileVerificationRead, KeySet, PublicKey, StatusListId
from shared.web import conditional
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

documents = Router("/v1/certificates", tags=["credentials"])
status_lists = Router("/v1/status-lists", tags=["credentials"])
public_keys = Router("/v1/keys", tags=["credentials"])
verification = Router("/v1/verify", tags=["credentials"])
well_known = Router("/.well-known", tags=["credentials"])
routers: tuple[Router, ...] = (documents, status_lists, public_keys, verification, well_known)

_READER = [requires("training:read")]
_CREDENTIAL, _TOKEN = "application/vc", "application/vc+jwt"
_SIGNED: dict[str, Any] = {_CREDENTIAL: {"schema": {"type": "object"}}, _TOKEN: {"schema": {"type": "string"}}}
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "You have this already"}}
_KEPT_SECONDS = credentials.KEPT_MILLISECONDS // 1000


async def _issuer(request: Request) -> Issuer:
    issuer = request.app.state.issuer
    assert isinstance(issuer, Issuer)
    return issuer


Signing = Annotated[Issuer, Depends(_issuer)]
Number = Annotated[Code, Path(description="Its number", examples=["ORLEU-2026-000001"])]


@documents.get(
    "/{number}/pdf",
    summary="Print a certificate",
    description="The document as PDF/A-2b in Kazakh and Russian, with a code that leads to its public verification. "
    "The same document gives the same bytes. It bears the name, so only who is responsible for the person gets it, and "
    "that it was read is noted. A document that does not hold is not printed.",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
        409: {},
        **_UNCHANGED,
    },
    dependencies=_READER,
)
async def print_certificate(
    request: Request, session: Writing, actor: Caller, number: Number, issuer: Signing
) -> Response:
    made = await credentials.pdf(session, actor, number, issuer=issuer, now=clock.now())
    named = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
    return _answer(request, made, "application/pdf", named)


@documents.get(
    "/{number}/credential",
    summary="Read a certificate as a credential",
    description="The document as an Open Badges 3.0 credential, signed (Data Integrity `eddsa-jcs-2022`), or with "
    "`Accept: application/vc+jwt` as a JWT for older verifiers. The name is in it only as a salted hash, unless the "
    "person agreed to be named. Anybody can verify it with the published keys and status lists.",
    response_class=Response,
    responses={200: {"content": _SIGNED}, **_UNCHANGED},
    dependencies=_READER,
)
async def read_credential(
    request: Request, session: Reading, actor: Caller, number: Number, issuer: Signing
) -> Response:
    as_token = _wants_token(request)
    made = await credentials.credential(session, actor, number, issuer=issuer, as_token=as_token, now=clock.now())
    return _answer(request, made.encode(), _TOKEN if as_token else _CREDENTIAL, {"Vary": "Accept"})


@status_lists.get(
    "/{list_id}",
    summary="Read a status list",
    description="One bit for each certificate: whether it is revoked or superseded, or suspended. A credential says "
    "which bit is its own. Signed, compressed, to be kept for five minutes. Public.",
    response_class=Response,
    responses={200: {"content": _SIGNED}, 404: {}, **_UNCHANGED},
)
async def read_status_list(
    request: Request,
    session: Reading,
    issuer: Signing,
    list_id: Annotated[StatusListId, Path(description="Its name", examples=["revocation-1"])],
) -> Response:
    as_token = _wants_token(request)
    made = await credentials.status_list(session, list_id, issuer=issuer, as_token=as_token, now=clock.now())
    kept = {"Vary": "Accept", "Cache-Control": f"public, max-age={_KEPT_SECONDS}"}
    return _answer(request, made.encode(), _TOKEN if as_token else _CREDENTIAL, kept)


@public_keys.get(
    "",
    summary="List the public keys",
    description="Every key that documents were ever signed with, as a JSON Web Key Set; the one that signs now is the "
    "first. With it documents can be verified without this service. Public.",
)
async def list_public_keys(session: Reading, issuer: Signing) -> KeySet:
    found = await credentials.keys(session, issuer)
    return KeySet(issuer=issuer.did, keys=[PublicKey.model_validate(key) for key in found])


@well_known.get(
    "/did.json",
    summary="Read the DID document",
    description="The same keys as verifiers of did:web look for them. Public.",
    response_class=Response,
    responses={200: {"content": {"application/did+json": {"schema": {"type": "object"}}}}},
)
async def read_did_document(session: Reading, issuer: Signing) -> Response:
    document = did_document(issuer.did, await credentials.keys(session, issuer))
    return Response(credentials.as_json(document), media_type="application/did+json")


@verification.post(
    "",
    summary="Verify a file",
    description="Whether a file of up to 1 MiB is a certificate of ours, unaltered, and holds: a credential (JSON or "
    "JWT) or a PDF. The answer is `valid`, `not_valid` with what failed, or `valid_status_unknown` where the status "
    "list cannot be read. Whatever the file is, there is an answer. Public; nothing is kept.",
)
async def verify_file(
    session: Reading,
    issuer: Signing,
    file: Annotated[UploadFile, File(description="The credential or the PDF")],
) -> FileVerificationRead:
    return await credentials.verify_file(session, await file.read(), issuer=issuer, now=clock.now())


def _wants_token(request: Request) -> bool:
    return _TOKEN in request.headers.get("accept", "")


def _answer(request: Request, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    tag = conditional.etag(hashlib.sha256(body).hexdigest()[:32])
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(body, media_type=media_type, headers={"ETag": tag, **headers})
