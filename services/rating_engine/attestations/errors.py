"""What can go wrong with an attestation."""

from shared.errors import NotFound, Text, Unprocessable


class OrganisationNotAttested(NotFound):
    """Nothing is known of such a school in the data asked for."""

    code = "organisation_not_attested"
    title = Text(
        kk="Бұл деректерде мұндай мектеп жоқ",
        ru="В этих данных нет такой школы",
        en="There is no such school in these data",
    )


class SchoolsOnly(Unprocessable):
    """The criteria are those of schools; colleges have a ninth area of their own."""

    code = "attestation_of_schools"
    title = Text(
        kk="Критерийлер тек мектептерге арналған", ru="Критерии только для школ", en="The criteria are those of schools"
    )


class PeriodNeeded(Unprocessable):
    """Either a period or a run says which values are meant."""

    code = "attestation_period_needed"
    title = Text(kk="period немесе run_id керек", ru="Нужно period или run_id", en="Either period or run_id is needed")


class TableMalformed(Unprocessable):
    """The lists of the table do not fit its units; `errors` say where."""

    code = "attestation_table_malformed"
    title = Text(kk="Кесте өз ішінде сәйкес емес", ru="Таблица не согласована", en="The table does not hold together")


UNKNOWN_PART = Text(
    kk="Мұндай өлшенетін критерий жоқ", ru="Такого измеряемого критерия нет", en="There is no such measured criterion"
)
UNKNOWN_CRITERION = Text(
    kk="Мұндай құжаттық критерий жоқ",
    ru="Такого критерия по документам нет",
    en="There is no such documentary criterion",
)
WRONG_LENGTH = Text(
    kk="Тізімнің ұзындығы units тізімінікіндей болуы керек",
    ru="Список должен быть такой же длины, как units",
    en="The list must be as long as units",
)
UNIT_TWICE = Text(kk="Атау қайталанған", ru="Название повторяется", en="A name is repeated")
