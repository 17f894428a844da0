"""What can go wrong with a run."""

from shared.errors import Conflict, NotFound, Problem, Text


class RunNotFound(NotFound):
    """There is no such run."""

    code = "run_not_found"
    title = Text(kk="Мұндай есептеу жоқ", ru="Такого расчёта нет", en="There is no such run")


class RunNotFinished(Conflict):
    """The run has no result, or not yet."""

    code = "run_not_finished"
    title = Text(kk="Есептеудің нәтижесі жоқ", ru="У расчёта нет результата", en="The run has no result")
    detail = Text(kk="Күйі: {status}", ru="Состояние: {status}", en="It is {status}")


class MethodologyRetired(Conflict):
    """A retired version computes no more."""

    code = "methodology_retired"
    title = Text(
        kk="Қолданыстан шыққан әдістемемен есептелмейді",
        ru="По выведенной методике не считают",
        en="A retired methodology is not run",
    )


class RatingImpossible(Problem):
    """The method cannot be applied to these data; `reason` says why."""

    code = "rating_impossible"
    status = 422
    title = Text(
        kk="Әдістемені бұл деректерге қолдану мүмкін емес",
        ru="Методику нельзя применить к этим данным",
        en="The methodology cannot be applied to these data",
    )
    detail = Text(kk="Себебі: {reason}", ru="Причина: {reason}", en="The reason: {reason}")


class RunStepRefused(Conflict):
    """The stage of the run has no such way."""

    code = "run_step_refused"
    title = Text(
        kk="Есептеудің күйі бұған жол бермейді",
        ru="Состояние расчёта этого не допускает",
        en="The stage of the run does not allow this",
    )
    detail = Text(
        kk="Күйі: {stage}. Бұл мына күйлерден ғана мүмкін: {states}",
        ru="Состояние: {stage}. Это возможно только из состояний: {states}",
        en="It is {stage}. This can be done from these stages only: {states}",
    )


class PreviewNeeded(Conflict):
    """The methodology promises organisations a look before the public has one."""

    code = "preview_needed"
    title = Text(
        kk="Алдымен ұйымдарға көрсету керек",
        ru="Сначала нужен предварительный показ организациям",
        en="Organisations have to see it first",
    )
    detail = Text(
        kk="Әдістеме шағымға {days} жұмыс күнін береді: алдын ала көрсетіңіз немесе бас тартуды негіздеңіз.",
        ru="Методика даёт на апелляции {days} рабочих дней: откройте показ или обоснуйте отказ от него.",
        en="The methodology gives {days} working days for appeals: open the preview, or waive it and say why.",
    )


class AppealWindowOpen(Conflict):
    """Organisations may still object."""

    code = "appeal_window_open"
    title = Text(
        kk="Шағым беру мерзімі аяқталмаған",
        ru="Срок подачи апелляций не истёк",
        en="The window for appeals is still open",
    )
    detail = Text(kk="Мерзімі: {until}", ru="Срок: {until}", en="It closes at {until}")


class AppealsUndecided(Conflict):
    """Somebody objected and has no answer yet."""

    code = "appeals_undecided"
    title = Text(
        kk="Шешілмеген шағымдар бар", ru="Есть нерассмотренные апелляции", en="There are appeals that are not decided"
    )
    detail = Text(kk="Саны: {count}", ru="Их число: {count}", en="There are {count} of them")


class CorrectionNeeded(Conflict):
    """An appeal against this run was upheld; it is not published any more."""

    code = "correction_needed"
    title = Text(
        kk="Шағым қанағаттандырылды: түзетілген есептеу жарияланады",
        ru="Апелляция удовлетворена: публикуется исправленный расчёт",
        en="An appeal was upheld: a corrected run is published instead",
    )


class CorrectionOutstanding(Conflict):
    """Another run of the same rating and period awaits its correction, and this run is not the correction."""

    code = "correction_outstanding"
    title = Text(
        kk="Осы кезеңнің басқа есептеуіне қатысты шешім орындалмаған",
        ru="Решение по апелляции на другой расчёт этого периода не исполнено",
        en="A decision on an appeal against another run of this period has not been carried out",
    )
    detail = Text(
        kk="Түзетілетін есептеу: {run_id}", ru="Исправляется расчёт {run_id}", en="The run to be corrected is {run_id}"
    )


class CorrectionTooEarly(Conflict):
    """The correcting run was asked for before the last decision; it cannot hold what was decided."""

    code = "correction_too_early"
    title = Text(
        kk="Түзетілген есептеу соңғы шешімнен бұрын жасалған",
        ru="Исправленный расчёт сделан раньше последнего решения",
        en="The corrected run is older than the last decision",
    )


class NothingToCorrect(Conflict):
    """No appeal against the named run was upheld, or it is of another rating."""

    code = "nothing_to_correct"
    title = Text(
        kk="Бұл есептеуде түзететін ештеңе жоқ",
        ru="В этом расчёте исправлять нечего",
        en="There is nothing to correct in that run",
    )
    detail = Text(
        kk="Осы әдістеменің осы кезеңдегі, шағымы қанағаттандырылған есептеуін көрсетіңіз.",
        ru="Укажите расчёт той же методики и периода, апелляция на который удовлетворена.",
        en="Name a run of the same methodology and period against which an appeal was upheld.",
    )


class NotInPreview(Conflict):
    """Before the preview, nobody outside the analysis sees what a run says."""

    code = "not_in_preview"
    title = Text(
        kk="Есептеу әлі көрсетілмеген", ru="Расчёт ещё не открыт для просмотра", en="The run is not in preview"
    )
    detail = Text(kk="Күйі: {stage}", ru="Состояние: {stage}", en="It is {stage}")


class ResultNotFound(NotFound):
    """The run does not speak of this organisation."""

    code = "result_not_found"
    title = Text(
        kk="Бұл есептеуде мұндай ұйым жоқ",
        ru="В этом расчёте такой организации нет",
        en="This run does not speak of that organisation",
    )
