"""What can go wrong with an audit."""

from shared.errors import Conflict, NotFound, Text


class AuditNotFound(NotFound):
    """Nobody has attached one, or none with this digest."""

    code = "audit_not_found"
    title = Text(kk="Мұндай аудит жоқ", ru="Такого аудита нет", en="There is no such audit")


class AuditOfAnotherDocument(Conflict):
    """The run is of another version, or the document has changed since."""

    code = "audit_of_another_document"
    title = Text(
        kk="Есептеу осы нұсқаның қазіргі құжаты бойынша жасалмаған",
        ru="Расчёт сделан не по нынешнему документу этой версии",
        en="The run was not made of the present document of this version",
    )
    detail = Text(
        kk="Осы нұсқаны қайта есептеңіз: POST /v1/runs",
        ru="Рассчитайте эту версию заново: POST /v1/runs",
        en="Run this version again: POST /v1/runs",
    )


class RunNotMeasured(Conflict):
    """The run is of a time when nothing was measured beside the scores."""

    code = "run_not_measured"
    title = Text(
        kk="Есептеу аудитке керек өлшемдерді қалдырмаған",
        ru="Расчёт не оставил измерений, нужных для аудита",
        en="The run left no measurements for an audit",
    )
    detail = Text(
        kk="Ядро нұсқасы: {engine_version}. Қайта есептеңіз: POST /v1/runs",
        ru="Версия ядра: {engine_version}. Рассчитайте заново: POST /v1/runs",
        en="The version of its core: {engine_version}. Run it again: POST /v1/runs",
    )
