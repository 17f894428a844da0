"""What can go wrong with cohorts, venues and sessions."""

from shared.errors import Conflict, NotFound, Text


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
