"""One organisation of a run as it will stand before the public, for those who answer for it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.rating_engine.appeals import service as appeals
from services.rating_engine.explanations import service as explanations
from services.rating_engine.explanations.entries import body
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.runs import service as runs
from services.rating_engine.runs import stages
from services.rating_engine.runs.rules import sight
from services.rating_engine.snapshots import service as snapshots
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.db.sessions import AnySession
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.previews import PreviewRead
from shared.schemas.rating.stages import RunStage
from shared.schemas.registry.indicators import IndicatorRead


async def read(
    session: AnySession,
    actor: Actor,
    run_id: UUID,
    organisation_id: UUID,
    *,
    catalogue: Mapping[str, IndicatorRead],
    now: datetime,
) -> PreviewRead:
    """Its score with the whole explanation, and the appeals it has made. Those who work on ratings see any run that
    has a result; an organisation and whoever answers for its area only one in preview or published."""
    run = await runs.get_finished(session, run_id)
    stages.seen_of(run, actor)
    result = await runs.result(session, run.id, organisation_id)
    if not sight(actor).is_whole and not actor.reaches(result.area_path, organisation_id, scope=Scope.RATING_READ):
        raise OutOfReach
    methodology = await methodologies.get(session, run.methodology_id)
    assert run.snapshot_digest is not None, "a finished run has its data"
    sources = await snapshots.sources(session, run.snapshot_digest)
    document = MethodologyDocument.model_validate(methodology.document)
    tree = explanations.places(document, catalogue, sources)
    disputed = await appeals.disputed(session, run.id)
    made = await appeals.of_organisation(session, run.id, organisation_id)
    return PreviewRead(
        **body(run, methodology.code, result, tree, disputed, lights=document.lights, is_own=True),
        run_id=run.id,
        stage=RunStage(run.stage),
        appeals_until=run.appeals_until,
        may_appeal=appeals.may_be_made(run, now=now),
        appeals=[appeals.shown(appeal, now=now) for appeal in made],
    )
