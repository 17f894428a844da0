"""Every table of the training service in one place, so that migrations see them all."""

from services.training_api.base import Base
from services.training_api.certificates import models as certificates
from services.training_api.cohorts import models as cohorts
from services.training_api.educators import models as educators
from services.training_api.enrolments import models as enrolments
from services.training_api.organisation_enrolments import models as organisation_enrolments
from services.training_api.organisations import models as organisations
from services.training_api.programmes import models as programmes
from services.training_api.providers import models as providers
from services.training_api.seats import models as seats

__all__ = [
    "Base",
    "certificates",
    "cohorts",
    "educators",
    "enrolments",
    "organisation_enrolments",
    "organisations",
    "programmes",
    "providers",
    "seats",
]
