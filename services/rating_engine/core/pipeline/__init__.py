"""The order of the steps: the only place that knows it.

min_n → treatment → normalisation → missing values → aggregation up the tree → coverage → rank → bands, with
contributions and sampling variance on the way.
"""

from services.rating_engine.core.pipeline.errors import NegativeChildError, ReferenceMissingError
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.pipeline.official import rate

__all__ = ["LeafState", "NegativeChildError", "ReferenceMissingError", "rate"]
