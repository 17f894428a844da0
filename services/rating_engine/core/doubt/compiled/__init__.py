"""The loops of thousands of replicates, compiled: imported only by `kernel`, for the compiler takes seconds to load.

Every operation is `+ - * /`, a comparison or a move of bits, in a stated order and without contraction, so these loops,
their twins in `plain`, every machine, block and number of threads give the same bytes.
"""

from services.rating_engine.core.doubt.compiled.counting import count, keep, note, quantiles, reach, tally
from services.rating_engine.core.doubt.compiled.placing import ranks
from services.rating_engine.core.doubt.compiled.scoring import scores

__all__ = ["count", "keep", "note", "quantiles", "ranks", "reach", "scores", "tally"]
