"""A method as a whole."""

from dataclasses import dataclass

from services.rating_engine.core.types.evidence import Bands, Precision
from services.rating_engine.core.types.gaps import Imputation, Limit, Missing, PeerGroups, Screening
from services.rating_engine.core.types.tree import Node
from services.rating_engine.core.types.uncertainty import Uncertainty
from services.rating_engine.core.types.views import StatusChange, ValueAdded


@dataclass(frozen=True, slots=True)
class Methodology:
    """How a score comes to be."""

    code: str
    tree: Node
    missing: Missing = Missing()
    peer_groups: PeerGroups | None = None
    precision: Precision = Precision()
    bands: Bands | None = None
    uncertainty: Uncertainty | None = None
    imputation: Imputation | None = None
    """Fills the gaps of every leaf that has no rule of its own, before outliers are treated."""
    screening: Screening | None = None
    limits: tuple[Limit, ...] = ()
    context: tuple[str, ...] = ()
    """Indicators that describe a unit and are not scored."""
    value_added: tuple[ValueAdded, ...] = ()
    status_change: tuple[StatusChange, ...] = ()
    ranked: bool = True
    """Whether units have places, and not only scores."""
