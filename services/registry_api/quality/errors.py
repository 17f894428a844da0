"""What can go wrong with findings and with candidates for duplicates."""

from shared.errors import Conflict, NotFound, Text


class FindingNotFound(NotFound):
    """There is no such finding, or none within the caller's reach."""

    code = "finding_not_found"
    title = Text(kk="Мұндай ескерту жоқ", ru="Такого замечания нет", en="There is no such finding")


class FindingNotOpen(Conflict):
    """Only what is open can be acknowledged."""

    code = "finding_not_open"
    title = Text(kk="Ескерту ашық емес", ru="Замечание не открыто", en="The finding is not open")


class FindingNotAcknowledged(Conflict):
    """Only what was acknowledged can be opened again."""

    code = "finding_not_acknowledged"
    title = Text(
        kk="Ескерту мойындалмаған", ru="Замечание не было принято к сведению", en="The finding is not acknowledged"
    )


class DuplicateNotFound(NotFound):
    """There is no such pair."""

    code = "duplicate_not_found"
    title = Text(kk="Мұндай жұп жоқ", ru="Такой пары нет", en="There is no such pair")


class DuplicateDecided(Conflict):
    """The pair waits for no decision."""

    code = "duplicate_decided"
    title = Text(
        kk="Бұл жұп бойынша шешім қабылданған немесе ол жоғалған",
        ru="По этой паре решение уже принято, или её больше нет",
        en="The pair has been decided upon, or is gone",
    )
