"""What can go wrong when organisations, editions or methods are compared."""

from shared.errors import NotFound, Text, Unprocessable


class SameOrganisation(Unprocessable):
    """There is nothing to compare an organisation with itself by."""

    code = "same_organisation"
    title = Text(
        kk="Ұйым өзімен салыстырылмайды",
        ru="Организация не сравнивается сама с собой",
        en="An organisation is not compared with itself",
    )


class NotComparable(Unprocessable):
    """No edition speaks of both: they are of different types, or of different years."""

    code = "not_comparable"
    title = Text(
        kk="Бұл екі ұйым бір рейтингте жоқ",
        ru="Эти две организации не стоят в одном рейтинге",
        en="No edition rates these two organisations together",
    )
    detail = Text(
        kk="Мектеп колледжбен немесе әртүрлі басылымдардағы ұйымдар бір-бірімен салыстырылмайды",
        ru="Школа не сравнивается с колледжем, а организации из разных изданий между собой",
        en="A school is not compared with a college, nor are organisations of different editions with each other",
    )


class NothingToCompareWith(NotFound):
    """There is no run or edition of that id, or none is in force."""

    code = "nothing_to_compare_with"
    title = Text(
        kk="Салыстыратын есептеу де, басылым да жоқ",
        ru="Нет ни расчёта, ни издания, с которыми сравнить",
        en="There is no run and no edition to compare with",
    )


class RunsOfDifferentTypes(Unprocessable):
    """The two runs rate different types of organisation."""

    code = "runs_of_different_types"
    title = Text(
        kk="Бұл есептеулер әртүрлі типтегі ұйымдар туралы",
        ru="Эти расчёты — об организациях разных типов",
        en="These runs are of different types of organisation",
    )


class WhatIfRefused(Unprocessable):
    """What would be otherwise names something the run does not have; `errors` say what."""

    code = "what_if_refused"
    title = Text(
        kk="Болжамда есептеуде жоқ нәрсе аталған",
        ru="В предположении названо то, чего в расчёте нет",
        en="What would be otherwise names something the run does not have",
    )


class WhatIfContradictory(Unprocessable):
    """Two things are given of which one excludes the other."""

    code = "what_if_contradictory"
    title = Text(
        kk="methodology мен methodology_id бірге берілмейді",
        ru="methodology и methodology_id вместе не задаются",
        en="Give either methodology or methodology_id",
    )
