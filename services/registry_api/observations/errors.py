"""What can go wrong with observations."""

from shared.errors import Text, Unprocessable


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
