"""What can go wrong with certificates."""

from shared.errors import Conflict, NotFound, Problem, Text


class CertificateNotFound(NotFound):
    code = "certificate_not_found"
    title = Text(kk="Мұндай сертификат жоқ", ru="Такого сертификата нет", en="There is no such certificate")


class IssuedInFuture(Problem):
    code = "issued_in_future"
    status = 422
    title = Text(kk="Бұл күн әлі келген жоқ", ru="Этот день ещё не наступил", en="That day has not come yet")


class CertificateExists(Conflict):
    code = "certificate_exists"
    title = Text(
        kk="Бұл көзден осындай нөмір бар",
        ru="Такой номер из этого источника уже есть",
        en="The number is known already",
    )


class SourceReserved(Problem):
    code = "source_reserved"
    status = 422
    title = Text(
        kk="Бұл көз жүйенің өзіне тиесілі",
        ru="Этот источник — сама система",
        en="This source is the system itself",
    )


class RuleNotLater(Conflict):
    code = "rule_not_later"
    title = Text(
        kk="Жаңа ереже соңғысынан кейін күшіне енуі керек",
        ru="Новое правило должно вступать в силу позже последнего",
        en="A new rule must come into force later than the last one",
    )


class ActionNotAllowed(Conflict):
    """The document is in a state from which this cannot be done."""

    code = "action_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this state",
    )
    detail = Text(
        kk="Құжаттың күйі: {status}; мүмкін әрекеттер: {allowed_actions}",
        ru="Состояние документа: {status}; возможно: {allowed_actions}",
        en="The document is {status}; possible: {allowed_actions}",
    )


class EffectiveTooEarly(Problem):
    """The day lies before the day of issue or before what has happened already."""

    code = "effective_too_early"
    status = 422
    title = Text(
        kk="Бұл күн құжаттың соңғы оқиғасынан бұрын",
        ru="Этот день раньше последнего события документа",
        en="That day is before the last thing that happened to the document",
    )
    detail = Text(kk="Ең ерте күн: {earliest}", ru="Самый ранний день: {earliest}", en="The earliest day: {earliest}")


class EffectiveInFuture(Problem):
    code = "effective_in_future"
    status = 422
    title = Text(kk="Бұл күн әлі келген жоқ", ru="Этот день ещё не наступил", en="That day has not come yet")
