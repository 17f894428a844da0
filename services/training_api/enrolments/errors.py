"""What can go wrong with enrolments."""

from shared.errors import Conflict, NotFound, Problem, Text


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
        kk="Педагог бұл уақытта басқа ағымда оқиды",
        ru="Педагог в это время учится в другом потоке",
        en="The educator learns in another cohort at that time",
    )
    detail = Text(
        kk="Уақыты сәйкес келетін ағым: {cohort}",
        ru="Поток, чьё время совпадает: {cohort}",
        en="The cohort whose time overlaps: {cohort}",
    )


class TeachesThen(Conflict):
    """A trainer cannot sit and learn while teaching."""

    code = "teaches_then"
    title = Text(
        kk="Педагог бұл уақытта өзі сабақ жүргізеді",
        ru="Педагог в это время сам ведёт занятие",
        en="The educator teaches at that time",
    )
    detail = Text(kk="Сабақ: {session_id}", ru="Занятие: {session_id}", en="The session: {session_id}")


class TrainerLearns(Conflict):
    """The hours of a session are hours in which its trainer sits as a learner."""

    code = "trainer_learns"
    title = Text(
        kk="Жаттықтырушы бұл уақытта өзі оқиды",
        ru="Тренер в это время сам учится",
        en="The trainer learns at that time",
    )
    detail = Text(kk="Ағым: {cohort}", ru="Поток: {cohort}", en="The cohort: {cohort}")


class CohortOver(Conflict):
    code = "action_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this state",
    )
    detail = Text(kk="Ағымның күйі: {status}", ru="Состояние потока: {status}", en="The cohort is {status}")


class NotWaiting(Conflict):
    code = "not_waiting"
    title = Text(kk="Педагог кезекте тұрған жоқ", ru="Педагог не стоит в очереди", en="The person does not wait")
    detail = Text(kk="Жазылудың күйі: {status}", ru="Состояние записи: {status}", en="The enrolment is {status}")


class WaitingByArrival(Conflict):
    code = "waiting_by_arrival"
    title = Text(
        kk="Бұл ағымның кезегі келу ретімен жүреді",
        ru="Очередь этого потока идёт в порядке прихода",
        en="The waiting list of this cohort goes by arrival",
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


class AfterCutOff(Conflict):
    code = "after_cut_off"
    title = Text(
        kk="Тізім жабылды, курсқа енді ешкім қосылмайды",
        ru="Список закрыт, в курс больше никого не вводят",
        en="The list is closed: nobody comes into the course any more",
    )
    detail = Text(kk="Соңғы күні: {day}", ru="Последний день: {day}", en="The last day was {day}")


class SubstitutionClosed(Conflict):
    code = "substitution_closed"
    title = Text(
        kk="Әріптесімен ауыстыру мерзімі өтті",
        ru="Срок замены коллегой прошёл",
        en="It is too late to send a colleague instead",
    )
    detail = Text(kk="Соңғы күні: {day}", ru="Последний день: {day}", en="The last day was {day}")


class SameEducator(Conflict):
    code = "same_educator"
    title = Text(
        kk="Орнына басқа адамды көрсетіңіз", ru="Укажите другого человека", en="Name another person to come instead"
    )


class NotAColleague(Conflict):
    code = "not_a_colleague"
    title = Text(
        kk="Орынды тек сол ұйымның педагогына беруге болады",
        ru="Место можно передать только педагогу той же организации",
        en="The seat goes only to an educator of the same organisation",
    )


class NotNextApprover(Problem):
    """The caller may decide at another level than the one whose turn it is."""

    code = "not_next_approver"
    status = 403
    title = Text(kk="Қазір шешімді сіз қабылдамайсыз", ru="Сейчас решаете не вы", en="It is not your turn to decide")
    detail = Text(
        kk="Шешім қабылдайтын деңгей: {next_approver}",
        ru="Решает уровень: {next_approver}",
        en="The level that decides now: {next_approver}",
    )


class ApprovalNeeded(Conflict):
    """The person would come into a programme whose approval nobody has given."""

    code = "application_needed"
    title = Text(
        kk="Бұл бағдарламаға өтініш беру керек",
        ru="В эту программу нужно подать заявку",
        en="This programme asks for an application",
    )
    detail = Text(
        kk="Бірінші шешім қабылдайтын деңгей: {next_approver}",
        ru="Первым решает уровень: {next_approver}",
        en="The level that decides first: {next_approver}",
    )
