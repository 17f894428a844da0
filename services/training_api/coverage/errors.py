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


class SelectionTooNarrow(Problem):
    """Figures of few persons, asked for by somebody who is not responsible for them."""

    code = "selection_too_narrow"
    status = 403
    title = Text(
        kk="Іріктеу тым тар: оның ішіндегі адамдарды танып қоюға болады",
        ru="Выборка слишком узкая: в ней можно узнать людей",
        en="The selection is so narrow that persons could be recognised",
    )
    detail = Text(
        kk="Өз аумағыңыздан тыс тек тұтас облыс немесе ел бойынша сұраңыз; аудандар by=district арқылы беріледі.",
        ru="Вне своей территории спрашивайте область или страну целиком; районы даёт by=district.",
        en="Outside your own area ask for a whole region or the country; by=district gives the districts.",
    )
