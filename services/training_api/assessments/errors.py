"""What can go wrong with assessments and outcomes."""

from shared.errors import Conflict, NotFound, Problem, Text


class AssessmentNotFound(NotFound):
    code = "assessment_not_found"
    title = Text(kk="Мұндай бағалау жоқ", ru="Такой оценки нет", en="There is no such assessment")


class AssessmentVoided(Conflict):
    code = "assessment_voided"
    title = Text(kk="Бағалау жойылған", ru="Оценка уже аннулирована", en="The assessment has been voided already")


class FinalRecorded(Conflict):
    code = "final_recorded"
    title = Text(
        kk="Қорытынды бағалау жазылған: оны жойыңыз немесе қайта тапсыруды жазыңыз",
        ru="Итоговая оценка уже есть: аннулируйте её или запишите пересдачу",
        en="The final assessment is recorded already: void it, or record a re-sit",
    )


class OutcomeEstablished(Conflict):
    code = "outcome_established"
    title = Text(
        kk="Нәтиже бекітілген",
        ru="Итог уже установлен",
        en="The outcome has been established already",
    )


class NotTakingPart(Conflict):
    code = "not_taking_part"
    title = Text(
        kk="Педагог бұл курста оқымайды",
        ru="Педагог не учится на этом курсе",
        en="The person does not take part in the course",
    )
    detail = Text(kk="Жазылудың күйі: {status}", ru="Состояние записи: {status}", en="The enrolment is {status}")


class TaskCodeNeeded(Problem):
    code = "task_code_needed"
    status = 422
    title = Text(
        kk="Қай тапсырма екенін көрсетіңіз",
        ru="Укажите, какое это задание",
        en="Tell which task it is",
    )


class TaskCodeUnexpected(Problem):
    code = "task_code_unexpected"
    status = 422
    title = Text(
        kk="Қорытынды бағалаудың тапсырма коды болмайды",
        ru="У итоговой оценки нет кода задания",
        en="A final assessment has no code of a task",
    )


class NothingAssessed(Problem):
    """Neither a score nor a rubric, nor whether a task is done."""

    code = "nothing_assessed"
    status = 422
    title = Text(
        kk="Балл немесе орындалғаны көрсетілуі керек",
        ru="Нужен балл или отметка о выполнении",
        en="A score is needed, or whether it is done",
    )


class PointsBeyond(Problem):
    code = "points_beyond"
    status = 422
    title = Text(
        kk="Ұпай мүмкін болғаннан көп",
        ru="Баллов больше, чем возможно",
        en="There are more points than can be reached",
    )


class AssessedInFuture(Problem):
    code = "assessed_in_future"
    status = 422
    title = Text(kk="Бұл күн әлі келген жоқ", ru="Этот день ещё не наступил", en="That day has not come yet")


class AssessedTooEarly(Problem):
    code = "assessed_too_early"
    status = 422
    title = Text(
        kk="Курс ол күні басталмаған еді",
        ru="В тот день курс ещё не начался",
        en="The course had not begun on that day",
    )


class EvaluatorNeeded(Problem):
    code = "evaluator_needed"
    status = 422
    title = Text(
        kk="Қорытынды бағалауды кім жүргізгенін көрсетіңіз",
        ru="Укажите, кто провёл итоговую оценку",
        en="Tell who made the final assessment",
    )


class EvaluatorUnknown(Conflict):
    code = "evaluator_unknown"
    title = Text(kk="Бағалаушы белгісіз", ru="Оценивающий неизвестен", en="The evaluator is not known")


class EvaluatorTeaches(Conflict):
    code = "evaluator_teaches"
    title = Text(
        kk="Ағымда сабақ беретін адам оны бағаламайды",
        ru="Кто преподаёт в потоке, тот его не оценивает",
        en="Who teaches the cohort does not evaluate it",
    )


class EvaluatorIsLearner(Conflict):
    code = "evaluator_is_learner"
    title = Text(
        kk="Ешкім өзін бағаламайды", ru="Никто не оценивает сам себя", en="Nobody evaluates his or her own course"
    )


class AttendanceMissing(Conflict):
    code = "attendance_missing"
    title = Text(
        kk="Қатысу жазылмаған: оны көрсетіңіз",
        ru="Посещаемость не записана: укажите её",
        en="No attendance is recorded: give it",
    )


class CertificateStands(Conflict):
    code = "certificate_stands"
    title = Text(
        kk="Алдымен берілген құжатты қайтарып алыңыз",
        ru="Сначала отзовите выданный документ",
        en="Revoke the document first that was given for it",
    )
    detail = Text(kk="Нөмірі: {number}", ru="Номер: {number}", en="Its number: {number}")


class ResitNotEstablished(Conflict):
    code = "resit_not_established"
    title = Text(kk="Нәтиже әлі бекітілмеген", ru="Итог ещё не установлен", en="The outcome is not established yet")


class ResitNotForeseen(Conflict):
    code = "resit_not_foreseen"
    title = Text(
        kk="Бағдарламада қайта тапсыру көзделмеген",
        ru="Программа не предусматривает пересдачи",
        en="The programme foresees no re-sit",
    )


class ResitNotNeeded(Conflict):
    code = "resit_not_needed"
    title = Text(kk="Курс өтілген", ru="Курс уже пройден", en="The course has been passed")


class ResitOfNoUse(Conflict):
    code = "resit_of_no_use"
    title = Text(
        kk="Жетпегені балл емес, оны қайта тапсыру түзетпейді",
        ru="Не хватает не балла: пересдача этого не исправит",
        en="It is not the score that is missing: a re-sit does not mend it",
    )


class ResitTooMany(Conflict):
    code = "resit_too_many"
    title = Text(kk="Қайта тапсыру мүмкіндігі таусылды", ru="Пересдачи исчерпаны", en="There are no more re-sits")
    detail = Text(
        kk="Болғаны: {made}, көбі: {at_most}", ru="Было: {made}, не больше: {at_most}", en="{made} of {at_most} made"
    )


class ResitTooEarly(Conflict):
    code = "resit_too_early"
    title = Text(kk="Қайта тапсыруға әлі ерте", ru="Пересдавать ещё рано", en="It is too early for a re-sit")
    detail = Text(kk="{not_before} бұрын емес", ru="Не раньше {not_before}", en="Not before {not_before}")


class ResitTooLate(Conflict):
    code = "resit_too_late"
    title = Text(kk="Қайта тапсыру мерзімі өтті", ru="Срок пересдачи истёк", en="The time for a re-sit is over")
    detail = Text(kk="{until} дейін болатын", ru="Можно было до {until}", en="It could be taken until {until}")
