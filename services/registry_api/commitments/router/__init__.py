"""HTTP of commitments: under their memorandum, one by one, what proves them, and what is due."""

from services.registry_api.commitments.router.memorandum import router as memorandum
from services.registry_api.commitments.router.one import router as one
from services.registry_api.commitments.router.proof import router as proof
from services.registry_api.commitments.router.reports import router as reports

routers = (memorandum, one, proof, reports)

__all__ = ["routers"]
