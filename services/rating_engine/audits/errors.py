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


class AuditOfAnotherEngine(Conflict):
    """The run was computed by another version of the core, so that it is not the rating that would be measured."""

    code = "audit_of_another_engine"
    title = Text(
        kk="Есептеу ядроның басқа нұсқасымен жасалған",
        ru="Расчёт сделан другой версией ядра",
        en="The run was computed by another version of the core",
    )
    detail = Text(
        kk="Есептеу: {run}, қазіргі: {present}. Қайта есептеңіз: POST /v1/runs",
        ru="Расчёт: {run}, нынешняя: {present}. Рассчитайте заново: POST /v1/runs",
        en="The run: {run}, at present: {present}. Run it again: POST /v1/runs",
    )
