"""What can go wrong with an appeal."""

from shared.errors import Conflict, NotFound, Problem, Text, Unprocessable


class AppealNotFound(NotFound):
    """There is no such appeal, or it is of an organisation out of the caller's reach."""

    code = "appeal_not_found"
    title = Text(kk="Мұндай шағым жоқ", ru="Такой апелляции нет", en="There is no such appeal")


class AppealsNotForeseen(Conflict):
    """The methodology gives no time for appeals."""

    code = "appeals_not_foreseen"
    title = Text(
        kk="Әдістеме шағымды көздемейді",
        ru="Методика не предусматривает апелляций",
        en="The methodology foresees no appeals",
    )


class AppealWindowClosed(Conflict):
    """The run is not in preview, or its window is over."""

    code = "appeal_window_closed"
    title = Text(
        kk="Шағым беру мерзімі ашық емес", ru="Срок подачи апелляций не открыт", en="The window for appeals is not open"
    )
    detail = Text(
        kk="Есептеудің күйі: {stage}, мерзімі: {until}",
        ru="Состояние расчёта: {stage}, срок: {until}",
        en="The run is {stage}, the window closes: {until}",
    )


class AppealExists(Conflict):
    """The same value is under appeal already."""

    code = "appeal_exists"
    title = Text(
        kk="Бұл мәнге шағым берілген, ол әлі шешілмеген",
        ru="На это значение уже подана апелляция, она не рассмотрена",
        en="An appeal against this value is open already",
    )


class AppealStepRefused(Conflict):
    """The state of the appeal has no such way."""

    code = "appeal_step_refused"
    title = Text(
        kk="Шағымның күйі бұған жол бермейді",
        ru="Состояние апелляции этого не допускает",
        en="The state of the appeal does not allow this",
    )
    detail = Text(
        kk="Күйі: {state}. Бұл мына күйлерден ғана мүмкін: {states}",
        ru="Состояние: {state}. Это возможно только из состояний: {states}",
        en="It is {state}. This can be done from these states only: {states}",
    )


class IndicatorNotOfMethodology(Unprocessable):
    """The rating does not use this indicator."""

    code = "indicator_not_of_methodology"
    title = Text(
        kk="Бұл рейтингте мұндай көрсеткіш жоқ",
        ru="В этом рейтинге такого показателя нет",
        en="This rating does not use that indicator",
    )


class NotAnsweringForOrganisation(Problem):
    """An organisation appeals itself, or whoever answers for its area does it."""

    code = "not_answering_for_organisation"
    status = 403
    title = Text(
        kk="Шағымды ұйымның өзі немесе оның аумағына жауаптылар береді",
        ru="Апелляцию подаёт сама организация или те, кто отвечает за её территорию",
        en="An appeal is made by the organisation itself or by those who answer for its area",
    )
