"""What can go wrong when data are frozen."""

from shared.errors import NotFound, Problem, Text


class SnapshotNotFound(NotFound):
    """No snapshot has this digest."""

    code = "snapshot_not_found"
    title = Text(kk="Мұндай дерек суреті жоқ", ru="Такого снимка данных нет", en="There is no such snapshot")


class SourceRefused(Problem):
    """A service that holds the data does not give them; `reason` is its own code."""

    code = "source_refused"
    status = 422
    title = Text(kk="Дерек көзі бас тартты", ru="Источник данных отказал", en="A source of the data refused")
    detail = Text(kk="{source} жауабы: {reason}", ru="Ответ {source}: {reason}", en="{source} answered: {reason}")


class SnapshotEmpty(Problem):
    """There is no organisation of the methodology's types in the area on that day."""

    code = "snapshot_empty"
    status = 422
    title = Text(
        kk="Бұл күні бағаланатын ұйым жоқ",
        ru="На этот день нет организаций для рейтинга",
        en="There is no organisation to rate on that day",
    )
