"""HTTP of finding organisations."""

from services.registry_api.finding.router.lists import router as lists
from services.registry_api.finding.router.profiles import router as profiles

routers = (lists, profiles)

__all__ = ["routers"]
