"""What can go wrong with organisations."""

from shared.errors import Conflict, NotFound, Problem, Text, Unprocessable


class OrganisationNotFound(NotFound):
    """No such organisation, or none that this caller may know of."""

    code = "organisation_not_found"
    title = Text(kk="Мұндай ұйым жоқ", ru="Такой организации нет", en="There is no such organisation")


class CreatedInError(Problem):
    """The record was made by mistake and withdrawn."""

    code = "organisation_created_in_error"
    status = 410
    title = Text(
        kk="Ұйым туралы жазба қате жасалып, кері алынған",
        ru="Запись об организации была создана по ошибке и отозвана",
        en="The record of this organisation was made in error and has been withdrawn",
    )


class Merged(Problem):
    """The organisation ended and others carry on; `successors` are their ids, separated by commas."""

    code = "organisation_merged"
    status = 410
    title = Text(
        kk="Ұйым қайта ұйымдастырылған, ісін басқалар жалғастырады",
        ru="Организация реорганизована, её дело продолжают другие",
        en="The organisation was reorganised, and others carry on its work",
    )
    detail = Text(
        kk="{organisation_id} ұйымының құқық мирасқорлары: {successors}",
        ru="Правопреемники организации {organisation_id}: {successors}",
        en="Successors of {organisation_id}: {successors}",
    )


class IdentifierNotFound(NotFound):
    """Nobody has or had this identifier."""

    code = "identifier_not_found"
    title = Text(
        kk="Мұндай сәйкестендіргіш ешкімге берілмеген",
        ru="Такого идентификатора ни у кого нет",
        en="Nobody has this identifier",
    )


class IdentifierMalformed(Unprocessable):
    """The value cannot be an identifier of that scheme."""

    code = "identifier_malformed"
    title = Text(kk="Сәйкестендіргіш жарамсыз", ru="Идентификатор неверен", en="The identifier is malformed")
    detail = Text(
        kk="Бұл мән {scheme} схемасына сай емес: ұзындығын, құрылымын және бақылау цифрын тексеріңіз",
        ru="Значение не подходит схеме {scheme}: проверьте длину, строение и контрольную цифру",
        en="The value does not fit the scheme {scheme}: check its length, structure and check digit",
    )


class DemoIsNoBin(Unprocessable):
    """A number made for demonstrations is offered as a real BIN."""

    code = "demo_is_no_bin"
    title = Text(
        kk="Бұл көрсетілім нөмірі, шынайы БСН емес",
        ru="Это демонстрационный номер, а не БИН",
        en="This is a demonstration number, not a BIN",
    )
    detail = Text(
        kk="Бесінші цифры 9 болатын БСН берілмейді; demo схемасын қолданыңыз",
        ru="БИН с пятой цифрой 9 не выдаётся; используйте схему demo",
        en="No BIN has 9 as its fifth digit; use the scheme demo",
    )


class IinNotAccepted(Unprocessable):
    """This installation has no key to keep persons' numbers under."""

    code = "iin_not_accepted"
    title = Text(kk="ЖСН қабылданбайды", ru="ИИН не принимается", en="An IIN is not accepted here")
    detail = Text(
        kk="ЖСН салыстыру кілті (identifier_key) бапталмаған",
        ru="Не настроен ключ сравнения ИИН (identifier_key)",
        en="The key under which an IIN is compared (identifier_key) is not set",
    )


class IdentifierTaken(Conflict):
    """Another organisation has or had it; identifiers are never given twice."""

    code = "identifier_taken"
    title = Text(
        kk="Сәйкестендіргіш басқа ұйымға берілген",
        ru="Идентификатор уже принадлежит другой организации",
        en="The identifier belongs to another organisation",
    )
    detail = Text(
        kk="{scheme} сәйкестендіргіші {organisation_id} ұйымына тиесілі",
        ru="Идентификатор {scheme} принадлежит организации {organisation_id}",
        en="The {scheme} identifier belongs to {organisation_id}",
    )


class SchemeRepeated(Unprocessable):
    """Two identifiers of one scheme at once."""

    code = "scheme_repeated"
    title = Text(
        kk="Бір схема бойынша екі сәйкестендіргіш",
        ru="Два идентификатора одной схемы",
        en="Two identifiers of one scheme",
    )


class NameNeedsKazakhOrRussian(Unprocessable):
    """Only organisations abroad may be without a Kazakh and a Russian name."""

    code = "name_needs_kk_or_ru"
    title = Text(
        kk="Қазақша немесе орысша атауы керек",
        ru="Нужно название на казахском или русском",
        en="A name in Kazakh or Russian is needed",
    )


class KindNotOfType(Unprocessable):
    """A kind that organisations of this type do not come in."""

    code = "kind_not_of_type"
    title = Text(kk="Түрі типке сай емес", ru="Вид не подходит типу", en="The kind does not fit the type")
    detail = Text(
        kk="{type} типінде мына түрлер бар: {kinds}",
        ru="У типа {type} бывают виды: {kinds}",
        en="Organisations of type {type} come as: {kinds}",
    )


