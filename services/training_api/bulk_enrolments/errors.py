"""What can go wrong with a list of people."""

from shared.errors import Conflict, NotFound, Problem, Text


class BulkEnrolmentNotFound(NotFound):
    """No such list, or somebody else's."""

    code = "bulk_enrolment_not_found"
    title = Text(kk="Мұндай тізім жоқ", ru="Такого списка нет", en="There is no such list")


class ListUnreadable(Problem):
    """The file as a whole cannot be taken; `context.finding` tells why by its code."""

    code = "list_unreadable"
    status = 422
    title = Text(kk="Файл оқылмады", ru="Файл не читается", en="The file cannot be read")
    detail = Text(kk="{why_kk}", ru="{why_ru}", en="{why_en}")


class ColumnNeeded(Problem):
    """No column tells who a row is."""

    code = "column_needed"
    status = 422
    title = Text(
        kk="Адамды танытатын баған керек: «id», «ЖСН» немесе «аты-жөні»",
        ru="Нужен столбец, по которому узнать человека: «id», «ИИН» или «ФИО»",
        en="A column is needed that tells who it is: “id”, “iin” or “name”",
    )


class ListTooLong(Problem):
    code = "list_too_long"
    status = 422
    title = Text(kk="Тізім тым ұзын", ru="Список слишком длинный", en="The list is too long")
    detail = Text(kk="Ең көбі {limit} жол", ru="Не больше {limit} строк", en="At most {limit} rows")


class PersonNotRecognised(Conflict):
    """Nobody within the caller's reach is what the row says."""

    code = "person_not_recognised"
    title = Text(
        kk="Мұндай педагог табылмады",
        ru="Такой педагог не найден",
        en="No such educator was found",
    )


class PersonAmbiguous(Conflict):
    """Several people bear the name."""

    code = "person_ambiguous"
    title = Text(
        kk="Осындай есімді {people} адам бар: id немесе ЖСН жазыңыз",
        ru="Так зовут нескольких ({people}): укажите id или ИИН",
        en="{people} people bear this name: write the id or the IIN",
    )


class PersonRepeated(Conflict):
    """The same person stands in an earlier row."""

    code = "person_repeated"
    title = Text(
        kk="Бұл адам {first}-жолда бар", ru="Этот человек уже в строке {first}", en="This person is in row {first}"
    )
