"""What is said to who verified a file, in three languages."""

from datetime import datetime

from shared.clock import KAZAKHSTAN
from shared.schemas.base import TextOut
from shared.schemas.training.credentials import FileFailure as Failure
from shared.schemas.training.credentials import FileOutcome as Outcome

_VALID = TextOut(
    kk="Құжат түпнұсқа және күшінде", ru="Документ подлинный и действует", en="The document is genuine and holds"
)
_UNKNOWN = (
    "Құжат түпнұсқа; {when} жағдайы бойынша күшінде екені белгісіз",
    "Документ подлинный; действует ли он, по состоянию на {when} неизвестно",
    "The document is genuine; as of {when} it is not known whether it still holds",
)
_FAILURES = {
    Failure.UNREADABLE: ("Файл оқылмайды", "Файл не читается", "The file cannot be read"),
    Failure.NO_PROOF: ("Файлда қол қою белгісі жоқ", "В файле нет подписи", "The file bears no signature"),
    Failure.ISSUER: (
        "Қол қойған құжат берушінің өзі емес",
        "Подписал не тот, кто назван выдавшим",
        "It was not signed by the issuer it names",
    ),
    Failure.KEY: ("Мұндай кілт бізде жоқ", "Такого ключа у нас нет", "It was signed with a key that is not ours"),
    Failure.SIGNATURE: (
        "Құжат өзгертілген: қолы сәйкес келмейді",
        "Документ изменён: подпись не сходится",
        "The document was altered: its signature does not fit",
    ),
    Failure.NOT_YET_VALID: ("Құжат әлі күшіне енген жоқ", "Документ ещё не действует", "It does not hold yet"),
    Failure.EXPIRED: ("Құжаттың мерзімі өткен", "Срок документа истёк", "The document has expired"),
    Failure.REVOKED: ("Құжат кері қайтарылған", "Документ отозван", "The document was revoked"),
    Failure.SUSPENDED: ("Құжат тоқтатыла тұрған", "Документ приостановлен", "The document is suspended"),
    Failure.SUPERSEDED: (
        "Құжат басқасымен ауыстырылған",
        "Документ заменён другим",
        "Another document stands in its place",
    ),
    Failure.UNKNOWN_DOCUMENT: (
        "Мұндай құжат берілмеген",
        "Такой документ не выдавался",
        "No such document was given out",
    ),
    Failure.CONTENT: (
        "Файл тізілімдегі құжаттан өзгеше",
        "Файл отличается от документа в реестре",
        "The file differs from the document in the register",
    ),
}


def sentence(outcome: Outcome, failure: Failure | None, as_of: datetime) -> TextOut:
    """The answer in words."""
    if failure is not None:
        return TextOut(**dict(zip(("kk", "ru", "en"), _FAILURES[failure], strict=True)))
    if outcome is Outcome.VALID:
        return _VALID
    when = f"{as_of.astimezone(KAZAKHSTAN):%d.%m.%Y %H:%M}"
    return TextOut(
        **{language: text.format(when=when) for language, text in zip(("kk", "ru", "en"), _UNKNOWN, strict=True)}
    )
