"""`Idempotency-Key`: key, effect and answer are committed together, so a repeated request has one effect."""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import structlog
from fastapi import Header
from pydantic import WithJsonSchema
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from shared import clock
from shared.auth import Actor
from shared.db import idempotency as keys
from shared.db.engine import Database
from shared.db.sessions import WriteSession
from shared.web import errors
from shared.web.sealing import Seal, SealBroken

HEADER = "Idempotency-Key"
_KEY = re.compile(r"^[\x21-\x7e][\x20-\x7e]{0,254}$")
_SCOPE_KEY = "bilim.idempotency"
_KEPT_HEADERS = ("content-type", "location", "etag", "content-language")
_UPLOAD_CHUNK = 1 << 20
_PURGE_SECONDS = 3600.0
_BREATH_SECONDS = 1.0
_log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(hours=48)
"""How long a repeated request is recognised."""

_DOCUMENTED = r'^("[\x21\x23-\x7e][\x20\x21\x23-\x7e]{0,252}"|[\x21\x23-\x7e][\x20-\x7e]{0,254})$'
IdempotencyKey = Annotated[
    Annotated[str, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 255, "pattern": _DOCUMENTED})] | None,
    Header(
        alias=HEADER,
        description="Any text of your own; the same key with the same request gives the same answer, no second effect",
        examples=["enrol-2026-17"],
    ),
]
"""Documents the header on a route (`key: IdempotencyKey = None`); it is acted upon in the request's session."""


@dataclass(slots=True)
class _Claim:
    session: WriteSession
    principal: str
    route: str
    key: str
    fingerprint: bytes


async def forget_old_keys(database: Database) -> None:
    """For ever: once an hour, let go of keys that nobody repeats any more."""
    while True:
        try:
            async with database.writing() as session:
                more = await keys.purge(session, clock.now() - KEPT_FOR) > 0
        except Exception as error:  # the database is away: an hour later is soon enough
            _log.warning("old_keys_not_forgotten", error=type(error).__name__)
            more = False
        await asyncio.sleep(_BREATH_SECONDS if more else _PURGE_SECONDS)


class Replayed(Exception):
    """The request was carried out before; this is the answer it had."""

    def __init__(self, stored: keys.Stored) -> None:
        self.stored = stored

    def response(self) -> Response:
        """The stored answer, marked as a repetition."""
        headers = dict(self.stored.headers)
        return Response(
            self.stored.body, status_code=self.stored.status, headers={**headers, "Idempotent-Replayed": "true"}
        )


async def claim(request: Request, session: WriteSession, actor: Actor | None) -> None:
    """Take the request's key for this transaction, if it has one.

    Raises `Replayed` when the work is done already, and problems for a malformed, reused or busy key.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return
    key = key.strip().strip('"')
    if not _KEY.match(key):
        raise errors.IdempotencyKeyInvalid(pointer=f"#{HEADER}")
    taken = _Claim(
        session=session,
        principal=actor.principal if actor else "anonymous",
        route=request.scope["route"].path if "route" in request.scope else request.url.path,
        key=key,
        fingerprint=await _fingerprint(request),
    )
    match await keys.claim(
        session, principal=taken.principal, route=taken.route, key=key, fingerprint=taken.fingerprint
    ):
        case keys.Replay(stored):
            raise Replayed(_opened(request, taken, stored))
        case keys.Mismatch():
            raise errors.IdempotencyKeyReused(pointer=f"#{HEADER}")
        case keys.InFlight():
            raise errors.IdempotencyKeyInFlight(headers={"Retry-After": "1"})
        case keys.Claimed():
            request.scope[_SCOPE_KEY] = taken


async def remember(request: Request, response: Response) -> None:
    """Keep a successful answer in the transaction that is about to be committed."""
    taken = request.scope.pop(_SCOPE_KEY, None)
    if not isinstance(taken, _Claim) or response.status_code >= 400:
        return
    headers = tuple((name, response.headers[name]) for name in _KEPT_HEADERS if name in response.headers)
    await keys.store(
        taken.session,
        keys.Stored(
            response.status_code, headers, _seal_of(request).close(bytes(response.body), about=taken.fingerprint)
        ),
        principal=taken.principal,
        route=taken.route,
        key=taken.key,
        fingerprint=taken.fingerprint,
        now=clock.now(),
    )


def _seal_of(request: Request) -> Seal:
    """Answers that are kept may tell of persons; they rest sealed."""
    seal = request.app.state.kept_answers
    assert isinstance(seal, Seal)
    return seal


def _opened(request: Request, taken: _Claim, stored: keys.Stored) -> keys.Stored:
    """The answer as it was given; one sealed under a secret that is no longer ours cannot be repeated."""
    try:
        body = _seal_of(request).open(stored.body, about=taken.fingerprint)
    except SealBroken:
        raise errors.IdempotencyKeyReused(pointer=f"#{HEADER}") from None
    return keys.Stored(stored.status, stored.headers, body)


async def _fingerprint(request: Request) -> bytes:
    """What is asked: path, query and body. A form counts by its fields, since its boundary differs at each sending.

    Keyed, because a body may hold a number of twelve digits, which a plain hash would give away.
    """
    parts = [request.url.path.encode(), request.url.query.encode()]
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form()
        for name, value in sorted(form.multi_items(), key=lambda item: item[0]):
            parts.append(name.encode())
            parts.append(await _digest_of(value) if isinstance(value, UploadFile) else value.encode())
    else:
        parts.append(await request.body())
    return _seal_of(request).fingerprint(keys.fingerprint(*parts))


async def _digest_of(upload: UploadFile) -> bytes:
    digest = hashlib.sha256((upload.filename or "").encode())
    while chunk := await upload.read(_UPLOAD_CHUNK):
        digest.update(chunk)
    await upload.seek(0)
    return digest.digest()
