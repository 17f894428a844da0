"""What can go wrong with a methodology."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class MethodologyNotFound(NotFound):
    """There is no such version."""

    code = "methodology_not_found"
    title = Text(kk="Мұндай әдістеме жоқ", ru="Такой методики нет", en="There is no such methodology")


class MethodologyImmutable(Conflict):
    """An agreed version is changed by writing the next one."""

    code = "methodology_immutable"
    title = Text(
        kk="Бекітілген әдістеме өзгертілмейді",
        ru="Согласованная методика не меняется",
        en="An agreed methodology does not change",
    )
    detail = Text(
        kk="Нұсқаның күйі: {status}. Жаңа нұсқасын жасаңыз.",
        ru="Состояние версии: {status}. Составьте следующую версию.",
        en="This version is {status}. Write the next one.",
    )


class MethodologyMoveNotAllowed(Conflict):
    """A version is drafted, agreed and retired, in this order."""

    code = "methodology_move_not_allowed"
    title = Text(
        kk="Бұл күйден ондай ауысу жоқ",
        ru="Из этого состояния такого перехода нет",
        en="There is no such move from this state",
    )
    detail = Text(
        kk="{status} күйінен {wanted} күйіне өтуге болмайды",
        ru="Нельзя перейти из {status} в {wanted}",
        en="A version that is {status} cannot become {wanted}",
    )


class IndicatorUnknown(Unprocessable):
    """The registry's catalogue does not know an indicator that the tree names."""

    code = "indicator_unknown"
    title = Text(
        kk="Әдістемеде тізілімде жоқ көрсеткіш бар",
        ru="В методике есть показатель, которого нет в реестре",
        en="The methodology names an indicator that the registry does not know",
    )


class IndicatorNeutral(Unprocessable):
    """An indicator without a better end is context; it is never scored."""

    code = "indicator_neutral"
    title = Text(
        kk="Бейтарап көрсеткіш бағаланбайды",
        ru="Нейтральный показатель не оценивается",
        en="A neutral indicator is not scored",
    )


class OrganisationTypeNotOne(Unprocessable):
    """A rating compares like with like: a college never stands among schools."""

    code = "organisation_type_not_one"
    title = Text(
        kk="Рейтинг ұйымдардың дәл бір түрін бағалайды",
        ru="Рейтинг оценивает ровно один тип организаций",
        en="A rating is of exactly one type of organisation",
    )


class MeasureMisplaced(Unprocessable):
    """Progress to a target is measured of regions, and of regions nothing else."""

    code = "measure_misplaced"
    title = Text(
        kk="Мақсатқа жету жолы тек облыстарда өлшенеді, ал облыстарда тек сол өлшенеді",
        ru="Путь к цели измеряется только у регионов, а у регионов измеряется только он",
        en="Progress to a target is measured of regions only, and of regions nothing else",
    )


class TitleIncomplete(Unprocessable):
    """What may be published has its title in Kazakh and in Russian."""

    code = "title_incomplete"
    title = Text(
        kk="Атауы қазақ және орыс тілдерінде болуы керек",
        ru="Нужно название на казахском и русском",
        en="The title is needed in Kazakh and in Russian",
    )


class MethodologyRefused(Unprocessable):
    """The document cannot be computed for all data, or contradicts itself; `errors` say where and why."""

    code = "methodology_refused"
    title = Text(
        kk="Бұл әдістеме бойынша есептеу мүмкін емес",
        ru="По этой методике нельзя вычислить рейтинг",
        en="A rating cannot be computed by this methodology",
    )


class AuditMissing(Conflict):
    """Nobody has looked whether this document hangs together."""

    code = "audit_missing"
    title = Text(
        kk="Әдістеменің аудиті жоқ", ru="У методики нет аудита", en="The methodology has no audit of this document"
    )
    detail = Text(
        kk="Алдымен осы нұсқа бойынша есептеу жасап (POST /v1/runs), аудитін тіркеңіз: "
        "POST /v1/methodologies/{methodology_id}/audit.",
        ru="Сначала рассчитайте эту версию (POST /v1/runs) и приложите её аудит: "
        "POST /v1/methodologies/{methodology_id}/audit.",
        en="Run this version first (POST /v1/runs), then attach its audit: "
        "POST /v1/methodologies/{methodology_id}/audit.",
    )


class FindingsUnanswered(Conflict):
    """The audit found what has to be answered in writing before anybody agrees."""

    code = "audit_findings_unanswered"
    title = Text(
        kk="Аудит ескертулеріне жауап берілмеген",
        ru="На замечания аудита не дан ответ",
        en="Findings of the audit are not answered",
    )
    detail = Text(
        kk="Мыналарға accepted_findings ішінде негіз жазыңыз: {codes}",
        ru="Напишите в accepted_findings, почему это принято: {codes}",
        en="Say in accepted_findings why they are accepted: {codes}",
    )


class FindingUnknown(Unprocessable):
    """What is accepted was not found."""

    code = "finding_unknown"
    title = Text(
        kk="Аудитте мұндай ескерту жоқ", ru="В аудите нет такого замечания", en="The audit has no such finding"
    )
