"""What can go wrong with cohorts, venues and sessions."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class CohortNotFound(NotFound):
    code = "cohort_not_found"
    title = Text(kk="Мұндай ағым жоқ", ru="Такого потока нет", en="There is no such cohort")


class CohortUnknown(Conflict):
    """A body names a cohort that does not exist."""

    code = "cohort_unknown"
    title = Text(kk="Ағым белгісіз", ru="Поток неизвестен", en="The cohort is not known")


class CohortExists(Conflict):
    code = "cohort_exists"
    title = Text(kk="Мұндай кодпен ағым бар", ru="Поток с таким кодом есть", en="There is a cohort of this code")


class VenueNotFound(NotFound):
    code = "venue_not_found"
    title = Text(kk="Мұндай өткізу орны жоқ", ru="Такого места проведения нет", en="There is no such venue")


class VenueUnknown(Conflict):
    """A body names a venue that is not of the cohort."""

    code = "venue_unknown"
    title = Text(
        kk="Ағымда мұндай өткізу орны жоқ",
        ru="У потока нет такого места проведения",
        en="The cohort has no such venue",
    )


class CohortHasNoVenue(Conflict):
    code = "cohort_has_no_venue"
    title = Text(kk="Ағымның өткізу орны жоқ", ru="У потока нет места проведения", en="The cohort has no venue")


class ActionNotAllowed(Conflict):
    """The cohort is in a state from which this cannot be done."""

    code = "action_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this state",
    )
    detail = Text(kk="Ағымның күйі: {status}", ru="Состояние потока: {status}", en="The cohort is {status}")


class SessionOutsideCohort(Conflict):
    code = "session_outside_cohort"
    title = Text(
        kk="Сабақ ағымның күндеріне кірмейді",
        ru="Занятие вне дней потока",
        en="The session is outside the days of the cohort",
    )
    detail = Text(
        kk="Ағым {starts_on} – {ends_on} аралығында өтеді",
        ru="Поток идёт с {starts_on} по {ends_on}",
        en="The cohort runs from {starts_on} to {ends_on}",
    )


class SessionsOutside(Conflict):
    """The new days of the cohort leave out a session."""

    code = "sessions_outside"
    title = Text(
        kk="Кейбір сабақтар жаңа күндерден тыс қалады",
        ru="Некоторые занятия окажутся вне новых дней",
        en="Some sessions would be outside the new days",
    )
    detail = Text(
        kk="{held_on} күнгі сабақ: {session_id}",
        ru="Занятие {held_on}: {session_id}",
        en="The session of {held_on}: {session_id}",
    )


class SessionNotFound(NotFound):
    code = "session_not_found"
    title = Text(kk="Мұндай сабақ жоқ", ru="Такого занятия нет", en="There is no such session")


class SessionCancelled(Conflict):
    code = "session_cancelled"
    title = Text(kk="Сабақ болмайды", ru="Занятие отменено", en="The session is cancelled")


class PeriodReversed(Unprocessable):
    """Times or days that are in order each by itself, and are not with what was there before."""

    code = "period_reversed"
    title = Text(kk="Уақыттың реті дұрыс емес", ru="Время идёт не по порядку", en="Times and days are not in order")


class WaitingPolicyFixed(Conflict):
    code = "waiting_policy_fixed"
    title = Text(
        kk="Жазылу ашылған соң кезек ережесі өзгермейді",
        ru="После открытия записи правило очереди не меняется",
        en="The order of the waiting list is fixed once enrolment has been open",
    )
