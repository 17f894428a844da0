"""HTTP of projects, of development plans, of study visits and of the report about them."""

from services.registry_api.projects.router.plans import router as plans
from services.registry_api.projects.router.projects import router as projects
from services.registry_api.projects.router.visits import report
from services.registry_api.projects.router.visits import router as visits

routers = (projects, plans, visits, report)

__all__ = ["routers"]
