"""What can go wrong with programmes."""

from shared.errors import Conflict, NotFound, Problem, Text


class ProgrammeNotFound(NotFound):
    code = "programme_not_found"
    title = Text(kk="Мұндай бағдарлама жоқ", ru="Такой программы нет", en="There is no such programme")


class ProgrammeUnknown(Conflict):
    """A body names a programme that does not exist."""

    code = "programme_unknown"
    title = Text(kk="Бағдарлама белгісіз", ru="Программа неизвестна", en="The programme is not known")


class ProgrammeExists(Conflict):
    code = "programme_exists"
    title = Text(
        kk="Бұл кодпен бағдарлама бар; жаңа нұсқасын қосыңыз",
        ru="Программа с этим кодом уже есть; добавьте её новую версию",
        en="There is a programme of this code already; add a version of it",
    )


class HoursDoNotAddUp(Problem):
    code = "hours_do_not_add_up"
    status = 422
    title = Text(kk="Сағаттардың қосындысы сәйкес емес", ru="Часы не сходятся", en="The academic hours do not add up")
    detail = Text(
        kk="Модульдердің қосындысы {modules}, ал бағдарламада {programme}",
        ru="В модулях вместе {modules}, а в программе {programme}",
        en="The modules have {modules} together, the programme says {programme}",
    )


class AlreadyDecided(Conflict):
    code = "already_decided"
    title = Text(
        kk="Бұл нұсқа бойынша шешім қабылданған",
        ru="По этой версии решение уже принято",
        en="This version has been decided upon already",
    )
    detail = Text(kk="Нұсқаның күйі: {approval}", ru="Состояние версии: {approval}", en="The version is {approval}")
