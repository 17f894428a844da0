"""What can go wrong with feedback."""

from shared.errors import Conflict, NotFound, Problem, Text, Unprocessable


class QuestionnaireNotFound(NotFound):
    code = "questionnaire_not_found"
    title = Text(kk="Мұндай сауалнама жоқ", ru="Такой анкеты нет", en="There is no such questionnaire")


class QuestionnaireUnknown(Unprocessable):
    code = "questionnaire_unknown"
    title = Text(kk="Сауалнама белгісіз", ru="Анкета неизвестна", en="The questionnaire is not known")


class FeedbackRoundNotFound(NotFound):
    code = "feedback_round_not_found"
    title = Text(kk="Мұндай сұрау жоқ", ru="Такого опроса нет", en="There is no such round of feedback")


class FeedbackScheduled(Conflict):
    code = "feedback_scheduled"
    title = Text(
        kk="Бұл ағымның сұраулары жоспарланған",
        ru="Опросы этого потока уже назначены",
        en="The cohort has its rounds of feedback already",
    )


class FeedbackRoundNotOpen(Conflict):
    """Tokens are handed out for rounds that are planned or open; a round is closed when it is open."""

    code = "feedback_round_not_open"
    title = Text(kk="Сұрау ашық емес", ru="Опрос не открыт", en="The round of feedback is not open")
    detail = Text(kk="Сұраудың күйі: {status}", ru="Состояние опроса: {status}", en="The round is {status}")


class FeedbackAnswersGiven(Conflict):
    code = "feedback_answers_given"
    title = Text(
        kk="Жауап берілген: таңбалауыштарды жаңартуға болмайды",
        ru="Ответы уже есть: жетоны не обновить",
        en="Answers were given: the tokens cannot be renewed",
    )


class FeedbackTokenUnknown(NotFound):
    code = "feedback_token_unknown"
    title = Text(kk="Мұндай таңбалауыш жоқ", ru="Такого жетона нет", en="There is no such token")


class FeedbackTokenUsed(Conflict):
    code = "feedback_token_used"
    title = Text(
        kk="Таңбалауыш пайдаланылған: бір адам бір рет жауап береді",
        ru="Жетон использован: ответ один",
        en="The token was used: everybody answers once",
    )


class FeedbackNotYet(Conflict):
    code = "feedback_not_yet"
    title = Text(kk="Сұрау әлі ашылған жоқ", ru="Опрос ещё не открыт", en="The round of feedback has not opened yet")
    detail = Text(kk="Ашылатын күні: {day}", ru="Откроется {day}", en="It opens on {day}")


class FeedbackClosed(Problem):
    code = "feedback_closed"
    status = 410
    title = Text(kk="Сұрау жабылды", ru="Опрос закрыт", en="The round of feedback is closed")
    detail = Text(kk="Жабылған күні: {day}", ru="Закрыт {day}", en="It closed on {day}")


class AnswersDoNotFit(Unprocessable):
    """`errors` names each question that has no answer, no such point, or is not asked."""

    code = "answers_do_not_fit"
    title = Text(
        kk="Жауаптар сұрақтарға сай емес",
        ru="Ответы не соответствуют вопросам",
        en="The answers do not fit the questions",
    )


ANSWER_MISSING = Text(kk="Жауап жоқ", ru="Нет ответа", en="There is no answer")
QUESTION_UNKNOWN = Text(kk="Мұндай сұрақ жоқ", ru="Такого вопроса нет", en="There is no such question")
POINT_UNKNOWN = Text(kk="Шкалада мұндай балл жоқ", ru="На шкале нет такого балла", en="The scale has no such point")
TEXT_PERSONAL = Text(
    kk="Мәтінде жеке дерекке ұқсас нәрсе бар: ЖСН, телефон не пошта",
    ru="В тексте похожее на личные данные: ИИН, телефон или почта",
    en="The text holds what looks like personal data: an IIN, a telephone, an address of mail",
)
