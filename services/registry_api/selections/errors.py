"""What can go wrong with saved selections."""

from shared.errors import NotFound, Problem, Text, Unprocessable


class SelectionNotFound(NotFound):
    """No such selection, or somebody else's that is not shared."""

    code = "selection_not_found"
    title = Text(kk="Мұндай іріктеме жоқ", ru="Такой подборки нет", en="There is no such selection")


class SelectionNotYours(Problem):
    """A selection is changed by whoever saved it."""

    code = "selection_not_yours"
    status = 403
    title = Text(
        kk="Іріктемені тек иесі өзгерте алады",
        ru="Подборку меняет только её владелец",
        en="Only its owner may change a selection",
    )


class OrganisationsUnknown(Unprocessable):
    """Some of the organisations do not exist."""

    code = "organisations_unknown"
    title = Text(kk="Мұндай ұйымдар жоқ", ru="Таких организаций нет", en="There are no such organisations")
    detail = Text(kk="Табылмағаны: {unknown}", ru="Не найдены: {unknown}", en="Not found: {unknown}")


class CriteriaOrList(Unprocessable):
    """A selection is one or the other."""

    code = "criteria_or_list"
    title = Text(
        kk="criteria немесе organisation_ids керек, екеуі бірге емес",
        ru="Нужно criteria или organisation_ids, но не оба",
        en="Give either criteria or organisation_ids",
    )


class NothingSelected(Unprocessable):
    """A member of a selection cannot be emptied, only replaced."""

    code = "null_not_allowed"
    title = Text(kk="Бұл өрісті босатуға болмайды", ru="Это поле нельзя очистить", en="This field cannot be emptied")
