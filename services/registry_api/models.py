"""Every table of the registry in one place, so that migrations see them all."""

from services.registry_api.areas import models as areas
from services.registry_api.base import Base
from services.registry_api.clubs import models as clubs
from services.registry_api.commitments import models as commitments
from services.registry_api.construction import models as construction
from services.registry_api.directives import models as directives
from services.registry_api.disclosure import models as disclosure
from services.registry_api.events import models as events
from services.registry_api.facilities import models as facilities
from services.registry_api.imports import models as imports
from services.registry_api.indicators import models as indicators
from services.registry_api.locks import models as locks
from services.registry_api.memoranda import models as memoranda
from services.registry_api.networks import models as networks
from services.registry_api.observations import models as observations
from services.registry_api.organisations import models as organisations
from services.registry_api.projects import models as projects
from services.registry_api.quality import models as quality
from services.registry_api.reorganisations import models as reorganisations
from services.registry_api.selections import models as selections
from services.registry_api.targets import models as targets
from services.registry_api.validation import models as validation

__all__ = [
    "Base",
    "areas",
    "clubs",
    "commitments",
    "construction",
    "directives",
    "disclosure",
    "events",
    "facilities",
    "imports",
    "indicators",
    "locks",
    "memoranda",
    "networks",
    "observations",
    "organisations",
    "projects",
    "quality",
    "reorganisations",
    "selections",
    "targets",
    "validation",
]
