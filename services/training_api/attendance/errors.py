"""What can go wrong with attendance."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class CodeMalformed(Unprocessable):
    code = "code_malformed"
    title = Text(
        kk="Код дұрыс терілмеген", ru="Код набран с ошибкой", en="The code was mistyped: its letters do not agree"
    )


class CodeOfAnotherSession(Conflict):
    code = "code_of_another_session"
    title = Text(
        kk="Бұл код осы сабақтың коды емес", ru="Это код не этого занятия", en="This is not a code of this session"
    )


class CodeExpired(Conflict):
    """`shown_until` in the context: when the next code took its place."""

    code = "code_expired"
    title = Text(kk="Кодтың уақыты өтті", ru="Срок кода истёк", en="The code is no longer taken")
    detail = Text(
        kk="Код {shown_until} дейін көрсетілді; экрандағы жаңасын сканерлеңіз",
        ru="Код показывали до {shown_until}; отсканируйте новый с экрана",
        en="The code was shown until {shown_until}; scan the one on the screen",
    )


class CodeNotYetValid(Conflict):
    code = "code_not_yet_valid"
    title = Text(
        kk="Бұл кодтың уақыты әлі келген жоқ",
        ru="Время этого кода ещё не наступило",
        en="The code is of a later moment",
    )


class ScanTooEarly(Conflict):
    """`opens_at` in the context: when scanning begins."""

    code = "scan_too_early"
    title = Text(kk="Сканерлеуге әлі ерте", ru="Отмечаться ещё рано", en="It is too early to scan")
    detail = Text(
        kk="{opens_at} бастап сканерлеуге болады",
        ru="Отмечаться можно с {opens_at}",
        en="Scanning begins at {opens_at}",
    )


class ScanTooLate(Conflict):
    """`closed_at` in the context: when scanning ended; a trainer can still mark by hand."""

    code = "scan_too_late"
    title = Text(kk="Сканерлеу аяқталды", ru="Отмечаться уже поздно", en="It is too late to scan")
    detail = Text(
        kk="Сканерлеу {closed_at} аяқталды; тренерге айтыңыз",
        ru="Отметка закончилась в {closed_at}; обратитесь к тренеру",
        en="Scanning ended at {closed_at}; tell the trainer",
    )


class NonceReplayed(Conflict):
    code = "nonce_replayed"
    title = Text(
        kk="Бұл сканерлеу басқа адамға есептелген",
        ru="Этот скан уже засчитан за другого человека или занятие",
        en="This scan has been counted already, for another person or session",
    )


class NotEnrolled(Conflict):
    code = "not_enrolled"
    title = Text(kk="Бұл ағымда орны жоқ", ru="Нет места в этом потоке", en="The person holds no seat in this cohort")


class SeatAtAnotherVenue(Conflict):
    """`venue_id` in the context: where the person's seat is."""

    code = "seat_at_another_venue"
    title = Text(
        kk="Орны басқа өткізу орнында", ru="Место на другой площадке", en="The person's seat is at another venue"
    )


class SessionCancelled(Conflict):
    code = "session_cancelled"
    title = Text(kk="Сабақ болмайды", ru="Занятие отменено", en="The session is cancelled")


class SessionNotBegun(Conflict):
    code = "session_not_begun"
    title = Text(kk="Сабақ әлі басталған жоқ", ru="Занятие ещё не началось", en="The session has not begun yet")


class SessionNotOver(Conflict):
    code = "session_not_over"
    title = Text(kk="Сабақ әлі аяқталған жоқ", ru="Занятие ещё не закончилось", en="The session is not over yet")


class BadgeInvalid(Unprocessable):
    code = "badge_invalid"
    title = Text(kk="Белгі жарамсыз", ru="Бейдж недействителен", en="The badge is not one of ours")


class UploadTooLate(Conflict):
    """`until` in the context: until when scans of the session could be sent."""

    code = "upload_too_late"
    title = Text(
        kk="Офлайн сканерлерді жіберу мерзімі өтті",
        ru="Срок отправки офлайн-отметок истёк",
        en="It is too late to send scans that were made without a network",
    )
    detail = Text(kk="Мерзімі: {until}", ru="Срок: {until}", en="They could be sent until {until}")


class AttendanceNotFound(NotFound):
    code = "attendance_not_found"
    title = Text(
        kk="Бұл сабақта ол күтілмейді", ru="На этом занятии его не ждут", en="Nobody of this session has that enrolment"
    )


class AttendanceStepNotAllowed(Conflict):
    """`status` and `allowed` in the context: where it stands and what can be done."""

    code = "attendance_step_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this state",
    )
    detail = Text(
        kk="Күйі: {status}; болатыны: {allowed}",
        ru="Состояние: {status}; можно: {allowed}",
        en="It is {status}; what can be done: {allowed}",
    )


class MinutesNeeded(Unprocessable):
    code = "minutes_needed"
    title = Text(
        kk="Неше минут болғанын көрсетіңіз",
        ru="Укажите, сколько минут",
        en="Tell how many minutes the person was there",
    )


class MinutesUnsuitable(Unprocessable):
    """`of_minutes` in the context: how long the session is."""

    code = "minutes_unsuitable"
    title = Text(
        kk="Минут саны күйге сай емес", ru="Минуты не подходят к состоянию", en="These minutes do not go with the state"
    )
    detail = Text(
        kk="Сабақ {of_minutes} минут; келмегендерде 0",
        ru="Занятие длится {of_minutes} мин; у отсутствующих 0",
        en="The session lasts {of_minutes} minutes; who was not there has 0",
    )


class PersonRepeated(Unprocessable):
    code = "person_repeated"
    title = Text(
        kk="Бір адам екі рет аталған", ru="Человек назван дважды", en="One person is named twice in what was sent"
    )


class CommentLooksPersonal(Unprocessable):
    """A comment is read by many: no IIN, telephone or address of mail belongs into it."""

    code = "comment_looks_personal"
    title = Text(
        kk="Түсіндірмеде жеке деректер бар сияқты",
        ru="В комментарии, похоже, есть личные данные",
        en="The comment seems to hold personal data",
    )


class PeriodTooLong(Unprocessable):
    code = "period_too_long"
    title = Text(
        kk="Кезең 366 күннен аспауы керек", ru="Период не длиннее 366 дней", en="The period is 366 days at most"
    )
