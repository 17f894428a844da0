"""The order of the steps: the only place that knows it.

denominators → min_n → screening → imputation → treatment → normalisation → missing values → aggregation up the tree →
coverage → rank → bands → limits, with contributions and sampling variance on the way.
"""

from services.rating_engine.core.pipeline.errors import NegativeChildError, ReferenceMissingError
from services.rating_engine.core.pipeline.leaf import LeafState
from services.rating_engine.core.pipeline.official import rate, score_and_rank, states
from services.rating_engine.core.pipeline.preparation import Prepared, prepare

__all__ = [
    "LeafState",
    "NegativeChildError",
    "Prepared",
    "ReferenceMissingError",
    "prepare",
    "rate",
    "score_and_rank",
    "states",
]
