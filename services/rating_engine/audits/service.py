"""Auditing a methodology on a run of it, and reading what was found."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.audits import rules, texts
from services.rating_engine.audits.errors import AuditNotFound, AuditOfAnotherDocument, RunNotMeasured
from services.rating_engine.methodologies import documents
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.methodologies.service import Methodology, MethodologyAudit
from services.rating_engine.runs import service as runs
from services.rating_engine.runs.artefacts import canonical, digest_of, pack, unpack
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.rating.audits import MethodologyAuditRead
from shared.schemas.rating.methodology import MethodologyDocument

COHERENCE = "coherence"
"""What a run leaves behind of the measurements."""


async def attach(session: WriteSession, methodology_id: UUID, run_id: UUID, *, now: datetime) -> MethodologyAuditRead:
    """Audit the document of a version on one of its runs, and keep what was found with the version.

    The measurements are those the run left behind, computed on its data. The same run gives the same audit, which is
    kept once.
    """
    methodology = await methodologies.get_for_change(session, methodology_id)
    run = await runs.get_finished(session, run_id)
    if (run.methodology_id, run.methodology_digest) != (methodology.id, methodology.digest):
        raise AuditOfAnotherDocument(pointer="/run_id")
    measured = await runs.artefact(session, run.id, COHERENCE)
    if measured is None:
        raise RunNotMeasured(pointer="/run_id", engine_version=run.engine_version)
    told = await asyncio.to_thread(
        _found,
        MethodologyDocument.model_validate(methodology.document),
        measured,
        {
            "methodology_digest": methodology.digest,
            "run_id": str(run.id),
            "snapshot_digest": run.snapshot_digest,
            "result_digest": run.result_digest,
            "engine_version": run.engine_version,
        },
        await runs.artefacts(session, run.id),
    )
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


async def read(session: AnySession, methodology_id: UUID, *, digest: str | None) -> MethodologyAuditRead:
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
    document: MethodologyDocument, measured: Mapping[str, Any], about: Mapping[str, Any], artefacts: Mapping[str, str]
) -> dict[str, Any]:
    """Everything an audit tells, without who attached it and when."""
    return {
        **about,
        **texts.told(measured, documents.judgements(document)),
        "steps": rules.steps(
            document,
            measured,
            run_id=about["run_id"],
            snapshot_digest=about["snapshot_digest"],
            artefacts=artefacts,
        ),
    }


def _read(methodology: Methodology, audit: MethodologyAudit) -> MethodologyAuditRead:
    return MethodologyAuditRead.model_validate(
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
