"""What can go wrong with construction projects."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class ProjectNotFound(NotFound):
    code = "construction_project_not_found"
    title = Text(kk="Мұндай құрылыс жобасы жоқ", ru="Такого проекта строительства нет", en="There is no such project")


class ReferenceTaken(Conflict):
    """Another project has this number."""

    code = "reference_taken"
    title = Text(
        kk="Бұл нөмірмен жоба бар", ru="Проект с таким номером уже есть", en="A project has this reference already"
    )
    detail = Text(kk="Нөмір: {reference}", ru="Номер: {reference}", en="The reference: {reference}")


class ReferenceRepeated(Unprocessable):
    """Two projects of one batch have one number."""

    code = "reference_repeated"
    title = Text(
        kk="Нөмір қайталанады", ru="Номер повторяется", en="The reference stands twice among what was handed in"
    )


class StageJump(Conflict):
    """From where the project is, this is not a next step."""

    code = "stage_jump"
    title = Text(kk="Кезеңнен аттап өтуге болмайды", ru="Этап нельзя перескочить", en="A stage cannot be jumped")
    detail = Text(
        kk="{current} кезеңінен {wanted} кезеңіне өтуге болмайды; болатыны: {allowed}",
        ru="С этапа {current} нельзя перейти на {wanted}; можно на: {allowed}",
        en="From {current} one cannot go to {wanted}, only to: {allowed}",
    )


class EvidenceMissing(Conflict):
    """The gate asks for a document that was not given."""

    code = "evidence_missing"
    title = Text(kk="Растайтын құжат жоқ", ru="Нет подтверждающего документа", en="A document is missing")
    detail = Text(
        kk="{stage} кезеңі үшін керек құжат: {evidence}",
        ru="Для этапа {stage} нужен документ: {evidence}",
        en="The stage {stage} asks for: {evidence}",
    )


class ReasonNeeded(Conflict):
    """What stands is changed, or the line is left, and nobody says why."""

    code = "change_reason_needed"
    title = Text(kk="Себебін көрсету керек", ru="Нужна причина", en="A reason is needed")


class StageBeforeLast(Conflict):
    """The step would come before the one that was taken last."""

    code = "stage_before_last"
    title = Text(
        kk="Қадам соңғысынан бұрын болады", ru="Шаг раньше предыдущего", en="The step comes before the last one"
    )
    detail = Text(
        kk="Соңғы қадам {last_on} күні болды", ru="Последний шаг был {last_on}", en="The last step was on {last_on}"
    )


class InFuture(Unprocessable):
    """It is said to have come to pass on a day that is yet to come."""

    code = "in_future"
    title = Text(kk="Күн әлі келген жоқ", ru="Этот день ещё не наступил", en="That day is yet to come")


class BeforeProject(Conflict):
    """The project was not there yet."""

    code = "before_project"
    title = Text(
        kk="Ол күні жоба болмаған", ru="В тот день проекта ещё не было", en="The project did not exist on that day"
    )
    detail = Text(
        kk="Жоба {first_day} күнінен басталады", ru="Проект начинается с {first_day}", en="It begins on {first_day}"
    )


class SharesDoNotAddUp(Unprocessable):
    """The parts of the whole do not make a whole."""

    code = "shares_do_not_add_up"
    title = Text(
        kk="Қаржыландыру үлестерінің қосындысы 1 емес",
        ru="Доли финансирования не дают в сумме 1",
        en="The shares of the funding do not add up to 1",
    )


class SourceRepeated(Unprocessable):
    """One source of money stands twice."""

    code = "funding_source_repeated"
    title = Text(
        kk="Қаржы көзі қайталанады", ru="Источник финансирования повторяется", en="A source of money stands twice"
    )


class PartyIdentifierIncomplete(Unprocessable):
    """A scheme without a value, or a value without its scheme."""

    code = "party_identifier_incomplete"
    title = Text(
        kk="Схема мен мән бірге беріледі",
        ru="Схема и значение даются вместе",
        en="A scheme and its value are given together",
    )


class PlanContradictsItself(Unprocessable):
    """More rural schools than schools, or a range upside down."""

    code = "plan_contradicts_itself"
    title = Text(
        kk="Жоспар сандары бір-біріне қайшы", ru="Числа плана противоречат друг другу", en="The numbers contradict"
    )


class NotCommissioned(Conflict):
    """Only a school that was commissioned can open."""

    code = "not_commissioned"
    title = Text(
        kk="Мектеп пайдалануға берілмеген", ru="Школа не введена в эксплуатацию", en="The school is not commissioned"
    )
    detail = Text(kk="Кезеңі: {stage}", ru="Этап: {stage}", en="It stands at {stage}")


class SchoolNeeded(Unprocessable):
    """Either the school that is there, or the one that is to be registered: one of them."""

    code = "school_needed"
    title = Text(
        kk="organisation_id немесе organisation керек, екеуі бірге емес",
        ru="Нужно либо organisation_id, либо organisation",
        en="Give either organisation_id or organisation",
    )


class SchoolUnknown(Unprocessable):
    """The school named is not in the registry, or is no school."""

    code = "school_unknown"
    title = Text(kk="Тізілімде мұндай мектеп жоқ", ru="Такой школы в реестре нет", en="There is no such school")


class SchoolHasProject(Conflict):
    """The school has come from another project."""

    code = "school_has_project"
    title = Text(
        kk="Бұл мектеп басқа жобадан шыққан",
        ru="Эта школа уже вышла из другого проекта",
        en="Another project became this school",
    )


class FactNotHolding(Conflict):
    """It is said to be so no longer, and it was not so."""

    code = "fact_not_holding"
    title = Text(kk="Ол күні бұлай болмаған", ru="В тот день это не было так", en="It was not so on that day")


class ProjectInvalid(Unprocessable):
    """What a patch makes of the project cannot be."""

    code = "construction_project_invalid"
    title = Text(kk="Жоба туралы деректерде қате бар", ru="В сведениях о проекте ошибки", en="The project has mistakes")
