"""Writing down, agreeing and retiring methodologies."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.methodologies import differences, repository, rules
from services.rating_engine.methodologies.errors import (
    AuditMissing,
    FindingsUnanswered,
    FindingUnknown,
    IndicatorNeutral,
    IndicatorUnknown,
    MeasureMisplaced,
    MethodologyImmutable,
    MethodologyMoveNotAllowed,
    MethodologyNotFound,
    OrganisationTypeNotOne,
    TitleIncomplete,
)
from services.rating_engine.methodologies.models import Methodology, MethodologyAudit
from shared import outbox
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError
from shared.schemas.rating.methodologies import Change, MethodologyDifference
from shared.schemas.rating.methodology import MethodologyDocument, digest, leaves
from shared.schemas.rating.population import Gate, Measure
from shared.schemas.registry.indicators import IndicatorRead

__all__ = [
    "Methodology",
    "MethodologyAudit",
    "agree",
    "attach_audit",
    "audit_named",
    "check_indicators",
    "difference",
    "draft",
    "get",
    "get_for_change",
    "latest_audit",
    "page",
    "redraft",
    "retire",
]


def check_indicators(document: MethodologyDocument, catalogue: Mapping[str, IndicatorRead]) -> None:
    """Refuse a document that scores what the registry does not know, or what has no better end."""
    unknown, neutral = [], []
    for pointer, leaf in leaves(document):
        definition = catalogue.get(leaf.indicator)
        if definition is None:
            unknown.append(FieldError(f"{pointer}/indicator", IndicatorUnknown.code, IndicatorUnknown.title))
        elif definition.polarity == "neutral" and leaf.weight > 0:
            neutral.append(FieldError(f"{pointer}/indicator", IndicatorNeutral.code, IndicatorNeutral.title))
    for place, code in enumerate(document.context):
        if code not in catalogue and code not in set(Gate):
            unknown.append(FieldError(f"/context/{place}", IndicatorUnknown.code, IndicatorUnknown.title))
    if unknown:
        raise IndicatorUnknown(errors=[*unknown, *neutral])
    if neutral:
        raise IndicatorNeutral(errors=neutral)


async def draft(session: WriteSession, document: MethodologyDocument, *, now: datetime) -> Methodology:
    """Write down the next version of `document.code`. Its indicators have been checked before the transaction."""
    _demand_whole(document)
    methodology = Methodology(
        code=document.code,
        edition=await repository.next_edition(session, document.code),
        status="draft",
        created_at=now,
        updated_at=now,
        **_contents(document),
    )
    session.add(methodology)
    await session.flush()
    return methodology


async def redraft(
    session: WriteSession, methodology: Methodology, document: MethodologyDocument, *, now: datetime
) -> Methodology:
    """Replace the document of a draft; an agreed version is never touched."""
    if methodology.status != "draft" or methodology.code != document.code:
        raise MethodologyImmutable(status=methodology.status)
    _demand_whole(document)
    for name, value in _contents(document).items():
        setattr(methodology, name, value)
    methodology.updated_at = now
    await session.flush()
    return methodology


async def agree(
    session: WriteSession,
    methodology: Methodology,
    *,
    basis: str,
    accepted_findings: Mapping[str, str],
    now: datetime,
) -> Methodology:
    """From now on the version is immutable and its runs may be published.

    Raises `AuditMissing` unless an audit of exactly this document is attached, and `FindingsUnanswered` while one of
    its findings that stop has no answer.
    """
    audit = await repository.latest_audit(session, methodology.id, document=methodology.digest)
    _move(methodology, "agreed")
    if audit is None:
        raise AuditMissing(methodology_id=str(methodology.id))
    if unknown := [code for code in accepted_findings if code not in audit.codes]:
        raise FindingUnknown(
            errors=[
                FieldError(f"/accepted_findings/{code}", FindingUnknown.code, FindingUnknown.title) for code in unknown
            ]
        )
    if unanswered := sorted({code for code in audit.stops if code not in accepted_findings}):
        raise FindingsUnanswered(codes=", ".join(unanswered))
    methodology.audit_digest, methodology.accepted_findings = audit.digest, dict(accepted_findings)
    methodology.agreed_at, methodology.basis, methodology.updated_at = now, basis, now
    return await _announce(session, methodology, "methodology.agreed", now)


async def retire(session: WriteSession, methodology: Methodology, *, basis: str, now: datetime) -> Methodology:
    """No new run uses the version; what was published by it stays."""
    _move(methodology, "retired")
    methodology.retired_at, methodology.basis, methodology.updated_at = now, basis or methodology.basis, now
    return await _announce(session, methodology, "methodology.retired", now)


async def attach_audit(session: WriteSession, methodology: Methodology, audit: MethodologyAudit) -> MethodologyAudit:
    """Keep an audit with its version; one of the same content is there already and stays as it is."""
    known = await repository.audit(session, methodology.id, audit.digest)
    if known is not None:
        return known
    session.add(audit)
    await session.flush()
    await outbox.add(
        session,
        outbox.Event(
            kind="methodology.audited",
            subject="methodology",
            subject_id=str(methodology.id),
            data={"code": methodology.code, "edition": methodology.edition, "audit": audit.digest},
        ),
    )
    return audit


async def latest_audit(session: AnySession, methodology_id: UUID) -> MethodologyAudit | None:
    """The last audit of a version, if there is one."""
    return await repository.latest_audit(session, methodology_id)


async def audit_named(session: AnySession, methodology_id: UUID, digest: str) -> MethodologyAudit | None:
    """The audit of a version with this digest, if there is one."""
    return await repository.audit(session, methodology_id, digest)


async def get(session: AnySession, methodology_id: UUID) -> Methodology:
    """One version; raises `MethodologyNotFound`."""
    methodology = await repository.get(session, methodology_id)
    if methodology is None:
        raise MethodologyNotFound
    return methodology


async def get_for_change(session: WriteSession, methodology_id: UUID) -> Methodology:
    """One version, locked; raises `MethodologyNotFound`."""
    methodology = await repository.get_for_change(session, methodology_id)
    if methodology is None:
        raise MethodologyNotFound
    return methodology


async def page(
    session: AnySession,
    *,
    code: str | None,
    status: str | None,
    origin: str | None,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Methodology]:
    """Up to `limit` versions by code, the latest edition first."""
    return await repository.page(session, code=code, status=status, origin=origin, after=after, limit=limit)


def difference(first: Methodology, second: Methodology) -> MethodologyDifference:
    """Every place in which the documents of two versions differ, and what that is in the words of the tree."""
    one, other = (MethodologyDocument.model_validate(version.document) for version in (first, second))
    return MethodologyDifference(
        first=first.id,
        second=second.id,
        tree=differences.of_trees(one, other),
        changes=[
            Change(pointer=pointer, before=before, after=after)
            for pointer, before, after in rules.differences(one.model_dump(mode="json"), other.model_dump(mode="json"))
        ],
    )


def _contents(document: MethodologyDocument) -> dict[str, Any]:
    return {
        "title": document.title.model_dump() if document.title else {},
        "organisation_types": list(document.organisation_types),
        "document": document.model_dump(mode="json", exclude_none=True),
        "digest": digest(document),
    }


def _demand_whole(document: MethodologyDocument) -> None:
    """What a simulation may leave out, a methodology may not: title and type of organisation."""
    if len(document.organisation_types) != 1:
        raise OrganisationTypeNotOne(pointer="/organisation_types")
    of_regions = document.organisation_types == ["region"]
    for pointer, leaf in leaves(document):
        if (leaf.measure is Measure.PROGRESS) != of_regions:
            raise MeasureMisplaced(pointer=f"{pointer}/measure")
    if document.title is None or not document.title.kk or not document.title.ru:
        raise TitleIncomplete(pointer="/title")


def _move(methodology: Methodology, wanted: str) -> None:
    if not rules.may_become(methodology.status, wanted):
        raise MethodologyMoveNotAllowed(status=methodology.status, wanted=wanted)
    methodology.status = wanted


async def _announce(session: WriteSession, methodology: Methodology, kind: str, now: datetime) -> Methodology:
    await session.flush()
    await outbox.add(
        session,
        outbox.Event(
            kind=kind,
            subject="methodology",
            subject_id=str(methodology.id),
            data={"code": methodology.code, "edition": methodology.edition, "digest": methodology.digest},
        ),
    )
    return methodology
