"""What can go wrong with facilities and their standards."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class StandardNotFound(NotFound):
    code = "facility_standard_not_found"
    title = Text(kk="Мұндай стандарт жоқ", ru="Такого стандарта нет", en="There is no such standard")


class StandardUnknown(Unprocessable):
    """A body or a query names a standard, or a version of it, that does not exist."""

    code = "facility_standard_unknown"
    title = Text(kk="Стандарт белгісіз", ru="Стандарт неизвестен", en="The standard is not known")
    detail = Text(
        kk="Мұндай стандарт немесе оның мұндай нұсқасы жоқ",
        ru="Нет такого стандарта или такой его версии",
        en="There is no such standard, or no such version of it",
    )


class StandardUnchanged(Conflict):
    """The latest version says the same."""

    code = "facility_standard_unchanged"
    title = Text(kk="Соңғы нұсқа дәл осылай", ru="Последняя версия такая же", en="The latest version says the same")
    detail = Text(kk="Нұсқа: {version}", ru="Версия: {version}", en="It is version {version}")


class StepsDisordered(Unprocessable):
    """Steps of capacity repeat or fall."""

    code = "capacity_steps_disordered"
    title = Text(
        kk="Сыйымдылық сатылары өспелі болуы керек",
        ru="Ступени вместимости должны возрастать",
        en="Steps of capacity have to rise",
    )


class KindRepeated(Unprocessable):
    """One kind stands twice in a step."""

    code = "room_kind_repeated"
    title = Text(kk="Бөлме түрі қайталанады", ru="Вид помещения повторяется", en="A kind of room stands twice")


class RangeReversed(Unprocessable):
    """The least is more than the most."""

    code = "area_range_reversed"
    title = Text(kk="Ауқымның шектері ауысып кеткен", ru="Границы диапазона перепутаны", en="The range is upside down")


class SchoolUnknown(Unprocessable):
    """The organisation named is not in the registry."""

    code = "facility_organisation_unknown"
    title = Text(
        kk="Тізілімде мұндай ұйым жоқ", ru="Такой организации в реестре нет", en="There is no such organisation"
    )


class ClosedBeforeOpened(Unprocessable):
    """The last day comes before the first."""

    code = "closed_before_opened"
    title = Text(
        kk="Жабылған күні ашылған күнінен кейін болуы керек",
        ru="Закрытие должно быть позже открытия",
        en="What closes has to close after it opened",
    )


class StandardNeeded(Unprocessable):
    """Either a stored standard or one made up."""

    code = "standard_needed"
    title = Text(
        kk="standard немесе content керек, екеуі бірге емес",
        ru="Нужно либо standard, либо content",
        en="Give either standard or content",
    )


class SelectionTwice(Unprocessable):
    """Schools are named and described at once."""

    code = "selection_twice"
    title = Text(
        kk="organisations және selection бірге берілмейді",
        ru="organisations и selection вместе не даются",
        en="Give organisations or selection, not both",
    )


class TypicalNeeded(Unprocessable):
    """A figure was given without the typical one it is held against, or the other way round."""

    code = "typical_needed"
    title = Text(
        kk="Мәнмен бірге типтік мән де керек",
        ru="Вместе со значением нужно типовое",
        en="A figure and the typical one go together",
    )


class AssessmentNotFound(NotFound):
    code = "facility_assessment_not_found"
    title = Text(kk="Мұндай бағалау жоқ", ru="Такой оценки нет", en="There is no such assessment")
