"""Posts from the data of a run, written into the document of a methodology."""

import asyncio
from uuid import UUID

from services.rating_engine.core.pipeline import ReferenceMissingError, goalposts
from services.rating_engine.goalposts.errors import LACKING, REASONS, IndicatorNotInRun, NotFreezable
from services.rating_engine.methodologies import documents
from services.rating_engine.methodologies import service as methodologies
from services.rating_engine.runs import service as runs
from services.rating_engine.snapshots import service as snapshots
from shared.db.sessions import AnySession
from shared.errors import FieldError
from shared.schemas.rating.goalposts import FrozenGoalposts
from shared.schemas.rating.methodology import MethodologyDocument, fetched, leaves


async def freeze(session: AnySession, methodology_id: UUID, run_id: UUID) -> FrozenGoalposts:
    """The document of a version with the posts that the data of a run give; nothing is stored."""
    methodology = await methodologies.get(session, methodology_id)
    run = await runs.get_finished(session, run_id)
    content = await snapshots.content(session, str(run.snapshot_digest))
    document = MethodologyDocument.model_validate(methodology.document)
    fixed, changed = await asyncio.to_thread(_fixed, document, content)
    return FrozenGoalposts(document=fixed, run_id=run.id, frozen=changed)


def _fixed(document: MethodologyDocument, content: bytes) -> tuple[MethodologyDocument, list[str]]:
    dataset = snapshots.parse(content).dataset()
    if lacking := [code for code in fetched(document) if code not in dataset.columns]:
        raise IndicatorNotInRun(
            errors=[FieldError("/run_id", IndicatorNotInRun.code, LACKING.filled({"code": code})) for code in lacking]
        )
    methodology = documents.read(document)
    try:
        fixed = goalposts.freeze(dataset, methodology)
    except goalposts.NotFreezableError as error:
        message = REASONS[error.part].filled({"of": error.of})
        raise NotFreezable(errors=[FieldError(_pointer(document, error.of), error.part, message)]) from error
    except ReferenceMissingError as error:
        message = REASONS["no_values"].filled({"of": error.unit})
        raise NotFreezable(errors=[FieldError(_pointer(document, error.indicator), "no_values", message)]) from error
    changed = [leaf.indicator for leaf in methodology.tree.leaves() if fixed[leaf.indicator] != leaf]
    return documents.written(document, fixed), changed


def _pointer(document: MethodologyDocument, of: str) -> str:
    return next((pointer for pointer, leaf in leaves(document) if leaf.indicator == of), "/tree")
