"""What can go wrong with reasons."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class ReasonNotFound(NotFound):
    code = "reason_not_found"
    title = Text(kk="Мұндай себеп жоқ", ru="Такой причины нет", en="There is no such reason")


class ReasonNeeded(Unprocessable):
    """What is asked for cannot go without a reason of the list `list`."""

    code = "reason_needed"
    title = Text(kk="Себебі көрсетілмеген", ru="Не указана причина", en="The reason is missing")
    detail = Text(
        kk="«{list}» тізімінен себеп көрсетіңіз: {known}",
        ru="Укажите причину из списка «{list}»: {known}",
        en="Name a reason of the list '{list}': {known}",
    )


class ReasonUnknown(Unprocessable):
    """The code is not of the list on that day; the context names those that are."""

    code = "reason_unknown"
    title = Text(kk="Мұндай себеп коды жоқ", ru="Такого кода причины нет", en="There is no such code of a reason")
    detail = Text(
        kk="«{list}» тізімінде бар кодтар: {known}",
        ru="Коды списка «{list}»: {known}",
        en="Codes of the list '{list}': {known}",
    )


class ReasonNotLater(Conflict):
    code = "reason_not_later"
    title = Text(
        kk="Күні соңғы нұсқаның басталуынан кейін болуы керек",
        ru="День должен быть позже начала последней версии",
        en="The day must be later than the first day of the last version",
    )


class ReasonEnded(Conflict):
    code = "reason_ended"
    title = Text(
        kk="Бұл себептің соңғы нұсқасы аяқталған",
        ru="Последняя версия этой причины уже закончилась",
        en="The last version of this reason has an end already",
    )
