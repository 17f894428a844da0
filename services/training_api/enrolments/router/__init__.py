"""HTTP of enrolments: the enrolments themselves, what is done to them, and what happens to a whole cohort."""

from services.training_api.enrolments.router.applications import decisions
from services.training_api.enrolments.router.applications import router as applications
from services.training_api.enrolments.router.cohort import router as cohort
from services.training_api.enrolments.router.commands import router as commands
from services.training_api.enrolments.router.eligibility import router as eligibility
from services.training_api.enrolments.router.enrolments import router as enrolments
from services.training_api.enrolments.router.pools import router as pools
from services.training_api.enrolments.router.schedule import runs, sessions

routers = (enrolments, applications, decisions, commands, cohort, eligibility, runs, sessions, pools)

__all__ = ["routers"]
