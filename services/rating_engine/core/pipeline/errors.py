"""Where a method and its data do not fit together."""


class NegativeChildError(ValueError):
    """A mean that is not defined below zero met a negative child."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.node = node


class ReferenceMissingError(ValueError):
    """The reference unit of a normalisation is not in the data or has no value."""

    def __init__(self, indicator: str, unit: str) -> None:
        super().__init__(indicator, unit)
        self.indicator = indicator
        self.unit = unit
