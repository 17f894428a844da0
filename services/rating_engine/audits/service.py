"""Auditing a methodology on a run of it, and reading what was found."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.audits import rules, texts
from services.rating_engine.audits.errors import AuditNotFound, AuditOfAnotherDocument, AuditOfAnotherEngine
from services.rating_engine.core import coherence, pipeline
from services.rating_engine.methodologies import documents
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.methodologies.models import Methodology, MethodologyAudit
from services.rating_engine.runs import service as runs
from services.rating_engine.runs.artefacts import canonical, digest_of, pack, unpack
from services.rating_engine.runs.compute import ENGINE_VERSION
from services.rating_engine.snapshots import service as snapshots
from services.rating_engine.snapshots.service import Frozen
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.rating.audits import AuditRead
from shared.schemas.rating.methodology import MethodologyDocument


async def attach(session: WriteSession, methodology_id: UUID, run_id: UUID, *, now: datetime) -> AuditRead:
    """Audit the document of a version on the data of one of its runs, and keep what was found with the version.

    The same run gives the same audit, which is kept once.
    """
    methodology = await methodologies.get(session, methodology_id)
    run = await runs.get_finished(session, run_id)
    if (run.methodology_id, run.methodology_digest) != (methodology.id, methodology.digest):
        raise AuditOfAnotherDocument(pointer="/run_id")
    if run.engine_version != ENGINE_VERSION:
        raise AuditOfAnotherEngine(pointer="/run_id", run=run.engine_version, present=ENGINE_VERSION)
    assert run.snapshot_digest is not None
    frozen = await snapshots.read(session, run.snapshot_digest)
    about = {
        "methodology_digest": methodology.digest,
        "run_id": str(run.id),
        "snapshot_digest": run.snapshot_digest,
        "result_digest": run.result_digest,
        "engine_version": run.engine_version,
    }
    left = await runs.artefacts(session, run.id)
    document = MethodologyDocument.model_validate(methodology.document)
    told = await asyncio.to_thread(_found, frozen, document, about, left)
    content = canonical(told)
    audit = MethodologyAudit(
        methodology_id=methodology.id,
        methodology_digest=methodology.digest,
        run_id=run.id,
        digest=digest_of(content),
        codes=sorted({finding["code"] for finding in told["findings"]}),
        stops=sorted({finding["code"] for finding in told["findings"] if finding["severity"] == "stops"}),
        content=pack(content),
        attached_by=authorship(session).subject,
        created_at=now,
    )
    return _read(methodology, await methodologies.attach_audit(session, methodology, audit))


async def read(session: AnySession, methodology_id: UUID, *, digest: str | None) -> AuditRead:
    """The last audit of a version, or the one with this digest; raises `AuditNotFound`."""
    methodology = await methodologies.get(session, methodology_id)
    audit = (
        await methodologies.latest_audit(session, methodology_id)
        if digest is None
        else await methodologies.audit_named(session, methodology_id, digest)
    )
    if audit is None:
        raise AuditNotFound
    return _read(methodology, audit)


def _found(
    frozen: Frozen, document: MethodologyDocument, about: Mapping[str, Any], artefacts: Mapping[str, str]
) -> dict[str, Any]:
    """Everything an audit tells, without who attached it and when."""
    dataset, methodology = frozen.dataset(), documents.read(document)
    measured = coherence.audit(dataset, methodology, pipeline.rate(dataset, methodology))
    told = measured.document()
    judgements = documents.judgements(document)
    for finding, row in zip(measured.findings, told["findings"], strict=True):
        row["text"] = texts.sentence(finding)._asdict()
    for composite in told["composites"]:
        composite["judgement"] = judgements.get(composite["code"])
    steps = rules.steps(
        document,
        measured,
        run_id=about["run_id"],
        snapshot_digest=about["snapshot_digest"],
        artefacts=artefacts,
    )
    return {**about, **told, "steps": steps}


def _read(methodology: Methodology, audit: MethodologyAudit) -> AuditRead:
    return AuditRead.model_validate(
        {
            **unpack(audit.content),
            "id": audit.id,
            "digest": audit.digest,
            "methodology_id": audit.methodology_id,
            "is_current": audit.methodology_digest == methodology.digest,
            "created_at": audit.created_at,
            "attached_by": audit.attached_by,
        }
    )
