"""What can go wrong with surveys."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class SurveyNotFound(NotFound):
    code = "survey_not_found"
    title = Text(kk="Мұндай сауалнама жоқ", ru="Такого опроса нет", en="There is no such survey")


class SurveyStepRefused(Conflict):
    """The machine has no such move from here."""

    code = "survey_step_refused"
    title = Text(kk="Бұл күйде мұны жасауға болмайды", ru="В этом состоянии так нельзя", en="Not in this state")
    detail = Text(kk="Сауалнаманың күйі: {status}", ru="Состояние опроса: {status}", en="The survey is {status}")


class SurveyIncomplete(Conflict):
    """`errors` names what is missing before it can open: a text in Kazakh or Russian, a frame, time that is left."""

    code = "survey_incomplete"
    title = Text(
        kk="Сауалнаманы ашуға әлі болмайды",
        ru="Опрос ещё нельзя открыть",
        en="The survey cannot be opened yet",
    )


class SurveyNotOpen(Conflict):
    """Ballots are taken from its opening instant until its closing one."""

    code = "survey_not_open"
    title = Text(
        kk="Сауалнама қазір бюллетень қабылдамайды",
        ru="Опрос сейчас не принимает бюллетени",
        en="The survey takes no ballots now",
    )


class SurveyNotTallied(Conflict):
    code = "survey_not_tallied"
    title = Text(
        kk="Бюллетеньдер әлі саналып жатыр", ru="Бюллетени ещё подсчитываются", en="The ballots are still being counted"
    )


class SurveyNotPublished(Conflict):
    code = "survey_not_published"
    title = Text(
        kk="Нәтижелер әлі жарияланған жоқ", ru="Результаты ещё не опубликованы", en="The results are not published yet"
    )


class InvestigationsOpen(Conflict):
    code = "investigations_open"
    title = Text(kk="Тексеру аяқталмаған", ru="Проверка не окончена", en="An investigation is not decided")
    detail = Text(
        kk="Шешімі жоқ тексерулер: {count}", ru="Проверок без решения: {count}", en="Not decided yet: {count}"
    )


class InvestigationNotFound(NotFound):
    code = "investigation_not_found"
    title = Text(kk="Мұндай тексеру жоқ", ru="Такой проверки нет", en="There is no such investigation")


class InvestigationExists(Conflict):
    code = "investigation_exists"
    title = Text(
        kk="Бұл ұйым тексеріліп жатыр не тексерілген",
        ru="Эта организация проверяется или уже проверена",
        en="This organisation is or was looked into",
    )


class InvestigationDecided(Conflict):
    code = "investigation_decided"
    title = Text(kk="Шешім қабылданған", ru="Решение уже принято", en="It is decided already")


class OrganisationOutsideFrame(Unprocessable):
    code = "organisation_outside_frame"
    title = Text(
        kk="Ұйым сауалнаманың негізіне кірмейді",
        ru="Организации нет в основе опроса",
        en="The organisation is not in the frame of the survey",
    )


class StratumUnknown(Unprocessable):
    code = "stratum_unknown"
    title = Text(
        kk="Ұйымның негізінде мұндай бөлік жоқ",
        ru="В основе организации нет такой части",
        en="The organisation's frame has no such part",
    )


class TokensExceedFrame(Conflict):
    code = "tokens_exceed_frame"
    title = Text(
        kk="Таңбалауыш ата-анадан көп бола алмайды",
        ru="Жетонов не больше, чем родителей",
        en="There are no more tokens than parents",
    )
    detail = Text(
        kk="Тағы {left} таңбалауыш беруге болады",
        ru="Можно выдать ещё {left}",
        en="{left} more can be handed out",
    )


class FrameRefused(Unprocessable):
    """`errors` names each organisation that does not fit."""

    code = "frame_refused"
    title = Text(kk="Негіз қабылданбады", ru="Основа не принята", en="The frame is not accepted")


class BallotTokenRefused(NotFound):
    """One answer for a token that never was and for one that was used: nobody learns which, nor whose school it is."""

    code = "ballot_token_refused"
    title = Text(
        kk="Бұл таңбалауышпен жауап беруге болмайды",
        ru="С этим жетоном ответить нельзя",
        en="This token cannot be answered with",
    )


class BallotUnfitting(Unprocessable):
    """`errors` names each question without an answer, with an answer it does not have, or that is not asked."""

    code = "answers_do_not_fit"
    title = Text(
        kk="Жауаптар сұрақтарға сай емес",
        ru="Ответы не соответствуют вопросам",
        en="The answers do not fit the questions",
    )


class FormExpired(Unprocessable):
    code = "form_expired"
    title = Text(
        kk="Форманы қайта ашыңыз", ru="Откройте форму заново", en="Open the form again: its stamp is not valid any more"
    )


TEXT_NEEDED = Text(kk="Қазақша және орысша мәтін керек", ru="Нужен текст на казахском и русском", en="kk and ru needed")
FRAME_NEEDED = Text(kk="Негіз керек", ru="Нужна основа опроса", en="A frame is needed")
TIME_OVER = Text(kk="Жабылу уақыты өтіп кеткен", ru="Время закрытия уже прошло", en="The closing instant has passed")
ANSWER_MISSING = Text(kk="Жауап жоқ", ru="Нет ответа", en="There is no answer")
ANSWER_UNKNOWN = Text(kk="Мұндай жауап жоқ", ru="Такого ответа нет", en="The question has no such answer")
QUESTION_UNKNOWN = Text(kk="Мұндай сұрақ жоқ", ru="Такого вопроса нет", en="There is no such question")
ORGANISATION_UNKNOWN = Text(
    kk="Тізілімде мұндай түрдегі ұйым жоқ", ru="В реестре нет такой организации этого типа", en="Not in the registry"
)
ORGANISATION_REPEATED = Text(kk="Ұйым қайталанған", ru="Организация повторяется", en="The organisation is repeated")
STRATA_UNEVEN = Text(
    kk="Бөліктер қайталанбайды, өлшемдері бірдей болады",
    ru="Части не повторяются и делятся по одним и тем же признакам",
    en="Parts differ and are all split by the same dimensions",
)
STRATUM_TOO_SMALL = Text(
    kk="Бірнеше бөліктің әрқайсысында кемінде 10 адам: кішісін көршісімен біріктіріңіз",
    ru="Если частей несколько, в каждой не меньше 10 человек: объедините малую с соседней",
    en="Where there are several parts each has 10 persons or more: join a small one to its neighbour",
)
POPULATION_TOO_LARGE = Text(
    kk="Бір ұйымда тым көп адам", ru="Слишком много человек в одной организации", en="Too many persons in one place"
)
FRAME_EMPTY = Text(
    kk="Көрсеткіште бірде-бір ұйымның саны жоқ",
    ru="В показателе нет численности ни одной организации",
    en="The indicator gives no organisation a number",
)
