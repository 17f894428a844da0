"""What can go wrong with enrolments."""

from shared.errors import Conflict, NotFound, Text


class EnrolmentNotFound(NotFound):
    code = "enrolment_not_found"
    title = Text(kk="Мұндай жазылу жоқ", ru="Такой записи нет", en="There is no such enrolment")


class EnrolmentUnknown(Conflict):
    """A body names an enrolment that does not exist."""

    code = "enrolment_unknown"
    title = Text(kk="Жазылу белгісіз", ru="Запись неизвестна", en="The enrolment is not known")


class CohortClosed(Conflict):
    code = "cohort_closed"
    title = Text(kk="Ағымға жазылу жабық", ru="Запись в поток закрыта", en="The cohort does not take enrolments now")
    detail = Text(
        kk="{cohort} ағымының күйі: {status}",
        ru="Поток {cohort}, состояние: {status}",
        en="Cohort {cohort} is {status}",
    )


class AlreadyEnrolled(Conflict):
    code = "already_enrolled"
    title = Text(
        kk="Педагог бұл ағымға жазылған",
        ru="Педагог уже записан в этот поток",
        en="The educator is enrolled in this cohort already",
    )
    detail = Text(
        kk="Жазылу {enrolment_id}, күйі: {status}",
        ru="Запись {enrolment_id}, состояние: {status}",
        en="Enrolment {enrolment_id} is {status}",
    )


class DoubleBooking(Conflict):
    code = "double_booking"
    title = Text(
        kk="Педагог бұл күндері басқа ағымда оқиды",
        ru="Педагог в эти дни учится в другом потоке",
        en="The educator learns in another cohort on these days",
    )
    detail = Text(
        kk="Күндері сәйкес келетін ағым: {cohort}",
        ru="Поток, чьи дни совпадают: {cohort}",
        en="The cohort whose days overlap: {cohort}",
    )


class TransitionNotAllowed(Conflict):
    code = "transition_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this state",
    )
    detail = Text(
        kk="Жазылудың күйі: {status}; болатыны: {allowed}",
        ru="Состояние записи: {status}; можно: {allowed}",
        en="The enrolment is {status}; what can be done: {allowed}",
    )


class OfferExpired(Conflict):
    code = "offer_expired"
    title = Text(kk="Ұсыныстың мерзімі өтті", ru="Срок предложения истёк", en="The time to answer the offer is over")


class NoFreeSeat(Conflict):
    code = "no_free_seat"
    title = Text(kk="Бос орын жоқ", ru="Свободных мест нет", en="There is no free seat")


class NotFirstInLine(Conflict):
    code = "not_first_in_line"
    title = Text(
        kk="Кезекте алдында басқалар бар",
        ru="В очереди впереди стоят другие",
        en="Others stand before in the waiting list",
    )
    detail = Text(
        kk="Кезектегі орны: {position}", ru="Место в очереди: {position}", en="Position in the list: {position}"
    )


class CourseNotBegun(Conflict):
    code = "course_not_begun"
    title = Text(kk="Курс әлі басталған жоқ", ru="Курс ещё не начался", en="The course has not begun yet")


class SameCohort(Conflict):
    code = "same_cohort"
    title = Text(
        kk="Басқа ағымды немесе басқа өткізу орнын көрсетіңіз",
        ru="Укажите другой поток или другое место",
        en="Name another cohort or another venue",
    )
