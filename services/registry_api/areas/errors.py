"""What can go wrong with areas."""

from shared.errors import NotFound, Text, Unprocessable


class AreaNotFound(NotFound):
    """No such code in the classifier on the day that was asked for."""

    code = "area_not_found"
    title = Text(kk="Мұндай аумақ жоқ", ru="Такой территории нет", en="There is no such area")
    detail = Text(
        kk="{code} коды {on} күні жіктеуіште жоқ",
        ru="Кода {code} нет в классификаторе на {on}",
        en="Code {code} is not in the classifier on {on}",
    )


class AreaUnknown(Unprocessable):
    """What was sent names a code that the classifier does not have."""

    code = "area_unknown"
    title = Text(kk="Аумақ коды жіктеуіште жоқ", ru="Кода территории нет в классификаторе", en="The area is unknown")
    detail = Text(
        kk="{code} коды жіктеуіште жоқ; жаңа редакцияны kind=areas импортымен жүктеңіз",
        ru="Кода {code} нет в классификаторе; загрузите новую редакцию импортом kind=areas",
        en="Code {code} is not in the classifier; load the new edition by an import with kind=areas",
    )


class ParentUnknown(Unprocessable):
    """A row names a unit above it that is neither in the classifier nor among the rows."""

    code = "area_parent_unknown"
    title = Text(kk="Жоғарғы аумақ белгісіз", ru="Вышестоящая территория неизвестна", en="The area above is unknown")
    detail = Text(
        kk="{parent} коды жіктеуіште де, осы жолдардың арасында да жоқ",
        ru="Кода {parent} нет ни в классификаторе, ни среди этих строк",
        en="Code {parent} is neither in the classifier nor among these rows",
    )


class ParentsInCircle(Unprocessable):
    """Going up from a row one comes back to it."""

    code = "area_parents_in_circle"
    title = Text(kk="Аумақтар тұйық шеңбер құрайды", ru="Территории замкнуты в круг", en="The areas form a circle")


class LevelDisagrees(Unprocessable):
    """A unit lies deeper than the one above it, and a region has none above it."""

    code = "area_level_disagrees"
    title = Text(
        kk="Деңгей жоғарғы аумаққа сай емес",
        ru="Уровень не согласуется с вышестоящей территорией",
        en="The level does not agree with the area above",
    )


class CodeRepeated(Unprocessable):
    """Two rows tell of one code from the same day."""

    code = "area_code_repeated"
    title = Text(kk="Код қайталанады", ru="Код повторяется", en="The code is repeated")
    detail = Text(
        kk="{code} коды {first_row}-жолда да бар",
        ru="Код {code} уже есть в строке {first_row}",
        en="Code {code} is already in row {first_row}",
    )
