"""What can go wrong with a simulation."""

from shared.errors import Text, Unprocessable


class TableRefused(Unprocessable):
    """The table does not hold together; `errors` say where."""

    code = "table_refused"
    title = Text(kk="Кесте өз ішінде сәйкес емес", ru="Таблица не согласована", en="The table does not hold together")


class ColumnMissing(Unprocessable):
    """The tree names an indicator or a peer attribute that the table does not have."""

    code = "column_missing"
    title = Text(
        kk="Кестеде әдістемеге керек баған жоқ",
        ru="В таблице нет столбца, нужного методике",
        en="The table lacks a column that the methodology needs",
    )


class ValueBelowZero(Unprocessable):
    """A mean that is not defined below zero met a negative value."""

    code = "value_below_zero"
    title = Text(
        kk="Орташа нөлден төмен мәндерде анықталмаған",
        ru="Среднее не определено ниже нуля",
        en="The mean is not defined below zero",
    )
    detail = Text(
        kk="{node} түйінінде теріс мән кездесті",
        ru="В узле {node} встретилось отрицательное значение",
        en="The node {node} met a negative value",
    )


class ReferenceMissing(Unprocessable):
    """The reference unit of a normalisation is not in the table or has no value."""

    code = "reference_missing"
    title = Text(kk="Тірек ұйымның мәні жоқ", ru="У опорной единицы нет значения", en="The reference unit has no value")
    detail = Text(
        kk="{indicator} көрсеткіші: тірек ұйым кестеде жоқ немесе мәні жоқ",
        ru="Показатель {indicator}: опорной единицы нет в таблице или у неё нет значения",
        en="Indicator {indicator}: the reference unit is not in the table or has no value",
    )


class SimulationTooLarge(Unprocessable):
    """What is asked for takes longer than a request may; a run has no such limit."""

    code = "simulation_too_large"
    title = Text(
        kk="Модельдеу бір сұрау үшін тым үлкен",
        ru="Моделирование слишком велико для одного запроса",
        en="The simulation is too large for one request",
    )
    detail = Text(
        kk="{part}: {size}, ең көбі {most}. Есептеу (run) бастаңыз.",
        ru="{part}: {size}, не больше {most}. Запустите расчёт (run).",
        en="{part}: {size}, at most {most}. Start a run instead.",
    )


class TooManyToLight(SimulationTooLarge):
    """Every unit is rated anew twice for every unit, and no run does that."""

    detail = Text(
        kk="{part}: {size}, ең көбі {most}. Ұйымдарды азайтыңыз.",
        ru="{part}: {size}, не больше {most}. Возьмите меньше единиц.",
        en="{part}: {size}, at most {most}. Take fewer units.",
    )


class BestLightUndefined(Unprocessable):
    """A score that hangs on the others, or weights that hang on the data, have no best and no worst."""

    code = "best_light_undefined"
    title = Text(
        kk="Салмақтардың ең жақсысы мен ең нашары анықталмаған",
        ru="Лучшие и худшие веса не определены",
        en="The best and the worst weights are not defined",
    )
    detail = Text(
        kk="Copeland әдісінде және салмақтар сенімділікке қарай берілгенде олар анықталмаған",
        ru="Они не определены для метода Коупленда и для весов по надёжности",
        en="They are not defined for Copeland and for weights by reliability",
    )


class UncertaintyNotDeclared(Unprocessable):
    """Spread or sensitivity is asked for, and the methodology does not say what could vary."""

    code = "uncertainty_not_declared"
    title = Text(
        kk="Әдістемеде нені өзгертуге болатыны айтылмаған",
        ru="Методика не говорит, что может варьироваться",
        en="The methodology does not say what could vary",
    )


class SensitivityUnavailable(Unprocessable):
    """There is nothing to apportion: no declared choice varies, or none moves any rank."""

    code = "sensitivity_unavailable"
    title = Text(
        kk="Сезімталдықты есептеуге болмайды",
        ru="Чувствительность вычислить нельзя",
        en="Sensitivity cannot be computed",
    )
    detail = Text(
        kk="Кемінде бір таңдау өзгеріп, орындарды жылжытуы керек",
        ru="Хотя бы один выбор должен варьироваться и сдвигать места",
        en="At least one choice must vary and move ranks",
    )


class ValueAddedImpossible(Unprocessable):
    """There are not more units than coefficients to fit."""

    code = "value_added_impossible"
    title = Text(
        kk="Қосылған құнды есептеу үшін ұйымдар жеткіліксіз",
        ru="Слишком мало единиц, чтобы оценить прогресс",
        en="There are too few units to fit value added",
    )
    detail = Text(
        kk="Барлық мәні бар ұйымдар: {units}, керегі кемінде {needed}. Не коэффициенттерді беріңіз.",
        ru="Единиц со всеми значениями: {units}, нужно не меньше {needed}. Или задайте коэффициенты.",
        en="Units with every value: {units}, at least {needed} are needed. Or freeze the coefficients.",
    )
