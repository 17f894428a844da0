"""What can go wrong with documents that anybody can verify."""

from shared.errors import Conflict, NotFound, Problem, Text


class StatusListNotFound(NotFound):
    code = "status_list_not_found"
    title = Text(kk="Мұндай күй тізімі жоқ", ru="Такого списка состояний нет", en="There is no such status list")


class DocumentWithdrawn(Conflict):
    """A document that does not hold is not printed."""

    code = "document_withdrawn"
    title = Text(
        kk="Бұл құжат күшінде емес, басып шығарылмайды",
        ru="Документ не действует и не печатается",
        en="The document does not hold and is not printed",
    )
    detail = Text(kk="Күйі: {status}", ru="Состояние: {status}", en="It is {status}")


class HolderHidden(Conflict):
    """The person's data are blocked or erased; the number can still be verified."""

    code = "holder_hidden"
    title = Text(
        kk="Иесінің дерегі бұғатталған немесе өшірілген, құжат басып шығарылмайды",
        ru="Данные владельца заблокированы или удалены, документ не печатается",
        en="The holder's data are blocked or erased, so the document is not printed",
    )


class SigningKeyMissing(Problem):
    """No key is set with which documents are signed."""

    code = "signing_key_missing"
    status = 503
    title = Text(
        kk="Құжаттарға қол қоятын кілт бапталмаған",
        ru="Не настроен ключ, которым подписывают документы",
        en="The key that signs documents is not set",
    )
