"""What is done with documents that anybody can verify: printing, signing, publishing, verifying files."""

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.training_api.access_log import service as access_log
from services.training_api.certificates import service as certificates
from services.training_api.certificates.errors import CertificateNotFound
from services.training_api.certificates.rules import LIST_LENGTH
from services.training_api.certificates.service import Paper
from services.training_api.credentials import badges, errors, proofs, repository, statuses, verifying
from services.training_api.credentials.badges import Badge
from services.training_api.credentials.keys import KeyRing, SigningKey
from services.training_api.credentials.pdf import KEYWORD, Page, printed
from services.training_api.credentials.sentences import sentence
from services.training_api.credentials.signing import Issuer
from services.training_api.credentials.statuses import Purpose
from services.training_api.credentials.verifying import StatusUnreachable
from services.training_api.educators import service as educators
from services.training_api.educators.rules import HIDDEN
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared.auth import Actor
from shared.clock import KAZAKHSTAN, day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.certificates import CertificateStatus, VerificationRead
from shared.schemas.training.credentials import FileFailure, FileForm, FileOutcome, FileVerificationRead
from shared.schemas.training.educators import PersonName
from shared.schemas.training.programmes import CompletionRule

KEPT_MILLISECONDS = 300_000
"""For how long a verifier may keep a status list."""
_LIST_TERM = timedelta(days=7)
_BEGINNING = datetime(2026, 1, 1, tzinfo=KAZAKHSTAN)
_PDF = b"%PDF-"
_NUMBER = re.compile(re.escape(KEYWORD).encode() + rb"([A-Za-z0-9][A-Za-z0-9_.\-]{0,63})")
_PRINTED = frozenset({CertificateStatus.ISSUED, CertificateStatus.EXPIRED})
_STANDING = {
    CertificateStatus.SUSPENDED: FileFailure.SUSPENDED,
    CertificateStatus.REVOKED: FileFailure.REVOKED,
    CertificateStatus.SUPERSEDED: FileFailure.SUPERSEDED,
    CertificateStatus.EXPIRED: FileFailure.EXPIRED,
    None: FileFailure.NOT_YET_VALID,
}


async def pdf(session: WriteSession, actor: Actor, number: str, *, issuer: Issuer, now: datetime) -> bytes:
    """The document as a PDF, for who may know the name on it; that it was looked at is noted.

    Raises `CertificateNotFound`, `DocumentWithdrawn`, `HolderHidden`.
    """
    paper = await certificates.paper(session, actor, number, now=now)
    if paper.status not in _PRINTED:
        raise errors.DocumentWithdrawn(status=paper.status.value)
    if await _is_hidden(session, paper):
        raise errors.HolderHidden
    made = await asyncio.to_thread(printed, await _page(session, paper, issuer))
    fingerprint = hashlib.sha256(made).digest()
    await repository.add_print(session, sha256=fingerprint, certificate_id=paper.id, now=now)
    await access_log.note(session, [paper.educator_id], shown="certificate", now=now)
    return made


async def credential(
    session: AnySession, actor: Actor, number: str, *, issuer: Issuer, as_token: bool, now: datetime
) -> str:
    """The document as a signed credential: JSON with a proof, or a JWT. The same document gives the same bytes.

    Raises `CertificateNotFound`, `SigningKeyMissing`.
    """
    paper = await certificates.paper(session, actor, number, now=now)
    made = badges.credential(await _badge(session, paper), issuer.site)
    key = _key(issuer)
    if as_token:
        return proofs.token(made, key, issuer=issuer.did, valid_from=badges.moment(paper.issued_on))
    return as_json(proofs.secure(made, key, issuer=issuer.did, created=_instant(paper.created_at)))


async def status_list(session: AnySession, list_id: str, *, issuer: Issuer, as_token: bool, now: datetime) -> str:
    """A status list, signed. Raises `StatusListNotFound`, `SigningKeyMissing`."""
    made, since = await _listed(session, list_id, issuer=issuer, now=now)
    key = _key(issuer)
    if as_token:
        return proofs.token(made, key, issuer=issuer.did, valid_from=since)
    return as_json(proofs.secure(made, key, issuer=issuer.did, created=_instant(since)))


