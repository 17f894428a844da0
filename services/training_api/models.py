"""Every table of the training service in one place, so that migrations see them all."""

from services.training_api.access_log import models as access_log
from services.training_api.allocations import models as allocations
from services.training_api.assessments import models as assessments
from services.training_api.attendance import models as attendance
from services.training_api.base import Base
from services.training_api.bulk_enrolments import models as bulk_enrolments
from services.training_api.calendars import models as calendars
from services.training_api.certificates import models as certificates
from services.training_api.cohorts import models as cohorts
from services.training_api.contracts import models as contracts
from services.training_api.credentials import models as credentials
from services.training_api.educators import models as educators
from services.training_api.eligibility import models as eligibility
from services.training_api.enrolments import models as enrolments
from services.training_api.feedback import models as feedback
from services.training_api.impact import models as impact
from services.training_api.organisation_enrolments import models as organisation_enrolments
from services.training_api.organisations import models as organisations
from services.training_api.programmes import models as programmes
from services.training_api.providers import models as providers
from services.training_api.reasons import models as reasons
from services.training_api.reports import models as reports
from services.training_api.reservations import models as reservations
from services.training_api.rooms import models as rooms
from services.training_api.seats import models as seats
from services.training_api.support import models as support
from services.training_api.trainers import models as trainers

__all__ = [
    "Base",
    "access_log",
    "allocations",
    "assessments",
    "attendance",
    "bulk_enrolments",
    "calendars",
    "certificates",
    "cohorts",
    "contracts",
    "credentials",
    "educators",
    "eligibility",
    "enrolments",
    "feedback",
    "impact",
    "organisation_enrolments",
    "organisations",
    "programmes",
    "providers",
    "reasons",
    "reports",
    "reservations",
    "rooms",
    "seats",
    "support",
    "trainers",
]
