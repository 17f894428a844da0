"""What can go wrong with commitments."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class CommitmentNotFound(NotFound):
    """No such commitment, or none that this caller may know of, or none yet on that day."""

    code = "commitment_not_found"
    title = Text(kk="Мұндай міндеттеме жоқ", ru="Такого обязательства нет", en="There is no such commitment")


class EvidenceNotFound(NotFound):
    code = "evidence_not_found"
    title = Text(kk="Мұндай дәлел жоқ", ru="Такого подтверждения нет", en="There is no such evidence")


class ReportNotFound(NotFound):
    code = "progress_report_not_found"
    title = Text(kk="Мұндай есеп жоқ", ru="Такого отчёта нет", en="There is no such report")


class EvidenceMissing(Conflict):
    """Nothing is fulfilled because somebody says so."""

    code = "evidence_missing"
    title = Text(
        kk="Қабылданған дәлелсіз міндеттеме орындалды деп саналмайды",
        ru="Без принятого подтверждения обязательство не считается выполненным",
        en="Without accepted evidence a commitment is not fulfilled",
    )
    detail = Text(
        kk="Дәлелдер: {submitted}; екінші тұлға қабылдағаны: {accepted}",
        ru="Подтверждений: {submitted}; принято вторым лицом: {accepted}",
        en="Evidence handed in: {submitted}; accepted by a second person: {accepted}",
    )


class TransitionNotAllowed(Conflict):
    code = "commitment_transition_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this status",
    )
    detail = Text(
        kk="Міндеттеменің күйі: {status}; болатыны: {allowed}",
        ru="Состояние обязательства: {status}; можно: {allowed}",
        en="The commitment is {status}; what can be done: {allowed}",
    )


class CommitmentClosed(Conflict):
    """A commitment that was fulfilled or cancelled does not change."""

    code = "commitment_closed"
    title = Text(
        kk="Міндеттеме аяқталған",
        ru="Обязательство уже завершено",
        en="The commitment is closed",
    )
    detail = Text(kk="Күйі: {status}", ru="Состояние: {status}", en="It is {status}")


class MemorandumOver(Conflict):
    """Nothing new can be promised under what has ended."""

    code = "memorandum_over"
    title = Text(
        kk="Меморандум аяқталған",
        ru="Меморандум уже закончился",
        en="The memorandum has ended",
    )
    detail = Text(kk="Күйі: {status}", ru="Состояние: {status}", en="It is {status}")


class SameHand(Conflict):
    """Whoever hands something in does not review it."""

    code = "four_eyes_needed"
    title = Text(
        kk="Тексеруші тапсырушыдан басқа адам болуы керек",
        ru="Проверяющий должен быть другим лицом",
        en="The reviewer has to be another person than the one who handed it in",
    )


class ReviewedAlready(Conflict):
    code = "reviewed_already"
    title = Text(kk="Бұл тексерілген", ru="Это уже проверено", en="It has been reviewed already")


class ObligorUnknown(Unprocessable):
    """On that day it is no party of the memorandum."""

    code = "obligor_unknown"
    title = Text(
        kk="Бұл меморандумның тарабы емес",
        ru="Это не сторона данного меморандума",
        en="It is no party of this memorandum",
    )


class OwesItself(Unprocessable):
    code = "owes_itself"
    title = Text(
        kk="Тарап өзіне міндетті бола алмайды",
        ru="Сторона не может быть обязана самой себе",
        en="A party cannot owe itself",
    )


class MeasureUnclear(Unprocessable):
    """A way from somewhere to the same place has no parts."""

    code = "measure_unclear"
    title = Text(
        kk="Мақсат бастапқы мәннен өзгеше болуы керек",
        ru="Цель должна отличаться от исходного значения",
        en="The target has to differ from the baseline",
    )


class ToleranceReversed(Unprocessable):
    code = "tolerance_reversed"
    title = Text(
        kk="amber_from red_from-тан кіші болуы керек",
        ru="amber_from должна быть меньше red_from",
        en="amber_from has to be less than red_from",
    )


class StepsUnfitting(Unprocessable):
    """Steps go with the trajectory of that name, and follow one another."""

    code = "steps_unfitting"
    title = Text(
        kk="Қадамдар steps траекториясында ғана және күн ретімен болады",
        ru="Шаги бывают только у траектории steps и идут по возрастанию дней",
        en="Steps belong to the trajectory `steps`, after `since` and by ascending days",
    )


class EndBeforeStart(Unprocessable):
    code = "end_before_start"
    title = Text(
        kk="Мерзімі басталу күнінен бұрын",
        ru="Срок раньше начала",
        en="The due date comes before the start",
    )


class DayAhead(Unprocessable):
    """What is reported has happened."""

    code = "day_ahead"
    title = Text(kk="Бұл күн әлі келген жоқ", ru="Этот день ещё не наступил", en="This day is still to come")


class StepBeforePrevious(Conflict):
    code = "step_before_previous"
    title = Text(
        kk="Қадам алдыңғысынан бұрын бола алмайды",
        ru="Шаг не может быть раньше предыдущего",
        en="A step cannot come before the one before it",
    )
    detail = Text(
        kk="Алдыңғы қадам {previous} күнгі", ru="Предыдущий шаг — {previous}", en="The step before is of {previous}"
    )


class BeforeFirstDay(Conflict):
    code = "before_first_day"
    title = Text(
        kk="Ол күні міндеттеме әлі болмаған",
        ru="В тот день обязательства ещё не было",
        en="There was no such commitment on that day",
    )


class ValueUnfitting(Unprocessable):
    """A value where nothing is measured, or none where something is."""

    code = "value_unfitting"
    title = Text(
        kk="Мән тек өлшенетін міндеттемеге керек",
        ru="Значение нужно только измеримому обязательству",
        en="A value goes with a commitment that has a measure, and only with one",
    )


class OverrideTooLong(Unprocessable):
    """What was set by hand has to come to an end."""

    code = "override_too_long"
    title = Text(
        kk="Қолмен қойылған белгі ертеңнен бір жылға дейін ғана тұрады",
        ru="Ручная отметка действует не дольше года и не меньше дня",
        en="An override lasts at least a day and at most a year",
    )


class DocumentUnknown(Unprocessable):
    """No document of the memorandum has this digest."""

    code = "document_unknown"
    title = Text(
        kk="Меморандумда мұндай құжат жоқ",
        ru="У меморандума нет такого документа",
        en="The memorandum has no such document",
    )


class RangeTooLong(Unprocessable):
    code = "range_too_long"
    title = Text(
        kk="Кезең үш жылдан аспауы керек",
        ru="Промежуток не больше трёх лет",
        en="At most three years, the first day before the last",
    )
