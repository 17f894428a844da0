"""What can go wrong with observations."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class ObservationsRefused(Unprocessable):
    """Some observation of a batch cannot be recorded, so none of them was."""

    code = "observations_refused"
    title = Text(kk="Бақылаулар қабылданбады", ru="Наблюдения не приняты", en="The observations were not recorded")
    detail = Text(
        kk="{count} қате табылды; ештеңе сақталған жоқ.",
        ru="Найдено ошибок: {count}; ничего не сохранено.",
        en="{count} mistakes were found; nothing was recorded.",
    )


class PeriodUnknown(Unprocessable):
    """The text names no period."""

    code = "period_unknown"
    title = Text(kk="Мұндай кезең жоқ", ru="Такого периода нет", en="There is no such period")
    detail = Text(
        kk="Кезең 2025-2026, 2025, 2025-H1, 2025-Q1 немесе 2025-03 түрінде жазылады.",
        ru="Период пишется как 2025-2026, 2025, 2025-H1, 2025-Q1 или 2025-03.",
        en="A period is written as 2025-2026, 2025, 2025-H1, 2025-Q1 or 2025-03.",
    )


class IndicatorRepeated(Unprocessable):
    """A code was named twice in one table."""

    code = "indicator_repeated"
    title = Text(kk="Көрсеткіш екі рет аталған", ru="Показатель назван дважды", en="An indicator is named twice")


class ObservationNotFound(NotFound):
    """There is no such revision."""

    code = "observation_not_found"
    title = Text(kk="Мұндай бақылау жоқ", ru="Такого наблюдения нет", en="There is no such observation")


class ObservationSuperseded(Conflict):
    """A newer revision stands in its place."""

    code = "observation_superseded"
    title = Text(
        kk="Бақылаудың жаңа нұсқасы бар",
        ru="Есть более новая редакция наблюдения",
        en="A newer revision of the observation stands",
    )


class StepRefused(Conflict):
    """The life of a value has no such step."""

    code = "observation_step_refused"
    title = Text(kk="Мұндай қадам жоқ", ru="Такого шага нет", en="There is no such step")
    detail = Text(
        kk="«{current}» күйінен «{wanted}» күйіне өтуге болмайды; мүмкін: {allowed}.",
        ru="Из состояния «{current}» нельзя перейти в «{wanted}»; можно: {allowed}.",
        en="From {current} there is no step to {wanted}; possible: {allowed}.",
    )


class DeliveryRefused(Conflict):
    """What a source says does not follow what it said before; nothing of the batch was recorded."""

    code = "observation_step_refused"
    title = Text(
        kk="Мәндердің күйі бұрынғысынан кейін келе алмайды",
        ru="Статус значений не может следовать за прежним",
        en="The status of some values cannot follow what stands",
    )


class ApprovalNeeded(Conflict):
    """A caller with bounds hands in values as final; nothing of the batch was recorded."""

    code = "approval_needed"
    title = Text(
        kk="Түпкілікті мәнді басқа адам бекітеді",
        ru="Окончательным значение делает другой человек",
        en="Somebody else has to approve a final value",
    )
    detail = Text(
        kk="Мәндерді алдын ала (provisional) ретінде тапсырыңыз; оларды басқа қызметкер бекітеді.",
        ru="Передайте значения как предварительные (provisional); их утвердит другой сотрудник.",
        en="Hand the values in as provisional; somebody else approves them.",
    )


class OwnReport(Conflict):
    """Who recorded a value cannot approve or correct it."""

    code = "own_report"
    title = Text(
        kk="Өзіңіз тапсырған мәнді бекіте алмайсыз",
        ru="Нельзя утвердить то, что передали вы сами",
        en="You cannot approve what you reported yourself",
    )
