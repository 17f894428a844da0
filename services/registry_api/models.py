"""Every table of the registry in one place, so that migrations see them all."""

from services.registry_api.areas import models as areas
from services.registry_api.base import Base
from services.registry_api.imports import models as imports
from services.registry_api.indicators import models as indicators
from services.registry_api.observations import models as observations
from services.registry_api.organisations import models as organisations

__all__ = ["Base", "areas", "imports", "indicators", "observations", "organisations"]
