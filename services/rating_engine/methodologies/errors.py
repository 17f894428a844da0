"""What can go wrong with a methodology."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class MethodologyNotFound(NotFound):
    """There is no such version."""

    code = "methodology_not_found"
    title = Text(kk="Мұндай әдістеме жоқ", ru="Такой методики нет", en="There is no such methodology")


class MethodologyImmutable(Conflict):
    """An agreed version is changed by writing the next one."""

    code = "methodology_immutable"
    title = Text(
        kk="Бекітілген әдістеме өзгертілмейді",
        ru="Согласованная методика не меняется",
        en="An agreed methodology does not change",
    )
    detail = Text(
        kk="Нұсқаның күйі: {status}. Жаңа нұсқасын жасаңыз.",
        ru="Состояние версии: {status}. Составьте следующую версию.",
        en="This version is {status}. Write the next one.",
    )


class MethodologyMoveNotAllowed(Conflict):
    """A version is drafted, agreed and retired, in this order."""

    code = "methodology_move_not_allowed"
    title = Text(
        kk="Бұл күйден ондай ауысу жоқ",
        ru="Из этого состояния такого перехода нет",
        en="There is no such move from this state",
    )
    detail = Text(
        kk="{status} күйінен {wanted} күйіне өтуге болмайды",
        ru="Нельзя перейти из {status} в {wanted}",
        en="A version that is {status} cannot become {wanted}",
    )


class IndicatorUnknown(Unprocessable):
    """The registry's catalogue does not know an indicator that the tree names."""

    code = "indicator_unknown"
    title = Text(
        kk="Әдістемеде тізілімде жоқ көрсеткіш бар",
        ru="В методике есть показатель, которого нет в реестре",
        en="The methodology names an indicator that the registry does not know",
    )


class IndicatorNeutral(Unprocessable):
    """An indicator without a better end is context; it is never scored."""

    code = "indicator_neutral"
    title = Text(
        kk="Бейтарап көрсеткіш бағаланбайды",
        ru="Нейтральный показатель не оценивается",
        en="A neutral indicator is not scored",
    )


class OrganisationTypeNotOne(Unprocessable):
    """A rating compares like with like: a college never stands among schools."""

    code = "organisation_type_not_one"
    title = Text(
        kk="Рейтинг ұйымдардың дәл бір түрін бағалайды",
        ru="Рейтинг оценивает ровно один тип организаций",
        en="A rating is of exactly one type of organisation",
    )


class TitleIncomplete(Unprocessable):
    """What may be published has its title in Kazakh and in Russian."""

    code = "title_incomplete"
    title = Text(
        kk="Атауы қазақ және орыс тілдерінде болуы керек",
        ru="Нужно название на казахском и русском",
        en="The title is needed in Kazakh and in Russian",
    )


class MethodologyRefused(Unprocessable):
    """The document cannot be computed for all data, or contradicts itself; `errors` say where and why."""

    code = "methodology_refused"
    title = Text(
        kk="Бұл әдістеме бойынша есептеу мүмкін емес",
        ru="По этой методике нельзя вычислить рейтинг",
        en="A rating cannot be computed by this methodology",
    )
