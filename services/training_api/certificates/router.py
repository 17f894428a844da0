"""HTTP of certificates, of their verification and of the norm they may count towards."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.certificates import service as certificates
from services.training_api.dependencies import FILE_CHUNK, Key, answer_list, answer_written, rows_of, seen_by
from services.training_api.organisations import service as organisations
from shared import clock
from shared.auth import Caller, requires
from shared.clock import day_in_kazakhstan
from shared.schemas.base import Code
from shared.schemas.pages import Page
from shared.schemas.training.certificates import (
    CertificateAction,
    CertificateBatchCreate,
    CertificateBatchRead,
    CertificateCommand,
    CertificateQuery,
    CertificateRead,
    CertificateReadQuery,
    CertificateStepList,
    NormRuleCreate,
    NormRuleList,
    NormRuleRead,
    SourceQuery,
    SupersedeCommand,
    VerificationQuery,
    VerificationRead,
)
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/certificates", tags=["certificates"])
batches = Router("/v1/certificate-batches", tags=["certificates"])
verification = Router("/v1/verify", tags=["certificates"])
norm_rules = Router("/v1/norm-rules", tags=["norms"])
routers = (router, batches, verification, norm_rules)
_PAGE = TypeAdapter(Page[CertificateRead])
_COLUMNS = (
    *("id", "number", "source", "kind", "educator_id", "organisation_id", "enrolment_id", "programme_id", "title_kk"),
    *("title_ru", "title_en", "academic_hours", "issued_on", "status", "valid_until", "supersedes", "superseded_by"),
    *("counts_toward_norm", "reason", "norm_rule", "expires_on"),
)
Number = Annotated[Code, Path(description="Its number", examples=["ORLEU-2026-000001"])]
_READER = [requires("training:read")]
_MANAGER = [requires("training:manage")]


@router.get(
    "",
    summary="List certificates",
    description="Certificates of people within your reach, the latest first. As CSV, XLSX or NDJSON by `Accept`, then "
    "all of them.",
    response_model=Page[CertificateRead],
    dependencies=_READER,
)
async def list_certificates(
    request: Request, session: Reading, actor: Caller, query: Annotated[CertificateQuery, Query()]
) -> Response:
    now = clock.now()
    format_ = export.wanted(request)
    if format_ != "json":
        organisations.sight(actor)
        whole = query.model_copy(update={"limit": FILE_CHUNK})
        lines = rows_of(
            request,
            lambda session, after: certificates.page(session, actor, whole, after=after, now=now),
            keys=lambda certificate: [certificate.issued_on, certificate.id],
            line=_line,
        )
        return await export.respond(format_, _COLUMNS, lines, filename="certificates")
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "certificates", **seen_by(actor)},
        parse=[date.fromisoformat, UUID],
        fetch=lambda after: certificates.page(session, actor, query, after=after, now=now),
        count=lambda: certificates.count(session, actor, query, now=now),
        keys=lambda certificate: [certificate.issued_on, certificate.id],
    )


@router.get(
    "/{number}",
    summary="Read a certificate",
    description="One certificate by its number, as it stands today or stood on a day, if within your reach; otherwise "
    "404. `allowed_actions` tells what can be done with it now.",
    response_model=CertificateRead,
    dependencies=_READER,
)
async def read_certificate(
    session: Reading, actor: Caller, number: Number, query: Annotated[CertificateReadQuery, Query()]
) -> CertificateRead:
    now = clock.now()
    on = query.as_of or day_in_kazakhstan(now)
    return await certificates.get(session, actor, number, source=query.source, on=on, now=now)


@router.get(
    "/{number}/transitions",
    summary="Read what happened to a certificate",
    description="Every change of its state, from the first: who, why, from which day, and what it rests on.",
    response_model=CertificateStepList,
    dependencies=_READER,
)
async def list_certificate_transitions(
    session: Reading, actor: Caller, number: Number, query: Annotated[SourceQuery, Query()]
) -> CertificateStepList:
    return CertificateStepList(items=await certificates.steps(session, actor, number, source=query.source))


@router.post(
    "/{number}/suspend",
    summary="Suspend a certificate",
    description="While it is suspended it does not hold and does not count; `reinstate` ends that.",
    response_model=CertificateRead,
    dependencies=_MANAGER,
)
async def suspend_certificate(
    body: CertificateCommand,
    session: Writing,
    actor: Caller,
    number: Number,
    query: Annotated[SourceQuery, Query()],
    _key: Key = None,
) -> CertificateRead:
    action, now = CertificateAction.SUSPEND, clock.now()
    return await certificates.command(session, actor, number, action, body, source=query.source, now=now)


@router.post(
    "/{number}/reinstate",
    summary="Reinstate a certificate",
    description="Ends a suspension: the certificate holds again.",
    response_model=CertificateRead,
    dependencies=_MANAGER,
)
async def reinstate_certificate(
    body: CertificateCommand,
    session: Writing,
    actor: Caller,
    number: Number,
    query: Annotated[SourceQuery, Query()],
    _key: Key = None,
) -> CertificateRead:
    action, now = CertificateAction.REINSTATE, clock.now()
    return await certificates.command(session, actor, number, action, body, source=query.source, now=now)


@router.post(
    "/{number}/revoke",
    summary="Revoke a certificate",
    description="Ends it for good: it no longer holds, and its enrolment may earn another under a new number.",
    response_model=CertificateRead,
    dependencies=_MANAGER,
)
async def revoke_certificate(
    body: CertificateCommand,
    session: Writing,
    actor: Caller,
    number: Number,
    query: Annotated[SourceQuery, Query()],
    _key: Key = None,
) -> CertificateRead:
    action, now = CertificateAction.REVOKE, clock.now()
    return await certificates.command(session, actor, number, action, body, source=query.source, now=now)


@router.post(
    "/{number}/supersede",
    summary="Supersede a certificate",
    description="Gives a new document in place of one with a mistake in the name, the hours or the title. The new one "
    "has a number of its own, names the old one and keeps its date; the old one no longer holds. Only for numbers of "
    "this system.",
    status_code=201,
    response_model=CertificateRead,
    dependencies=_MANAGER,
)
async def supersede_certificate(
    body: SupersedeCommand, session: Writing, actor: Caller, number: Number, _key: Key = None
) -> Response:
    certificate = await certificates.supersede(session, actor, number, body, now=clock.now())
    return answer_written(certificate, status=201, location=f"/v1/certificates/{certificate.number}")


@batches.post(
    "",
    summary="Add certificates of other providers",
    description="Up to 2,000 certificates issued elsewhere: all of them or, if one is wrong, none, and `errors` names "
    "every fault.",
    status_code=201,
    response_model=CertificateBatchRead,
    dependencies=_MANAGER,
)
async def add_certificates(body: CertificateBatchCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    added = await certificates.take_in_many(session, actor, body, now=clock.now())
    return answer_written(CertificateBatchRead(added=added), status=201)


@verification.get(
    "",
    summary="Verify a certificate",
    description="Whether a document of this number was issued, for what, to whom (initials only, unless the person "
    "agreed to be named), and how it stands: issued, suspended, revoked, superseded by another number or expired, "
    "today or on a day. Public.",
    responses={404: {}},
)
async def verify_certificate(session: Reading, query: Annotated[VerificationQuery, Query()]) -> VerificationRead:
    return await certificates.verify(session, query.number, on=query.as_of or day_in_kazakhstan(clock.now()))


@norm_rules.get(
    "",
    summary="List the versions of the norm",
    description="How many hours a certificate needs and for how long it counts, with the legal ground. Public.",
)
async def list_norm_rules(session: Reading) -> NormRuleList:
    return NormRuleList(items=await certificates.norm_rules(session))


@norm_rules.post(
    "",
    summary="Amend the norm",
    description="Writes the next version, which ends the last one. Certificates are judged by the rule in force on "
    "their day of issue.",
    status_code=201,
    response_model=NormRuleRead,
    dependencies=_MANAGER,
)
async def amend_norm(body: NormRuleCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    rule = await certificates.amend_norm(session, actor, body)
    return answer_written(rule, status=201, location="/v1/norm-rules")


def _line(certificate: CertificateRead) -> Mapping[str, Any]:
    titles = {f"title_{language}": getattr(certificate.title, language) for language in ("kk", "ru", "en")}
    return {**certificate.model_dump(mode="json", exclude={"title", "allowed_actions", "refused_actions"}), **titles}
