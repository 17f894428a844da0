"""What can go wrong with academic years, directives and their items."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class AcademicYearNotFound(NotFound):
    """No dates of that school year are known."""

    code = "academic_year_not_found"
    title = Text(kk="Мұндай оқу жылы жоқ", ru="Такого учебного года нет", en="There is no such school year")


class AcademicYearUnknown(Unprocessable):
    """A directive is for a school year whose dates are not known yet."""

    code = "academic_year_unknown"
    title = Text(kk="Оқу жылы белгісіз", ru="Учебный год неизвестен", en="The school year is unknown")
    detail = Text(
        kk="{academic_year} оқу жылының күндерін алдымен /v1/academic-years арқылы енгізіңіз",
        ru="Сначала внесите даты {academic_year} учебного года через /v1/academic-years",
        en="First enter the dates of {academic_year} by /v1/academic-years",
    )


class AcademicYearExists(Conflict):
    """Its dates are known; they are changed, not entered again."""

    code = "academic_year_exists"
    title = Text(kk="Бұл оқу жылы бар", ru="Этот учебный год уже есть", en="This school year exists")


class DirectiveNotFound(NotFound):
    """No such directive."""

    code = "directive_not_found"
    title = Text(kk="Мұндай тапсырма жоқ", ru="Такого поручения нет", en="There is no such directive")


class ItemNotFound(NotFound):
    """The directive has no such item."""

    code = "direction_item_not_found"
    title = Text(kk="Мұндай тармақ жоқ", ru="Такого пункта нет", en="There is no such item")


class ItemCodeTaken(Conflict):
    """Another item of the directive bears the code."""

    code = "item_code_taken"
    title = Text(
        kk="Бұл код басқа тармаққа берілген", ru="Этот код уже у другого пункта", en="Another item has this code"
    )


class DirectiveFull(Conflict):
    """More items than one page can show."""

    code = "directive_full"
    title = Text(
        kk="Тапсырмада {most} тармақтан артық болмайды",
        ru="В поручении не больше {most} пунктов",
        en="A directive has at most {most} items",
    )


class ItemStepRefused(Conflict):
    """From where the item is, this is not a next step."""

    code = "item_step_refused"
    title = Text(kk="Мұндай ауысу жоқ", ru="Такого перехода нет", en="There is no such step")
    detail = Text(
        kk="{current} мәртебесінен {wanted} мәртебесіне өтуге болмайды; болатыны: {allowed}",
        ru="Из статуса {current} нельзя перейти в {wanted}; можно в: {allowed}",
        en="From {current} one cannot go to {wanted}, only to: {allowed}",
    )


class BeforeFirstDay(Conflict):
    """On that day the item had not been set."""

    code = "before_first_day"
    title = Text(
        kk="Ол күні тармақ әлі қойылмаған", ru="В тот день пункта ещё не было", en="The item had not been set then"
    )


class ItemInvalid(Unprocessable):
    """A field of an item that always says something was to be emptied."""

    code = "field_required"
    title = Text(kk="Бұл өріс бос болмайды", ru="Это поле не может быть пустым", en="This field cannot be empty")


class OrganisationUnknown(Unprocessable):
    """The unit named as responsible is not in the registry."""

    code = "organisation_unknown"
    title = Text(kk="Мұндай ұйым жоқ", ru="Такой организации нет", en="There is no such organisation")


class AlreadyRolledOver(Conflict):
    """Its open items were taken over into that year before."""

    code = "already_rolled_over"
    title = Text(
        kk="Ашық тармақтар сол жылға көшірілген",
        ru="Открытые пункты уже перенесены на тот год",
        en="The open items were taken over into that year already",
    )
    detail = Text(kk="Жалғасы: {directive_id}", ru="Продолжение: {directive_id}", en="It goes on in {directive_id}")


class YearNotLater(Unprocessable):
    """Items are taken over into a later year only."""

    code = "academic_year_not_later"
    title = Text(
        kk="Оқу жылы кейінгі болуы керек",
        ru="Учебный год должен быть позже",
        en="The school year has to be a later one",
    )