async def keys(session: AnySession, issuer: Issuer) -> list[dict[str, str]]:
    """Every public key that documents were ever signed with; the one that signs now is the first."""
    known = [{"kty": "OKP", "crv": "Ed25519", "x": key.x, "kid": key.kid} for key in await repository.keys(session)]
    if issuer.key is None:
        return known
    now_signing = {name: issuer.key.jwk[name] for name in ("kty", "crv", "x", "kid")}
    return [now_signing, *(key for key in known if key["kid"] != issuer.key.kid)]


async def publish(session: WriteSession, issuer: Issuer, *, now: datetime) -> None:
    """Write the public half of the present key down, so that it stays published when another takes its place."""
    if issuer.key is not None:
        await repository.add_key(session, kid=issuer.key.kid, x=issuer.key.jwk["x"], now=now)


async def verify_file(session: AnySession, data: bytes, *, issuer: Issuer, now: datetime) -> FileVerificationRead:
    """Whether a file is a document of ours, unaltered, and holds. Whatever the bytes are, it answers."""
    if data.lstrip()[: len(_PDF)] == _PDF:
        return await _verify_pdf(session, data, issuer=issuer, now=now)
    ring = KeyRing.of(await keys(session, issuer))
    examined = verifying.examine(data, ring, now=now)
    lists: dict[str, Mapping[str, Any] | None] = {}
    reader = RegisterLists(session, issuer, now)
    for address in {place.address for place in examined.places}:
        try:
            lists[address] = await reader.read(address)
        except StatusUnreachable:
            lists[address] = None
    verdict = verifying.conclude(examined, lists, ring, now=now)
    failure = FileFailure(verdict.failure) if verdict.failure else None
    number = badges.number_in(examined.credential, issuer.site)
    told = await _told(session, number, now) if number else None
    if (
        verdict.outcome == FileOutcome.VALID and told is None
    ):  # our own signature under a number that the register does not have
        return _answer(FileForm(examined.form), FileOutcome.NOT_VALID, FileFailure.UNKNOWN_DOCUMENT, None, now)
    if failure is FileFailure.REVOKED and told is not None and told.status is CertificateStatus.SUPERSEDED:
        failure = FileFailure.SUPERSEDED
    return _answer(FileForm(examined.form), FileOutcome(verdict.outcome), failure, told, now)


class RegisterLists:
    """Status lists of this register, read where they are made. Those of another address are not asked for: what a
    stranger's file names is no address to call."""

    def __init__(self, session: AnySession, issuer: Issuer, now: datetime) -> None:
        self._session = session
        self._issuer = issuer
        self._now = now

    async def read(self, address: str) -> Mapping[str, Any]:
        before = f"{self._issuer.site.address}/v1/status-lists/"
        key = self._issuer.key
        if key is None or not address.startswith(before):
            raise StatusUnreachable(address)
        try:
            made, since = await _listed(self._session, address[len(before) :], issuer=self._issuer, now=self._now)
        except errors.StatusListNotFound:
            raise StatusUnreachable(address) from None
        return proofs.secure(made, key, issuer=self._issuer.did, created=_instant(since))


async def _verify_pdf(session: AnySession, data: bytes, *, issuer: Issuer, now: datetime) -> FileVerificationRead:
    found = _NUMBER.search(data)
    known = await repository.print_of(session, hashlib.sha256(data).digest())
    if known is not None:
        told = await _told(session, (await certificates.paper_by_id(session, known, now=now)).number, now)
    else:
        told = await _told(session, found.group(1).decode(), now) if found else None
    failure: FileFailure | None
    if told is None:
        failure = FileFailure.UNKNOWN_DOCUMENT
    elif known is None:
        failure = FileFailure.CONTENT
    else:
        failure = None if told.valid else _STANDING[told.status]
    outcome = FileOutcome.VALID if failure is None else FileOutcome.NOT_VALID
    return _answer(FileForm.PDF, outcome, failure, told, now)


