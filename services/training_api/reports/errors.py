"""What can go wrong with reports."""

from shared.errors import Problem, Text


class FunnelTooNarrow(Problem):
    """Applications of few persons, asked for by somebody who is not responsible for them."""

    code = "selection_too_narrow"
    status = 403
    title = Text(
        kk="Іріктеу тым тар: оның ішіндегі адамдарды танып қоюға болады",
        ru="Выборка слишком узкая: в ней можно узнать людей",
        en="The selection is so narrow that persons could be recognised",
    )
    detail = Text(
        kk="Өз аумағыңыздан тыс тек тұтас облыс немесе ел бойынша сұраңыз; аудандар by=area арқылы беріледі.",
        ru="Вне своей территории спрашивайте область или страну целиком; районы даёт by=area.",
        en="Outside your own area ask for a whole region or the country; by=area gives the districts.",
    )
