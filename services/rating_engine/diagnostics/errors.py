"""What can go wrong when a run is asked about itself."""

from shared.errors import NotFound, Text


class NothingVaries(NotFound):
    """The method of the run declares no choice that could have been made otherwise."""

    code = "nothing_varies"
    title = Text(
        kk="Бұл әдістемеде басқаша болуы мүмкін таңдау жоқ",
        ru="В этой методике нет выбора, который мог бы быть иным",
        en="The methodology declares no choice that could have been made otherwise",
    )


class ArtefactNotFound(NotFound):
    """The run's method has no such step, or nothing was left by it."""

    code = "artefact_not_found"
    title = Text(kk="Мұндай қадамның ізі жоқ", ru="Такого следа расчёта нет", en="No step left anything of that name")
