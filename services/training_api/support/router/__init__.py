"""HTTP of support after a course."""

from services.training_api.support.router.plans import router as plans
from services.training_api.support.router.reports import reports, visits_due
from services.training_api.support.router.rubrics import router as rubrics
from services.training_api.support.router.visits import router as visits
from shared.web.routing import Router

routers: tuple[Router, ...] = (plans, visits, rubrics, visits_due, reports)
