"""Every table of the rating engine, gathered for its migrations."""

from services.rating_engine.base import Base
from services.rating_engine.methodologies.models import Methodology
from services.rating_engine.publications.models import Publication, PublicationEntry
from services.rating_engine.runs.models import Run, RunArtefact, RunResult
from services.rating_engine.snapshots.models import Snapshot

__all__ = ["Base", "Methodology", "Publication", "PublicationEntry", "Run", "RunArtefact", "RunResult", "Snapshot"]
