"""What can go wrong with outcome measures and reports of impact."""

from shared.errors import Conflict, Text, Unprocessable


class MeasureExists(Conflict):
    code = "measure_exists"
    title = Text(
        kk="Бұл күнгі өлшем бар", ru="Измерение за этот день уже есть", en="There is a measure of that day already"
    )


class MeasureToCome(Unprocessable):
    code = "measure_to_come"
    title = Text(kk="Бұл күн әлі келген жоқ", ru="Этот день ещё не настал", en="That day has not come yet")


class MeasuredUnknown(Unprocessable):
    code = "measured_unknown"
    title = Text(kk="Мұндай педагог жоқ", ru="Такого педагога нет", en="There is no such educator")


class ImpactProgrammeUnknown(Unprocessable):
    code = "impact_programme_unknown"
    title = Text(kk="Бұл кодты бағдарлама жоқ", ru="Программы с таким кодом нет", en="No programme has this code")


class ImpactIndicatorUnknown(Unprocessable):
    code = "impact_indicator_unknown"
    title = Text(
        kk="Тізілім бұл көрсеткішті не кезеңді қабылдамады",
        ru="Реестр не принял этот показатель или период",
        en="The registry does not take this indicator or period",
    )
