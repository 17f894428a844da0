"""What can go wrong with support plans."""

from collections.abc import Sequence

from shared.errors import Conflict, FieldError, NotFound, Text, Unprocessable


class SupportPlanNotFound(NotFound):
    code = "support_plan_not_found"
    title = Text(kk="Мұндай қолдау жоспары жоқ", ru="Такого плана поддержки нет", en="There is no such support plan")


class SupportVisitNotFound(NotFound):
    code = "support_visit_not_found"
    title = Text(kk="Мұндай сапар жоқ", ru="Такого визита нет", en="There is no such visit")


class EvidenceNotFound(NotFound):
    code = "evidence_not_found"
    title = Text(kk="Мұндай дәлел жоқ", ru="Такого подтверждения нет", en="There is no such evidence")


class RubricNotFound(NotFound):
    code = "rubric_not_found"
    title = Text(kk="Мұндай рубрика жоқ", ru="Такой рубрики нет", en="There is no such rubric")


class RubricUnknown(Unprocessable):
    """A body names a rubric that does not exist, or one of another programme."""

    code = "rubric_unknown"
    title = Text(
        kk="Бұл бағдарламаның мұндай рубрикасы жоқ",
        ru="У этой программы нет такой рубрики",
        en="The programme has no such rubric",
    )


class ProgrammeCodeUnknown(Unprocessable):
    code = "programme_code_unknown"
    title = Text(kk="Бұл кодты бағдарлама жоқ", ru="Программы с таким кодом нет", en="No programme has this code")


class MentorUnknown(Unprocessable):
    code = "mentor_unknown"
    title = Text(kk="Мұндай педагог жоқ", ru="Такого педагога нет", en="There is no such educator")


class MentorIsLearner(Unprocessable):
    code = "mentor_is_learner"
    title = Text(
        kk="Тәлімгер басқа адам болуы керек", ru="Наставник — другой человек", en="The mentor has to be another person"
    )


class NothingOwed(Conflict):
    """Support follows a course that was passed or attended to the end."""

    code = "nothing_owed"
    title = Text(
        kk="Қолдау курсты аяқтағанға беріледі",
        ru="Поддержка положена тому, кто окончил курс",
        en="Support is owed to who has ended the course",
    )
    detail = Text(kk="Жазылудың күйі: {status}", ru="Состояние записи: {status}", en="The enrolment is {status}")


class SupportPlanExists(Conflict):
    code = "support_plan_exists"
    title = Text(
        kk="Бұл жазылудың жоспары бар", ru="У этой записи уже есть план", en="The enrolment has a plan already"
    )
    detail = Text(kk="Жоспар {plan_id}", ru="План {plan_id}", en="Plan {plan_id}")


class SupportActionNotAllowed(Conflict):
    code = "support_action_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this state",
    )
    detail = Text(
        kk="Жоспардың күйі: {status}; болатыны: {allowed}",
        ru="Состояние плана: {status}; можно: {allowed}",
        en="The plan is {status}; what can be done: {allowed}",
    )


class SupportIncomplete(Conflict):
    """`errors` names each thing that is missing."""

    code = "support_incomplete"
    title = Text(kk="Жоспар әлі орындалмаған", ru="План ещё не выполнен", en="The plan is not fulfilled yet")

    def __init__(self, missing: Sequence[tuple[str, Text]]) -> None:
        super().__init__(errors=[FieldError("", code, message) for code, message in missing], missing=len(missing))


class FixedByAgreement(Conflict):
    """Goals and rubric are what was agreed upon."""

    code = "fixed_by_agreement"
    title = Text(
        kk="Келісілген жоспарда мұны өзгертуге болмайды",
        ru="В согласованном плане это не меняется",
        en="This does not change once the plan is agreed upon",
    )


class VisitHeld(Conflict):
    code = "visit_held"
    title = Text(kk="Сапар өткізілген", ru="Визит уже состоялся", en="The visit was held already")


class VisitsFull(Conflict):
    code = "visits_full"
    title = Text(kk="Сапарлар саны шегіне жетті", ru="Визитов не может быть больше", en="There can be no more visits")
    detail = Text(kk="Ең көбі: {most}", ru="Не больше {most}", en="At most {most}")


class EvidenceFull(Conflict):
    code = "evidence_full"
    title = Text(
        kk="Дәлелдер саны шегіне жетті", ru="Подтверждений не может быть больше", en="There can be no more evidence"
    )
    detail = Text(kk="Ең көбі: {most}", ru="Не больше {most}", en="At most {most}")


class VisitOnDay(Conflict):
    code = "visit_on_day"
    title = Text(kk="Бұл күнге сапар жоспарланған", ru="На этот день визит уже есть", en="There is a visit on this day")


class VisitToCome(Unprocessable):
    code = "visit_to_come"
    title = Text(kk="Бұл күн әлі келген жоқ", ru="Этот день ещё не настал", en="That day has not come yet")


class VisitBeforeCourse(Unprocessable):
    code = "visit_before_course"
    title = Text(
        kk="Қолдау курс аяқталғаннан кейін басталады",
        ru="Поддержка начинается после курса",
        en="Support begins when the course is over",
    )
    detail = Text(kk="Курс {day} аяқталды", ru="Курс окончен {day}", en="The course ended on {day}")


class ScoresDoNotFit(Unprocessable):
    """`errors` names each criterion that is missing, unknown, or at a level it does not have."""

    code = "scores_do_not_fit"
    title = Text(
        kk="Бағалар рубрикаға сай емес", ru="Оценки не соответствуют рубрике", en="The scores do not fit the rubric"
    )


CRITERION_MISSING = Text(kk="Критерийдің бағасы жоқ", ru="Нет оценки по критерию", en="The criterion has no score")
CRITERION_UNKNOWN = Text(kk="Рубрикада мұндай критерий жоқ", ru="В рубрике нет критерия", en="No such criterion")
LEVEL_UNKNOWN = Text(kk="Критерийдің мұндай деңгейі жоқ", ru="У критерия нет такого уровня", en="No such level")


class LooksPersonal(Unprocessable):
    """Free text holds what looks like the number of a person, a telephone or an address of mail."""

    code = "looks_personal"
    title = Text(
        kk="Мәтінде жеке дерекке ұқсас нәрсе бар: ЖСН, телефон не пошта",
        ru="В тексте похожее на личные данные: ИИН, телефон или почта",
        en="The text holds what looks like personal data: an IIN, a telephone, an address of mail",
    )


class ReviewBySamePerson(Conflict):
    code = "review_by_same_person"
    title = Text(
        kk="Дәлелді оны қосқан адам емес, басқа адам қарайды",
        ru="Подтверждение смотрит не тот, кто его добавил",
        en="Evidence is reviewed by somebody else than who added it",
    )


class AlreadyReviewed(Conflict):
    code = "already_reviewed"
    title = Text(kk="Дәлел қаралған", ru="Подтверждение уже рассмотрено", en="The evidence was reviewed already")


class MustStayInPlan(Unprocessable):
    code = "must_stay_in_plan"
    title = Text(kk="Бұл өрісті босатуға болмайды", ru="Это поле нельзя очистить", en="This field cannot be emptied")
