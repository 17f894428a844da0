"""HTTP of memoranda: reading what was concluded for everybody, the rest for those whose reach it is."""

from services.registry_api.memoranda.router.documents import router as documents
from services.registry_api.memoranda.router.parties import router as parties
from services.registry_api.memoranda.router.reads import router as reads
from services.registry_api.memoranda.router.steps import router as steps
from services.registry_api.memoranda.router.writing import router as writing

routers = (reads, writing, steps, parties, documents)

__all__ = ["routers"]
