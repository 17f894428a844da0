"""What can go wrong when coverage is asked for."""

from shared.errors import Problem, Text


class IndicatorUnknown(Problem):
    """Training gives the indicators it has data for; the others are the registry's."""

    code = "indicator_unknown"
    status = 422
    title = Text(
        kk="Бұл қызмет мұндай көрсеткішті бермейді",
        ru="Эта служба такого показателя не даёт",
        en="This service does not give that indicator",
    )
    detail = Text(kk="Беретіні: {known}", ru="Она даёт: {known}", en="It gives: {known}")
