"""What can go wrong with clubs."""

from shared.errors import NotFound, Text, Unprocessable


class ClubProviderNotFound(NotFound):
    """There is no such provider."""

    code = "club_provider_not_found"
    title = Text(kk="Мұндай үйірме ұйымдастырушы жоқ", ru="Такого поставщика кружков нет", en="No such club provider")


class ClubProviderUnknown(Unprocessable):
    """A count names a provider that does not exist."""

    code = "club_provider_unknown"
    title = Text(
        kk="Белгісіз үйірме ұйымдастырушы", ru="Неизвестный поставщик кружков", en="The club provider is unknown"
    )


class PlaceNeeded(Unprocessable):
    """A provider works somewhere: an area or an organisation that has one has to be named."""

    code = "place_needed"
    title = Text(
        kk="Аумақ немесе аумағы бар ұйым көрсетілуі керек",
        ru="Нужно указать территорию или организацию, у которой она есть",
        en="An area, or an organisation that has one, is needed",
    )


class FieldNotAccepted(Unprocessable):
    """Something that tells one child from another was sent to where only counts belong; `errors` say where."""

    code = "field_not_accepted"
    title = Text(
        kk="Баланың жеке деректері қабылданбайды",
        ru="Данные о конкретном ребёнке не принимаются",
        en="Data about a single child are not accepted",
    )
    detail = Text(
        kk="Тек жиынтық сандар қабылданады: ЖСН, аты-жөні, оқушы нөмірі сияқты өрістерді алып тастаңыз.",
        ru="Принимаются только обобщённые числа: уберите поля с ИИН, именами и номерами учеников.",
        en="Only counts are taken: leave out fields with IINs, names and numbers of pupils.",
    )


class MonthToCome(Unprocessable):
    """A month that has not begun has no counts."""

    code = "month_to_come"
    title = Text(kk="Бұл ай әлі басталған жоқ", ru="Этот месяц ещё не начался", en="This month has not begun")


class RowRepeated(Unprocessable):
    """One batch says two things of the same month of the same club."""

    code = "row_repeated"
    title = Text(
        kk="Бір үйірменің бір айы екі рет берілген",
        ru="Один и тот же месяц кружка указан дважды",
        en="The same month of a club is there twice",
    )


class CountsRefused(Unprocessable):
    """Several rows of a batch are wrong; none was taken."""

    code = "counts_refused"
    title = Text(
        kk="Деректер қабылданбады, ештеңе өзгерген жоқ",
        ru="Данные не приняты, ничего не изменено",
        en="The counts were refused; nothing was changed",
    )
