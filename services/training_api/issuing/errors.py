"""What can go wrong when a document is given."""

from shared.errors import Conflict, Problem, Text


class NotCompleted(Conflict):
    code = "not_completed"
    title = Text(
        kk="Оқу аяқталмаған немесе нәтижесі сертификат бермейді",
        ru="Обучение не завершено или его итог не даёт документа",
        en="The course is not completed, or its outcome gives no document",
    )
    detail = Text(kk="Жазылудың күйі: {status}", ru="Состояние записи: {status}", en="The enrolment is {status}")


class ProgrammeNotApproved(Conflict):
    code = "programme_not_approved"
    title = Text(
        kk="Бекітілмеген бағдарлама сертификат бермейді",
        ru="Неутверждённая программа не даёт сертификатов",
        en="A programme that is not approved gives no certificates",
    )


class AlreadyIssued(Conflict):
    code = "already_issued"
    title = Text(kk="Құжат берілген", ru="Документ уже выдан", en="The document has been issued already")
    detail = Text(kk="Нөмірі: {number}", ru="Номер: {number}", en="Its number: {number}")


class IssuedTooEarly(Problem):
    code = "issued_too_early"
    status = 422
    title = Text(
        kk="Құжат оқу аяқталған күннен бұрын берілмейді",
        ru="Документ не выдают раньше завершения",
        en="A document cannot be issued before the course is completed",
    )
