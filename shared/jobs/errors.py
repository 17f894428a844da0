"""What can go wrong with jobs."""

from shared.errors import Conflict, NotFound, Problem, Text


class JobNotFound(NotFound):
    """There is no such job, or it is another's."""

    code = "job_not_found"
    title = Text(kk="Тапсырма табылмады", ru="Задание не найдено", en="Job not found")


class JobFinished(Conflict):
    """A job that has ended cannot be cancelled."""

    code = "job_finished"
    title = Text(kk="Тапсырма аяқталған", ru="Задание уже завершено", en="The job has ended")
    detail = Text(
        kk="Тапсырманың күйі: {status}. Аяқталған тапсырманы тоқтатуға болмайды.",
        ru="Состояние задания: {status}. Завершённое задание отменить нельзя.",
        en="The job is {status}. A job that has ended cannot be cancelled.",
    )


class JobAbandoned(Problem):
    """Each attempt was cut short: its process died, or the database was away."""

    code = "job_abandoned"
    status = 500
    title = Text(kk="Тапсырма орындалмады", ru="Задание не выполнено", en="The job was given up")
    detail = Text(
        kk="{attempts} рет басталды, бірақ әр жолы үзіліп қалды.",
        ru="Задание начиналось {attempts} раз и каждый раз обрывалось.",
        en="It was begun {attempts} times and cut short each time.",
    )
