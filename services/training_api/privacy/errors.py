"""What can go wrong when a person's data are to be blocked or erased."""

from shared.errors import Conflict, Text


class StillEnrolled(Conflict):
    """Who still takes part somewhere cannot be forgotten yet."""

    code = "still_enrolled"
    title = Text(
        kk="Адам әлі оқып жүр немесе кезекте тұр",
        ru="Человек ещё учится или ждёт места",
        en="The person still takes part or waits",
    )
    detail = Text(
        kk="Аяқталмаған жазылулар: {enrolments}; алдымен оларды тоқтатыңыз",
        ru="Незавершённых записей: {enrolments}; сначала прекратите их",
        en="Enrolments that are not over: {enrolments}; end them first",
    )
