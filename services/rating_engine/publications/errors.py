"""What can go wrong with a publication."""

from shared.errors import Conflict, NotFound, Text


class PublicationNotFound(NotFound):
    """There is no such edition."""

    code = "publication_not_found"
    title = Text(kk="Мұндай жарияланым жоқ", ru="Такой публикации нет", en="There is no such publication")


class EntryNotFound(NotFound):
    """The edition does not speak of this organisation."""

    code = "entry_not_found"
    title = Text(
        kk="Бұл жарияланымда мұндай ұйым жоқ",
        ru="В этой публикации такой организации нет",
        en="This publication does not speak of that organisation",
    )


class MethodologyNotAgreed(Conflict):
    """The public sees only what an agreed methodology has computed."""

    code = "methodology_not_agreed"
    title = Text(kk="Әдістеме бекітілмеген", ru="Методика не согласована", en="The methodology has not been agreed")
    detail = Text(
        kk="Күйі: {status}. Бекітілген нұсқа бойынша есептеңіз.",
        ru="Её состояние: {status}. Посчитайте по согласованной версии.",
        en="It is {status}. Run an agreed version.",
    )


class MethodologyChanged(Conflict):
    """The draft was changed after the run; the result is not of the document that was agreed."""

    code = "methodology_changed"
    title = Text(
        kk="Есептеуден кейін әдістеме өзгерген",
        ru="Методика изменилась после расчёта",
        en="The methodology has changed since the run",
    )


class RunPublished(Conflict):
    """A run is published once."""

    code = "run_published"
    title = Text(
        kk="Бұл есептеу жарияланған", ru="Этот расчёт уже опубликован", en="This run has been published already"
    )
