"""HTTP of providers of clubs and of the monthly counts."""

from services.registry_api.clubs.router.counts import router as counts
from services.registry_api.clubs.router.providers import router as providers

routers = (providers, counts)

__all__ = ["routers"]
