"""What can go wrong with networks and memberships."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class NetworkNotFound(NotFound):
    """There is no network of this code."""

    code = "network_not_found"
    title = Text(kk="Желі табылмады", ru="Сеть не найдена", en="Network not found")


class NetworkExists(Conflict):
    """The code belongs to a network already."""

    code = "network_exists"
    title = Text(kk="Мұндай кодты желі бар", ru="Сеть с таким кодом уже есть", en="There is a network of this code")


class MembershipNotFound(NotFound):
    """There is no such membership, or there was none at that moment."""

    code = "membership_not_found"
    title = Text(kk="Мүшелік табылмады", ru="Членство не найдено", en="Membership not found")


class NetworkUnknown(Unprocessable):
    """A row names a network that does not exist."""

    code = "network_unknown"
    title = Text(kk="Мұндай желі жоқ", ru="Такой сети нет", en="There is no such network")


class MemberUnknown(Unprocessable):
    """What is to belong, to mentor or to operate is not in the registry."""

    code = "organisation_unknown"
    title = Text(kk="Ұйым тізілімде жоқ", ru="Организации нет в реестре", en="The organisation is unknown")


class MemberGone(Conflict):
    """An organisation that is closed or merged on that day cannot belong to anything."""

    code = "organisation_gone"
    title = Text(
        kk="Ұйым бұл күні жұмыс істемейді",
        ru="В этот день организация уже не работает",
        en="The organisation no longer works on that day",
    )


class MentorNeeded(Unprocessable):
    """In this role a member has exactly one mentor."""

    code = "mentor_needed"
    title = Text(kk="Бұл рөлге тәлімгер ұйым керек", ru="Для этой роли нужен наставник", en="This role needs a mentor")


class MentorNotExpected(Unprocessable):
    """In this role a member has no mentor."""

    code = "mentor_not_expected"
    title = Text(kk="Бұл рөлде тәлімгер болмайды", ru="У этой роли нет наставника", en="This role has no mentor")


class MentorUnsuitable(Conflict):
    """The mentor is of a kind that may not mentor in this network, or is the member itself."""

    code = "mentor_unsuitable"
    title = Text(
        kk="Бұл ұйым тәлімгер бола алмайды",
        ru="Эта организация не может быть наставником",
        en="This organisation cannot be a mentor",
    )
    detail = Text(
        kk="Тәлімгердің түрі мыналардың бірі болуы керек: {kinds}",
        ru="Наставником может быть организация вида: {kinds}",
        en="A mentor has to be of kind: {kinds}",
    )


class MentorsOverlap(Conflict):
    """On some day the member would have two mentors."""

    code = "mentors_overlap"
    title = Text(kk="Екі тәлімгер бір мезгілде", ru="Два наставника одновременно", en="Two mentors at once")
    detail = Text(
        kk="{valid_from} күнінен басқа тәлімгері бар: мүшелік {membership_id}",
        ru="С {valid_from} уже есть другой наставник: членство {membership_id}",
        en="It has another mentor since {valid_from}: membership {membership_id}",
    )


class MembershipOverlaps(Conflict):
    """It belongs in this role on some of these days already."""

    code = "membership_overlaps"
    title = Text(
        kk="Бұл рөлде мүше болып тұр", ru="Членство в этой роли уже есть", en="It is a member in this role already"
    )
    detail = Text(
        kk="{valid_from} күнінен мүше: {membership_id}",
        ru="Состоит с {valid_from}: {membership_id}",
        en="A member since {valid_from}: {membership_id}",
    )


class NotEligible(Conflict):
    """A rule of the network is not met; `errors` names each. With `override` it may be granted all the same."""

    code = "not_eligible"
    title = Text(
        kk="Желінің ережелері орындалмаған", ru="Правила сети не выполнены", en="The rules of the network are not met"
    )
    detail = Text(
        kk="Орындалмаған ережелер: {failed}. Негіздемемен override беруге болады.",
        ru="Не выполнено правил: {failed}. Можно указать override с обоснованием.",
        en="Rules not met: {failed}. With a reason, override grants it all the same.",
    )


RULE_NOT_MET = Text(
    kk="{subject}: «{expected}» керек, табылғаны: {value}",
    ru="{subject}: нужно «{expected}», найдено: {value}",
    en="{subject}: {expected} is asked for, found: {value}",
)


class CoordinatorNotAuthority(Conflict):
    """Only an authority coordinates."""

    code = "coordinator_not_authority"
    title = Text(
        kk="Үйлестіруші білім беру органы болуы керек",
        ru="Координатором может быть только орган управления",
        en="Only an authority can be a coordinator",
    )


class ReachNotItsOwn(Conflict):
    """A department cannot coordinate where it has nothing to say."""

    code = "reach_not_its_own"
    title = Text(
        kk="Бұл аумақ ұйымға қарамайды",
        ru="Эта территория не относится к организации",
        en="The area is not that of the organisation",
    )


class AreaOutsideNetwork(Conflict):
    """A regional network does not coordinate or admit elsewhere."""

    code = "area_outside_network"
    title = Text(
        kk="Желі бұл аумақта жұмыс істемейді",
        ru="Сеть не работает на этой территории",
        en="The network does not work in this area",
    )
    detail = Text(kk="Желінің аумағы: {area}", ru="Территория сети: {area}", en="The network works in {area}")


class NothingToRenew(Conflict):
    """It has no end that could be put off, or was ended before its time."""

    code = "nothing_to_renew"
    title = Text(kk="Мүшелікті ұзартуға болмайды", ru="Членство нельзя продлить", en="The membership cannot be renewed")
    detail = Text(
        kk="Мүшеліктің соңы жоқ немесе ол мерзімінен бұрын тоқтатылған",
        ru="У членства нет конца или оно прекращено досрочно",
        en="The membership has no end, or was ended before its time",
    )


class RenewalTooShort(Conflict):
    """The new end does not lie behind the present one."""

    code = "renewal_too_short"
    title = Text(
        kk="Жаңа мерзім қазіргісінен кейін болуы керек",
        ru="Новый срок должен быть позже нынешнего",
        en="The new end has to come after the present one",
    )
    detail = Text(
        kk="Қазіргі соңы: {valid_to}", ru="Нынешний конец: {valid_to}", en="It holds until {valid_to} as it is"
    )


class TermUnknown(Unprocessable):
    """The network has no term, so the new end has to be named."""

    code = "term_unknown"
    title = Text(
        kk="Желінің мерзімі жоқ: valid_to көрсетіңіз",
        ru="У сети нет срока: укажите valid_to",
        en="The network has no term: give valid_to",
    )


class OutsideMembership(Conflict):
    """On that day there is no such membership."""

    code = "outside_membership"
    title = Text(kk="Ол күні мүшелік жоқ", ru="В этот день членства нет", en="There is no membership on that day")
    detail = Text(
        kk="Мүшелік {valid_from} басталып, {valid_to} аяқталады",
        ru="Членство начинается {valid_from} и кончается {valid_to}",
        en="The membership begins on {valid_from} and ends on {valid_to}",
    )


class IndicatorOfNetworkUnknown(Unprocessable):
    """The network or one of its rules names an indicator that nobody has defined."""

    code = "indicator_unknown"
    title = Text(kk="Белгісіз көрсеткіш", ru="Неизвестный показатель", en="Unknown indicator")
    detail = Text(
        kk="Мұндай көрсеткіштер жоқ: {indicators}",
        ru="Таких показателей нет: {indicators}",
        en="There are no such indicators: {indicators}",
    )


class RowRepeated(Unprocessable):
    """Two rows tell of one membership."""

    code = "row_repeated"
    title = Text(
        kk="Екі жол бір мүшелік туралы", ru="Две строки об одном членстве", en="Two rows tell of one membership"
    )
    detail = Text(
        kk="Осы мүшелік {first_row}-жолда да бар",
        ru="То же членство уже есть в строке {first_row}",
        en="The same membership is already in row {first_row}",
    )


class PeriodReversed(Unprocessable):
    """It would end before it begins."""

    code = "period_reversed"
    title = Text(
        kk="valid_to күні valid_from күнінен кейін болуы керек",
        ru="valid_to должна быть позже valid_from",
        en="valid_to must be after valid_from",
    )