def _answer(
    form: FileForm,
    outcome: FileOutcome,
    failure: FileFailure | None,
    certificate: VerificationRead | None,
    now: datetime,
) -> FileVerificationRead:
    return FileVerificationRead(
        outcome=outcome,
        failed=failure,
        message=sentence(outcome, failure, now),
        form=form,
        as_of=now,
        certificate=certificate,
    )


async def _told(session: AnySession, number: str, now: datetime) -> VerificationRead | None:
    try:
        return await certificates.verify(session, number, on=day_in_kazakhstan(now))
    except CertificateNotFound:
        return None


async def _listed(
    session: AnySession, list_id: str, *, issuer: Issuer, now: datetime
) -> tuple[dict[str, Any], datetime]:
    """A list, not yet signed, and since when it is so; it changes with the register and with the day."""
    purpose_said, _, number = list_id.partition("-")
    if purpose_said not in {*Purpose} or not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise errors.StatusListNotFound
    found = await certificates.voided(session, int(number))
    if found is None:
        raise errors.StatusListNotFound
    rows, changed_at = found
    purpose, since = Purpose(purpose_said), changed_at or _BEGINNING
    suspended = purpose is Purpose.SUSPENSION
    made = statuses.status_list(
        issuer.site.status_list(purpose, int(number)),
        purpose,
        [place for place, status in rows if (status is CertificateStatus.SUSPENDED) is suspended],
        length=LIST_LENGTH,
        issuer=issuer.did,
        valid_from=_instant(since),
        valid_until=badges.moment(day_in_kazakhstan(now) + _LIST_TERM).isoformat(),
        ttl=KEPT_MILLISECONDS,
    )
    return made, since


async def _page(session: AnySession, paper: Paper, issuer: Issuer) -> Page:
    if paper.name is None:
        raise errors.HolderHidden
    return Page(
        kind=paper.kind,
        number=paper.number,
        name=paper.name,
        title=paper.title,
        provider=(await providers.get(session, paper.provider_id)).name,
        academic_hours=paper.academic_hours,
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
        supersedes=paper.supersedes,
        address=issuer.site.certificate(paper.number),
        created_at=paper.created_at,
    )


async def _badge(session: AnySession, paper: Paper) -> Badge:
    programme = await programmes.taught(session, paper.programme_id)
    holder = None if await _is_hidden(session, paper) else _whole(paper.name)
    return Badge(
        id=paper.id,
        number=paper.number,
        kind=paper.kind,
        educator_id=paper.educator_id,
        holder=holder,
        is_named=holder == await educators.public_name(session, paper.educator_id),
        title=paper.title,
        academic_hours=paper.academic_hours,
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
        programme_id=paper.programme_id,
        criteria=_criteria(programme.completion),
        provider_id=paper.provider_id,
        provider=(await providers.get(session, paper.provider_id)).name,
        status_list=paper.status_list,
        status_position=paper.status_position,
    )


async def _is_hidden(session: AnySession, paper: Paper) -> bool:
    """Whether the person's data are blocked or erased."""
    return await educators.name(session, paper.educator_id) in HIDDEN.values()


def _whole(name: PersonName | None) -> str | None:
    parts = (name.kk or name.ru) if name is not None else None
    return " ".join(filter(None, (parts.family, parts.given, parts.patronymic))) if parts is not None else None


def _criteria(rule: CompletionRule) -> str:
    """What had to be reached, in words."""
    asked = []
    if rule.min_attendance:
        asked.append(f"қатысу / посещаемость ≥ {rule.min_attendance:.0%}")
    if rule.tasks_required:
        asked.append("барлық тапсырма / все задания")
    if rule.min_score is not None:
        asked.append(f"балл ≥ {rule.min_score:g}")
    return "; ".join(asked) or "қатысу / участие"


def _key(issuer: Issuer) -> SigningKey:
    if issuer.key is None:
        raise errors.SigningKeyMissing
    return issuer.key


def _instant(moment: datetime) -> str:
    return moment.astimezone(KAZAKHSTAN).replace(microsecond=0).isoformat()


def as_json(document: Mapping[str, Any]) -> str:
    """JSON for people's eyes as well."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
