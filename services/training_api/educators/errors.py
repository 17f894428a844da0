"""What can go wrong with educators. No message repeats anything personal."""

from shared.errors import Conflict, NotFound, Problem, Text


class EducatorNotFound(NotFound):
    code = "educator_not_found"
    title = Text(kk="Мұндай педагог жоқ", ru="Такого педагога нет", en="There is no such educator")


class EducatorUnknown(Conflict):
    """A body names a person that does not exist."""

    code = "educator_unknown"
    title = Text(kk="Педагог белгісіз", ru="Педагог неизвестен", en="The educator is not known")


class EducatorExists(Conflict):
    """Somebody with this IIN is here already."""

    code = "educator_exists"
    title = Text(
        kk="Осы ЖСН-мен педагог бар", ru="Педагог с этим ИИН уже есть", en="There is an educator of this IIN already"
    )


class IinInvalid(Problem):
    code = "iin_invalid"
    status = 422
    title = Text(
        kk="ЖСН-ның бақылау цифры дұрыс емес",
        ru="Контрольная цифра ИИН не сходится",
        en="The check digit of the IIN is wrong",
    )


class IinNotTaken(Conflict):
    """The installation has no key to hash IINs with."""

    code = "iin_not_taken"
    title = Text(
        kk="Бұл жүйеде ЖСН қабылданбайды", ru="Эта система не принимает ИИН", en="This installation takes no IIN"
    )


class PeriodReversed(Problem):
    code = "period_reversed"
    status = 422
    title = Text(
        kk="Жұмыстан шыққан күн жұмысқа кірген күннен кейін болуы керек",
        ru="День ухода должен быть позже дня приёма",
        en="The day of leaving must be later than the day of hiring",
    )


class MoveIncomplete(Problem):
    code = "move_incomplete"
    status = 422
    title = Text(
        kk="Жаңа жұмыс орны үшін organisation_id мен hired_on екеуі де керек",
        ru="Для нового места работы нужны и organisation_id, и hired_on",
        en="A new workplace needs both organisation_id and hired_on",
    )


class MustStay(Problem):
    """A field that every person has cannot be taken away."""

    code = "must_not_be_null"
    status = 422
    title = Text(kk="Бұл өрісті бос қалдыруға болмайды", ru="Это поле нельзя убрать", en="This cannot be taken away")


class EducatorBlocked(Conflict):
    """Data that are blocked or erased are not used for anything new."""

    code = "educator_blocked"
    title = Text(
        kk="Бұл адамның деректері бұғатталған немесе өшірілген",
        ru="Данные этого человека заблокированы или удалены",
        en="The data of this person are blocked or erased",
    )


class PersonStepRefused(Conflict):
    """The machine has no such move from the state the data are in."""

    code = "person_step_refused"
    title = Text(
        kk="Бұл күйде мұны жасауға болмайды", ru="В этом состоянии это невозможно", en="This is not possible now"
    )
    detail = Text(kk="Күйі: {state}", ru="Состояние: {state}", en="State: {state}")
