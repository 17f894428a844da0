"""What can go wrong with a publication."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


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


class EditionOfAnotherArea(Conflict):
    """The edition in force speaks of another area: one of a part must not take the place of the whole."""

    code = "edition_of_another_area"
    title = Text(
        kk="Күшіндегі басылым басқа аумақ туралы",
        ru="Действующее издание — о другой территории",
        en="The edition in force speaks of another area",
    )
    detail = Text(
        kk="Күшіндегі басылым: {in_force}, есептеу: {given}",
        ru="Действующее издание: {in_force}, расчёт: {given}",
        en="The edition in force: {in_force}; the run: {given}",
    )


class EditionNotInForce(Conflict):
    """Only the edition in force of the same rating is corrected."""

    code = "edition_not_in_force"
    title = Text(
        kk="Түзетілетін жарияланым қазіргі күшіндегі жарияланым емес",
        ru="Исправляемая публикация не является действующей",
        en="The publication to be corrected is not the one in force",
    )


class NoteNeeded(Unprocessable):
    """A correction says what changed."""

    code = "note_needed"
    title = Text(
        kk="Түзету не өзгергенін қазақша және орысша айтады",
        ru="Исправление объясняет на казахском и русском, что изменилось",
        en="A correction says in Kazakh and Russian what changed",
    )


class WaiverPointless(Unprocessable):
    """The methodology promises no appeals; there is nothing to waive."""

    code = "waiver_pointless"
    title = Text(
        kk="Әдістеме шағымды көздемейді: бас тартатын ештеңе жоқ",
        ru="Методика не предусматривает апелляций: отказываться не от чего",
        en="The methodology foresees no appeals: there is nothing to waive",
    )


class OrganisationOfAnotherType(Conflict):
    """A college never stands among schools."""

    code = "organisation_of_another_type"
    title = Text(
        kk="Есептеуде басқа түрдегі ұйымдар бар",
        ru="В расчёте есть организации другого типа",
        en="The run holds organisations of another type",
    )
    detail = Text(
        kk="Күтілетін түрі: {expected}. Басқалары: {count}, мысалы {organisation_id}.",
        ru="Ожидается тип {expected}. Других: {count}, например {organisation_id}.",
        en="The type expected is {expected}. There are {count} of others, such as {organisation_id}.",
    )