class TransitionRefused(Conflict):
    """From where the organisation is in its life, this is not a next step."""

    code = "transition_refused"
    title = Text(kk="Мұндай ауысу жоқ", ru="Такого перехода нет", en="There is no such step")
    detail = Text(
        kk="{current} мәртебесінен {wanted} мәртебесіне өтуге болмайды; болатыны: {allowed}",
        ru="Из статуса {current} нельзя перейти в {wanted}; можно в: {allowed}",
        en="From {current} one cannot go to {wanted}, only to: {allowed}",
    )


class LaterChangeExists(Conflict):
    """A change is already known for a later day, and it is not clear how the two go together."""

    code = "later_change_exists"
    title = Text(
        kk="Кейінгі күннен басталатын өзгеріс бар",
        ru="Есть изменение с более поздней даты",
        en="There is a change from a later day",
    )
    detail = Text(
        kk="{later_from} күнінен басталатын өзгеріс бар: effective_until көрсетіңіз немесе сол күннен өзгертіңіз",
        ru="С {later_from} действует другое изменение: укажите effective_until или меняйте с той даты",
        en="Another change holds from {later_from}: give effective_until, or change from that day on",
    )


class BeforeFirstDay(Conflict):
    """On that day the organisation did not exist."""

    code = "before_first_day"
    title = Text(
        kk="Ол күні ұйым әлі болмаған",
        ru="В тот день организации ещё не было",
        en="The organisation did not exist then",
    )
    detail = Text(
        kk="Ұйым туралы деректер {first_day} күнінен басталады",
        ru="Сведения об организации начинаются с {first_day}",
        en="What is known of the organisation begins on {first_day}",
    )


class PeriodEmpty(Unprocessable):
    """The last day comes before the first."""

    code = "period_empty"
    title = Text(kk="Кезең бос", ru="Период пуст", en="The period is empty")
    detail = Text(
        kk="effective_until күні effective_from күнінен кейін болуы керек",
        ru="effective_until должна быть позже effective_from",
        en="effective_until has to come after effective_from",
    )


class ParentUnknown(Unprocessable):
    """What it is said to be a part of does not exist."""

    code = "parent_unknown"
    title = Text(kk="Жоғарғы ұйым жоқ", ru="Вышестоящей организации нет", en="There is no such parent organisation")


class ParentsInCircle(Conflict):
    """It would be a part of its own part."""

    code = "parents_in_circle"
    title = Text(
        kk="Ұйым өз бөлімшесінің құрамына кіре алмайды",
        ru="Организация не может входить в собственную часть",
        en="An organisation cannot be a part of its own part",
    )


class SuccessorUnknown(Unprocessable):
    """Who is to carry on does not exist, is the organisation itself, or is no longer there."""

    code = "successor_unknown"
    title = Text(kk="Құқық мирасқоры жоқ", ru="Такого правопреемника нет", en="There is no such successor")


class InUse(Conflict):
    """Others stand on this record, so it cannot have been made in error."""

    code = "organisation_in_use"
    title = Text(
        kk="Басқа ұйымдар осы жазбаға сүйенеді",
        ru="На эту запись опираются другие организации",
        en="Other organisations lean on this record",
    )


class IdentifierNeeded(Unprocessable):
    """A row of many without an identifier could not be told from a new one the next time it comes."""

    code = "identifier_needed"
    title = Text(kk="Сәйкестендіргіш керек", ru="Нужен идентификатор", en="An identifier is needed")


class IdentifiersDisagree(Conflict):
    """The identifiers of one row belong to different organisations."""

    code = "identifiers_disagree"
    title = Text(
        kk="Сәйкестендіргіштер әртүрлі ұйымдарға тиесілі",
        ru="Идентификаторы принадлежат разным организациям",
        en="The identifiers belong to different organisations",
    )


class RowRepeated(Unprocessable):
    """Two rows tell of one organisation."""

    code = "row_repeated"
    title = Text(
        kk="Екі жол бір ұйым туралы", ru="Две строки об одной организации", en="Two rows tell of one organisation"
    )
    detail = Text(
        kk="Осы сәйкестендіргіш {first_row}-жолда да бар",
        ru="Этот идентификатор уже есть в строке {first_row}",
        en="This identifier is already in row {first_row}",
    )


class ManyWrong(Unprocessable):
    """Several things are wrong at once; `errors` names each."""

    code = "organisation_invalid"
    title = Text(
        kk="Ұйым туралы деректерде қате бар",
        ru="В сведениях об организации есть ошибки",
        en="The organisation has mistakes",
    )


class NothingToUndo(Conflict):
    """Something newer stands on what was to be undone."""

    code = "changed_since"
    title = Text(
        kk="Содан бері басқа өзгеріс енгізілген",
        ru="С тех пор внесены другие изменения",
        en="Something was changed since",
    )
