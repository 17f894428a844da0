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
