"""HTTP of data quality."""

from services.registry_api.quality.router.locks import router as locks
from services.registry_api.quality.router.queue import router as queue
from services.registry_api.quality.router.reports import router as reports
from services.registry_api.quality.router.rulebook import router as rulebook

routers = (rulebook, queue, reports, locks)
