"""What can go wrong with contracts."""

from shared.errors import Conflict, NotFound, Problem, Text


class ContractNotFound(NotFound):
    code = "contract_not_found"
    title = Text(kk="Мұндай келісімшарт жоқ", ru="Такого договора нет", en="There is no such contract")


class ContractOverlaps(Conflict):
    """The places of one area would be counted twice."""

    code = "contract_overlaps"
    title = Text(
        kk="Бұл бағдарлама мен аумақ үшін осы күндерге келісімшарт бар",
        ru="На эту программу и территорию в эти дни уже есть договор",
        en="There is a contract for this programme and area in these days already",
    )
    detail = Text(
        kk="Келісімшарт {contract}. Орындар санын сонда өзгертіңіз немесе күндерді бөліңіз.",
        ru="Договор {contract}. Измените число мест в нём или разведите сроки.",
        en="Contract {contract}. Change the number of its places, or keep the days apart.",
    )


class ContractProgrammeUnknown(Problem):
    """The provider teaches no programme of this code."""

    code = "contract_programme_unknown"
    status = 422
    title = Text(
        kk="Провайдерде мұндай бағдарлама жоқ",
        ru="У провайдера нет такой программы",
        en="The provider has no such programme",
    )


class ContractPeriodReversed(Problem):
    code = "contract_period_reversed"
    status = 422
    title = Text(
        kk="Келісімшарттың соңғы күні бірінші күнінен бұрын болмауы керек",
        ru="Последний день договора не может быть раньше первого",
        en="The last day of a contract cannot be earlier than the first",
    )


class ContractFieldMustStay(Problem):
    """A field that every contract has cannot be taken away."""

    code = "must_not_be_null"
    status = 422
    title = Text(kk="Бұл өрісті бос қалдыруға болмайды", ru="Это поле нельзя убрать", en="This cannot be taken away")
