"""What can go wrong with reorganisations."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class ReorganisationNotFound(NotFound):
    """No such event."""

    code = "reorganisation_not_found"
    title = Text(kk="Мұндай қайта ұйымдастыру жоқ", ru="Такой реорганизации нет", en="There is no such reorganisation")


class OrganisationNamedUnknown(Unprocessable):
    """The event names an organisation that is not in the registry, or was entered in error."""

    code = "organisation_named_unknown"
    title = Text(kk="Ұйым тізілімде жоқ", ru="Организации нет в реестре", en="The organisation is unknown")


class SuccessorAmongPredecessors(Unprocessable):
    """Nobody carries on one's own work after one's end."""

    code = "successor_among_predecessors"
    title = Text(
        kk="Құқық мирасқоры таратылатын ұйымдардың қатарында",
        ru="Правопреемник назван среди тех, кто прекращается",
        en="The successor is among those that end",
    )


class SplitNeedsTwo(Unprocessable):
    """An organisation that ends in one other is converted or merged, not divided."""

    code = "split_needs_two"
    title = Text(
        kk="Бөлу үшін кемінде екі мирасқор керек",
        ru="Для разделения нужны хотя бы два преемника",
        en="A division needs two successors at least",
    )


class HeirUnknown(Unprocessable):
    """`heir` counts past the successors."""

    code = "heir_unknown"
    title = Text(kk="Мұндай мирасқор жоқ", ru="Такого преемника нет", en="There is no such successor")
    detail = Text(
        kk="heir 0-ден {last}-ге дейін болады",
        ru="heir бывает от 0 до {last}",
        en="heir is a number from 0 to {last}",
    )


class NothingChanges(Conflict):
    """What is asked for is so already."""

    code = "nothing_changes"
    title = Text(
        kk="Ештеңе өзгермейді: бәрі онсыз да солай",
        ru="Ничего не меняется: всё и так обстоит так",
        en="Nothing changes: all of it is so already",
    )


class SyntheticMixed(Conflict):
    """What was made up for a demonstration never mixes with facts."""

    code = "synthetic_mixed"
    title = Text(
        kk="Ойдан шығарылған ұйым нағыз ұйыммен араластырылмайды",
        ru="Вымышленная организация не смешивается с настоящей",
        en="A made-up organisation does not mix with a real one",
    )


class NotConserved(Conflict):
    """Something that bound a predecessor would be lost or doubled; nothing was written."""

    code = "not_conserved"
    title = Text(
        kk="Қайта ұйымдастыруда бірдеңе жоғалар немесе екі еселенер еді",
        ru="При реорганизации что-то потерялось бы или удвоилось",
        en="Something would be lost or doubled",
    )
    detail = Text(
        kk="{of}: {before} болған, {after} есепке алынды",
        ru="{of}: было {before}, учтено {after}",
        en="{of}: there were {before}, and {after} are accounted for",
    )


class ChangedMeanwhile(Conflict):
    """Somebody recorded something of these organisations in the same moment; asking again is enough."""

    code = "changed_meanwhile"
    title = Text(
        kk="Дәл сол сәтте басқа өзгеріс енгізілді: қайталап көріңіз",
        ru="В тот же миг внесено другое изменение: повторите запрос",
        en="Something else was recorded in that moment: ask again",
    )


class NewerStands(Conflict):
    """Something was recorded since of the organisations it touches, and stands on it."""

    code = "newer_stands"
    title = Text(
        kk="Содан бері бұл ұйымдар туралы басқа дерек енгізілген",
        ru="С тех пор об этих организациях внесены другие сведения",
        en="Other things were recorded of these organisations since",
    )


class AlreadyUndone(Conflict):
    """It was taken back before."""

    code = "already_undone"
    title = Text(
        kk="Қайта ұйымдастыру бұрын кері қайтарылған",
        ru="Реорганизация уже отменена",
        en="The reorganisation was taken back already",
    )
