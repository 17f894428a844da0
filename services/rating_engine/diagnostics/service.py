"""Reading what the steps of a run left behind."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.rating_engine.audits import texts
from services.rating_engine.diagnostics.errors import ArtefactNotFound, NothingVaries
from services.rating_engine.runs import service as runs
from services.rating_engine.runs import stages
from services.rating_engine.runs.rules import sight
from shared.auth import Actor
from shared.auth.errors import OutOfReach
from shared.db.sessions import AnySession
from shared.schemas.rating.diagnostics import ArtefactRead, RunDiagnostics, RunSensitivity, RunUncertainty

Told = Mapping[str, Any]


async def uncertainty(session: AnySession, actor: Actor, run_id: UUID) -> RunUncertainty:
    """By noise and by choices, each apart."""
    run = await _in_sight(session, actor, run_id)
    standing = await runs.artefact(session, run.id, "standing")
    found = await runs.artefact(session, run.id, "uncertainty")
    digests = await runs.artefacts(session, run.id)
    spreads = await runs.spreads(session, run.id) if sight(actor).is_whole else None
    told: Told = found or dict.fromkeys(("replicates", "seed", "outside_interval", "mean_shift", "sampling"))
    return RunUncertainty.model_validate(
        {
            **{name: told[name] for name in ("replicates", "seed", "outside_interval", "mean_shift", "sampling")},
            "run_id": run.id,
            "digest": digests.get("uncertainty"),
            "combinations": told.get("combinations", {}),
            "factors": {
                one["name"]: {name: one[name] for name in ("moved", "alone_at_most", "used")}
                for one in told.get("factors", [])
            },
            "standing": standing,
            "units": [{**moved, "organisation_id": unit} for unit, moved in spreads] if spreads else None,
        }
    )


async def sensitivity(session: AnySession, actor: Actor, run_id: UUID) -> RunSensitivity:
    """Of all places and of each; raises `NothingVaries`."""
    run = await _for_raters(session, actor, run_id)
    found = await runs.artefact(session, run.id, "sensitivity")
    if found is None:
        raise NothingVaries
    names = ("organisation_id", "factor", "first_order", "total", "shift")
    columns = found["units"]
    rows = zip(*(columns[name] for name in ("unit", *names[1:])), strict=True)
    return RunSensitivity.model_validate(
        {
            **{name: found[name] for name in ("runs", "variance", "moved_nothing", "factors")},
            "run_id": run.id,
            "digest": (await runs.artefacts(session, run.id))["sensitivity"],
            "units": [dict(zip(names, row, strict=True)) for row in rows],
        }
    )


async def diagnostics(session: AnySession, actor: Actor, run_id: UUID) -> RunDiagnostics:
    """The same measurements as an audit, of this very run, and how much was withheld."""
    run = await _in_sight(session, actor, run_id)
    found = await runs.artefact(session, run.id, "coherence")
    withheld = await runs.artefact(session, run.id, "disclosure")
    digests = await runs.artefacts(session, run.id)
    if found is None:
        raise ArtefactNotFound
    return RunDiagnostics.model_validate(
        {
            **{name: found[name] for name in ("units", "rated", "parts", "outside")},
            "composites": [{**one, "judgement": None} for one in found["composites"]],
            "findings": [{**one, "text": texts.sentence(one)._asdict()} for one in found["findings"]],
            "run_id": run.id,
            "withheld": withheld or {},
            "artefacts": [ArtefactRead(kind=kind, digest=digest) for kind, digest in sorted(digests.items())],
        }
    )


async def artefact(session: AnySession, actor: Actor, run_id: UUID, kind: str) -> tuple[bytes, str]:
    """What one step left behind, as the canonical JSON that its digest names; raises `ArtefactNotFound`."""
    run = await _for_raters(session, actor, run_id)
    contents = await runs.artefact_contents(session, run.id)
    if kind not in contents:
        raise ArtefactNotFound
    return contents[kind], (await runs.artefacts(session, run.id))[kind]


async def _in_sight(session: AnySession, actor: Actor, run_id: UUID) -> runs.Run:
    run = await runs.get_finished(session, run_id)
    stages.seen_of(run, actor)
    return run


async def _for_raters(session: AnySession, actor: Actor, run_id: UUID) -> runs.Run:
    """What is told of single organisations here knows no small figures: only those who work on ratings see it."""
    run = await runs.get_finished(session, run_id)
    if not sight(actor).is_whole:
        raise OutOfReach
    return run
