"""What can go wrong with projects, development plans and study visits."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class ProjectNotFound(NotFound):
    """There is no such project."""

    code = "project_not_found"
    title = Text(kk="Мұндай жоба жоқ", ru="Такого проекта нет", en="There is no such project")


class ProjectPartNotFound(NotFound):
    """The project has no such item or link."""

    code = "project_part_not_found"
    title = Text(
        kk="Жобада мұндай бөлік не сілтеме жоқ",
        ru="В проекте нет такого элемента или ссылки",
        en="The project has no such item or link",
    )


class DevelopmentPlanNotFound(NotFound):
    """There is no such plan, or no such version of it."""

    code = "development_plan_not_found"
    title = Text(
        kk="Мұндай даму жоспары не нұсқасы жоқ",
        ru="Такого плана развития или его версии нет",
        en="There is no such development plan, or no such version of it",
    )


class StudyVisitNotFound(NotFound):
    """There is no such visit."""

    code = "study_visit_not_found"
    title = Text(kk="Мұндай сапар жоқ", ru="Такой поездки нет", en="There is no such visit")


class ProjectUnknown(Unprocessable):
    """What was sent names a project that does not exist."""

    code = "project_unknown"
    title = Text(kk="Белгісіз жоба", ru="Неизвестный проект", en="Unknown project")


class ParentNotProgramme(Unprocessable):
    """A programme may belong to a programme only."""

    code = "parent_not_programme"
    title = Text(
        kk="Бағдарлама тек бағдарламаның ішінде бола алады",
        ru="Программа может входить только в программу",
        en="A programme can belong to a programme only",
    )


class ProjectsInCircle(Unprocessable):
    """A project cannot belong to itself, however far around, nor lie deeper than anyone could follow."""

    code = "projects_in_circle"
    title = Text(
        kk="Жобалар тұйық шеңбер құрайды немесе тым терең",
        ru="Проекты образуют круг или вложены слишком глубоко",
        en="The projects form a circle, or lie too deep",
    )


class PeriodReversed(Unprocessable):
    """It would end before it begins."""

    code = "period_reversed"
    title = Text(
        kk="Соңғы күн бірінші күннен бұрын",
        ru="Последний день раньше первого",
        en="The last day is before the first",
    )


class ItemsLimit(Unprocessable):
    """The project has as many items as were planned."""

    code = "items_limit"
    title = Text(
        kk="Жобада жоспарланған элемент саны толды",
        ru="В проекте уже столько элементов, сколько запланировано",
        en="The project has as many items as were planned",
    )
    detail = Text(
        kk="Жоспарланғаны: {items_planned}. Көбейту үшін items_planned мәнін өзгертіңіз.",
        ru="Запланировано: {items_planned}. Чтобы добавить ещё, измените items_planned.",
        en="Planned: {items_planned}. Raise items_planned to add more.",
    )


class FewerThanThere(Unprocessable):
    """A project cannot be planned with fewer items than it has."""

    code = "fewer_than_there"
    title = Text(
        kk="Жобада бұдан көп элемент бар", ru="В проекте уже больше элементов", en="The project has more items already"
    )
    detail = Text(kk="Қазір: {item_count}", ru="Сейчас: {item_count}", en="It has {item_count}")


class LinksLimit(Conflict):
    """A project takes only so many links."""

    code = "links_limit"
    title = Text(kk="Сілтемелер тым көп", ru="Слишком много ссылок", en="Too many links")
    detail = Text(kk="Ең көбі {limit}", ru="Не больше {limit}", en="At most {limit}")


class LinkHostNotListed(Unprocessable):
    """A link may lead only to sites that somebody has looked at."""

    code = "link_host_not_listed"
    title = Text(
        kk="Бұл сайтқа сілтеме беруге болмайды",
        ru="Ссылки на этот сайт не разрешены",
        en="Links to this site are not allowed",
    )
    detail = Text(
        kk="Рұқсат етілген сайттар: {hosts}. Басқасын жобаның link_hosts тізіміне бекітуші қосады.",
        ru="Разрешённые сайты: {hosts}. Другие добавляет утверждающий в link_hosts проекта.",
        en="Allowed sites: {hosts}. An approver adds others to link_hosts of the project.",
    )


class ProjectNotReady(Conflict):
    """A project is active when somebody carries it, for something, with somebody."""

    code = "project_not_ready"
    title = Text(
        kk="Жоба белсенді бола алмайды", ru="Проект не может быть действующим", en="The project cannot be active"
    )
    detail = Text(kk="Жетіспейтіні: {missing}", ru="Не хватает: {missing}", en="Missing: {missing}")


class ProjectTransitionRefused(Conflict):
    """A project cannot go from where it is to where it was told to go."""

    code = "project_transition_refused"
    title = Text(kk="Мұндай қадам жасалмайды", ru="Такой шаг невозможен", en="This step is not possible")
    detail = Text(
        kk="«{current}» күйінен «{wanted}» күйіне өтуге болмайды; мүмкіні: {allowed}",
        ru="Из состояния «{current}» нельзя перейти в «{wanted}»; можно: {allowed}",
        en="From {current} a project cannot become {wanted}; it can become {allowed}",
    )


class ReasonNeeded(Unprocessable):
    """Those who have a part in it want to know why it was stopped."""

    code = "reason_needed"
    title = Text(kk="Тоқтату себебі керек", ru="Нужна причина остановки", en="A reason is needed to stop it")


class ReturnBeforeDeparture(Unprocessable):
    """Nobody comes back before setting out."""

    code = "return_before_departure"
    title = Text(
        kk="Қайту күні шығу күнінен бұрын",
        ru="Дата возвращения раньше даты отъезда",
        en="The return is before the departure",
    )
