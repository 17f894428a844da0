"""What can go wrong with indicators."""

from shared.errors import NotFound, Text, Unprocessable


class IndicatorNotFound(NotFound):
    """There is no indicator of this code, or no such version of it."""

    code = "indicator_not_found"
    title = Text(kk="Көрсеткіш табылмады", ru="Показатель не найден", en="Indicator not found")


class IndicatorLevelChanged(Unprocessable):
    """A version cannot turn an indicator of organisations into one of areas."""

    code = "indicator_level_changed"
    title = Text(
        kk="Көрсеткіштің деңгейін өзгертуге болмайды",
        ru="Уровень показателя менять нельзя",
        en="The level of an indicator cannot change",
    )
    detail = Text(
        kk="«{indicator}» көрсеткіші «{level}» деңгейінде анықталған. Басқа деңгей үшін жаңа код беріңіз.",
        ru="Показатель «{indicator}» определён на уровне «{level}». Для другого уровня дайте новый код.",
        en="Indicator {indicator} is defined for the level {level}. Give another level a code of its own.",
    )


class IndicatorsUnknown(Unprocessable):
    """Codes were named that no indicator bears."""

    code = "indicator_unknown"
    title = Text(kk="Белгісіз көрсеткіш", ru="Неизвестный показатель", en="Unknown indicator")
    detail = Text(
        kk="Мұндай көрсеткіштер жоқ: {indicators}.",
        ru="Таких показателей нет: {indicators}.",
        en="There are no such indicators: {indicators}.",
    )
