"""What can go wrong with memoranda."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class MemorandumNotFound(NotFound):
    """No such memorandum, or none that this caller may know of, or none yet on that day."""

    code = "memorandum_not_found"
    title = Text(kk="Мұндай меморандум жоқ", ru="Такого меморандума нет", en="There is no such memorandum")


class PartyNotFound(NotFound):
    code = "party_not_found"
    title = Text(kk="Мұндай тарап жоқ", ru="Такой стороны нет", en="There is no such party")


class DocumentNotFound(NotFound):
    code = "document_not_found"
    title = Text(kk="Мұндай құжат жоқ", ru="Такого документа нет", en="There is no such document")


class PartiesTooFew(Unprocessable):
    """One cannot agree with oneself."""

    code = "parties_too_few"
    title = Text(
        kk="Қол қою үшін кемінде екі тарап керек",
        ru="Для подписания нужны хотя бы две стороны",
        en="A signing needs at least two parties",
    )
    detail = Text(
        kk="Тараптар саны: {parties}; кемінде екі керек",
        ru="Сторон: {parties}; нужны хотя бы две",
        en="There are {parties} parties; at least two are needed",
    )


class PartiesTooMany(Conflict):
    code = "parties_too_many"
    title = Text(kk="Тараптар тым көп", ru="Слишком много сторон", en="Too many parties")
    detail = Text(
        kk="Меморандумда ең көбі {most} тарап болады",
        ru="В меморандуме не больше {most} сторон",
        en="A memorandum has at most {most} parties",
    )


class BinNeeded(Unprocessable):
    """A legal entity of Kazakhstan has a BIN; whoever names one without it has not found out who it is."""

    code = "bin_needed"
    title = Text(
        kk="Қазақстандық заңды тұлғаның БСН-і керек",
        ru="Казахстанскому юридическому лицу нужен БИН",
        en="A legal entity of Kazakhstan needs its BIN",
    )


class BinMisplaced(Unprocessable):
    """A BIN belongs to legal entities of Kazakhstan that have no record here."""

    code = "bin_misplaced"
    title = Text(
        kk="БСН тек тізілімде жоқ қазақстандық заңды тұлғаға көрсетіледі",
        ru="БИН указывается только у казахстанского юридического лица вне реестра",
        en="A BIN is given only for a legal entity of Kazakhstan without a record here",
    )


class CountryNeeded(Unprocessable):
    code = "country_needed"
    title = Text(
        kk="Тізілімде жоқ тараптың елі керек",
        ru="У стороны вне реестра нужна страна",
        en="A party without a record here needs its country",
    )


class PartyUnknown(Unprocessable):
    """The organisation or party named in the body does not exist."""

    code = "party_unknown"
    title = Text(kk="Тарап белгісіз", ru="Сторона неизвестна", en="The party is not known")


class PartyRepeated(Unprocessable):
    """The same organisation twice."""

    code = "party_repeated"
    title = Text(kk="Тарап қайталанады", ru="Сторона повторяется", en="The party is repeated")


class PartyRegistered(Conflict):
    """The BIN belongs to an organisation of the registry: name that."""

    code = "party_registered"
    title = Text(
        kk="Бұл БСН тізілімдегі ұйымға тиесілі",
        ru="Этот БИН принадлежит организации реестра",
        en="This BIN belongs to an organisation of the registry",
    )
    detail = Text(
        kk="organisation_id ретінде {organisation_id} көрсетіңіз",
        ru="Укажите organisation_id {organisation_id}",
        en="Give {organisation_id} as organisation_id",
    )


class PartyThere(Conflict):
    """It is a party already."""

    code = "party_there"
    title = Text(kk="Бұл ұйым тарап болып тұр", ru="Эта организация уже сторона", en="It is a party already")


class PartySigned(Conflict):
    """Who has signed already cannot sign again."""

    code = "party_signed"
    title = Text(kk="Тарап қол қойған", ru="Сторона уже подписала", en="The party has signed already")


class EndBeforeStart(Unprocessable):
    code = "end_before_start"
    title = Text(
        kk="Аяқталу күні басталу күнінен бұрын",
        ru="Дата окончания раньше даты начала",
        en="The end comes before the start",
    )


class RenewalIncomplete(Unprocessable):
    """What goes on by itself needs an end and a term."""

    code = "renewal_incomplete"
    title = Text(
        kk="Өздігінен ұзартылатын меморандумға ends_on пен renewal_months керек",
        ru="Для продления без решения сторон нужны ends_on и renewal_months",
        en="A renewal by itself needs ends_on and renewal_months",
    )


class UntilNeeded(Unprocessable):
    code = "until_needed"
    title = Text(
        kk="Жаңа соңғы күні (until) керек",
        ru="Нужен новый последний день (until)",
        en="The new last day (until) is needed",
    )


class TitleNeedsKazakhOrRussian(Unprocessable):
    code = "title_needs_kk_or_ru"
    title = Text(
        kk="Қазақша немесе орысша атауы керек",
        ru="Нужно название на казахском или русском",
        en="A title in Kazakh or Russian is needed",
    )


class DayAhead(Unprocessable):
    """Steps are written down when they are taken."""

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
        kk="Алдыңғы қадам {previous} күнгі",
        ru="Предыдущий шаг — {previous}",
        en="The step before is of {previous}",
    )


class TransitionNotAllowed(Conflict):
    """`allowed` are the actions of the status; `reason` is why this one is not among them."""

    code = "transition_not_allowed"
    title = Text(
        kk="Бұл күйде мұны істеуге болмайды",
        ru="В этом состоянии так сделать нельзя",
        en="This cannot be done in this status",
    )
    detail = Text(
        kk="Меморандумның күйі: {status}; болатыны: {allowed}",
        ru="Состояние меморандума: {status}; можно: {allowed}",
        en="The memorandum is {status}; what can be done: {allowed}",
    )


class NotOverYet(Conflict):
    code = "not_over_yet"
    title = Text(
        kk="Меморандумның мерзімі әлі біткен жоқ",
        ru="Срок меморандума ещё не истёк",
        en="The memorandum is not over yet",
    )


class Settled(Conflict):
    """What was sent for signature changes by amendments and by commands, not by edits."""

    code = "memorandum_settled"
    title = Text(
        kk="Бұл күйде өзгертуге болмайды",
        ru="В этом состоянии это не меняется",
        en="This does not change in this status",
    )
    detail = Text(
        kk="Күйі {status}: мәтін түзетулермен өзгереді",
        ru="Состояние {status}: текст меняется дополнительными соглашениями",
        en="It is {status}: its text changes by amendments",
    )


class BeforeFirstDay(Conflict):
    code = "before_first_day"
    title = Text(
        kk="Ол күні меморандум әлі болмаған",
        ru="В тот день меморандума ещё не было",
        en="There was no such memorandum on that day",
    )


class ClauseRepeated(Unprocessable):
    code = "clause_repeated"
    title = Text(kk="Тармақ нөмірі қайталанады", ru="Номер пункта повторяется", en="A clause number repeats")


class ClauseUnfitting(Conflict):
    """On that day the text has no such clause to change, or has one where it is to be added."""

    code = "clause_unfitting"
    title = Text(
        kk="Түзету ол күнгі мәтінге келмейді",
        ru="Изменение не подходит к тексту на тот день",
        en="The change does not fit the text of that day",
    )
    detail = Text(
        kk="{number} тармағы: {change} мүмкін емес",
        ru="Пункт {number}: {change} невозможно",
        en="Clause {number}: {change} is impossible",
    )


class TextTooLong(Conflict):
    code = "text_too_long"
    title = Text(
        kk="Тармақтар немесе түзетулер тым көп",
        ru="Слишком много пунктов или дополнительных соглашений",
        en="Too many clauses or amendments",
    )


class DocumentTooLarge(Unprocessable):
    code = "document_too_large"
    title = Text(kk="Құжат тым үлкен", ru="Документ слишком велик", en="The document is too large")
    detail = Text(
        kk="Ең көбі {limit_bytes} байт",
        ru="Не больше {limit_bytes} байт",
        en="At most {limit_bytes} bytes",
    )


class DocumentEmpty(Unprocessable):
    code = "document_empty"
    title = Text(kk="Құжат бос", ru="Документ пуст", en="The document is empty")


class DocumentTypeRefused(Unprocessable):
    """Neither its name nor its first bytes are of a kind that is kept."""

    code = "document_type_refused"
    title = Text(
        kk="Мұндай құжат түрі қабылданбайды",
        ru="Документ такого типа не принимается",
        en="Documents of this type are not accepted",
    )
    detail = Text(
        kk="PDF, DOCX, ODT, PNG, JPEG немесе CMS қолтаңбасы күтіледі",
        ru="Ожидается PDF, DOCX, ODT, PNG, JPEG или подпись CMS",
        en="PDF, DOCX, ODT, PNG, JPEG or a CMS signature is expected",
    )
