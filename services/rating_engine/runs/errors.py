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
