"""What the data alone would say of weights by methods that need natural values: what was measured, not its scale."""

import numpy as np

from services.rating_engine.core import pipeline
from services.rating_engine.core.audit import correlation, weighting
from services.rating_engine.core.types import Dataset, Direction, Flags, Leaf, Methodology, Node, Result


class Natural:
    """The treated natural values of the indicators, and the scores of the nodes, of the rated units."""

    def __init__(self, dataset: Dataset, methodology: Methodology, result: Result, rated: Flags) -> None:
        leaves, _ = pipeline.states(dataset, methodology)
        self._columns = {code: leaf.treated[rated] for code, leaf in leaves.items()}
        self._nodes = {code: score[rated] for code, score in result.nodes.items()}

    def diagnoses(self, node: Node) -> dict[str, list[float] | None]:
        """MEREC, CILOS and IDOCRIW of the children of a node, over the units that have all of them.

        An indicator whose direction is `lower` is a cost. A child that is a node is told by its score, a benefit, for a
        composite has no other value. `None` where a value is not above 0 or the method has no solution.
        """
        columns = [
            self._columns[child.indicator] if isinstance(child, Leaf) else self._nodes[child.code]
            for child in node.children
        ]
        lower = [isinstance(child, Leaf) and child.direction is Direction.LOWER for child in node.children]
        table = weighting.complete(columns)
        if len(table) < correlation.LEAST:
            return {}
        with np.errstate(over="ignore", under="ignore"):
            return weighting.natural_diagnoses(table, lower)
