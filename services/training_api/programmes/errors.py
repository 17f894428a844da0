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


class ValidityReversed(Problem):
    code = "validity_reversed"
    status = 422
    title = Text(
        kk="Мерзімнің соңы басынан кейін болуы керек",
        ru="Конец срока должен быть позже его начала",
        en="The end of the validity must be later than its beginning",
    )


class ProgrammeNotValid(Conflict):
    """A course would begin on a day on which nobody may be taught by this version any more, or yet."""

    code = "programme_not_valid"
    title = Text(
        kk="Бұл күні бағдарлама бойынша оқыту басталмайды",
        ru="В этот день по программе учить не начинают",
        en="No course by this programme may begin on that day",
    )
    detail = Text(
        kk="Бағдарлама мерзімі: {valid_from} – {valid_until}",
        ru="Срок программы: {valid_from} – {valid_until}",
        en="The programme is valid from {valid_from} until {valid_until}",
    )


class ReviewMissing(Conflict):
    code = "review_missing"
    title = Text(
        kk="Ұсынылған авторлық бағдарламаға сараптама қорытындысы керек",
        ru="Предложенной авторской программе нужно положительное заключение эксперта",
        en="An author's programme is approved only after a favourable review",
    )


class ReviewUnfavourable(Conflict):
    code = "review_unfavourable"
    title = Text(
        kk="Соңғы сараптама қорытындысы теріс",
        ru="Последнее заключение эксперта отрицательное",
        en="The latest review is unfavourable",
    )


class BasisMissing(Problem):
    code = "basis_missing"
    status = 422
    title = Text(
        kk="Авторлық бағдарлама бойынша шешімнің негізі керек",
        ru="Решению об авторской программе нужно основание",
        en="A decision on an author's programme needs its ground",
    )


class ReviewerIsProposer(Problem):
    code = "reviewer_is_proposer"
    status = 422
    title = Text(
        kk="Бағдарламаны ұсынған ұйым оны өзі сараптамайды",
        ru="Кто предложил программу, тот не даёт по ней заключения",
        en="Who proposed a programme does not review it",
    )


class ProgrammesUnrelated(Conflict):
    code = "programmes_unrelated"
    title = Text(
        kk="Бұлар бір бағдарламаның нұсқалары емес",
        ru="Это не версии одной программы",
        en="These are not versions of one programme",
    )
    detail = Text(
        kk="{before} және {after}",
        ru="{before} и {after}",
        en="{before} and {after}",
    )
