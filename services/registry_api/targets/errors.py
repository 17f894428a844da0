"""What can go wrong with targets."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class TargetNotFound(NotFound):
    """No such target, or none that was known or stood on that day."""

    code = "target_not_found"
    title = Text(kk="Мұндай нысаналы мән жоқ", ru="Такого целевого значения нет", en="There is no such target")


class TargetUnknown(Unprocessable):
    """A target was named that does not exist."""

    code = "target_unknown"
    title = Text(kk="Белгісіз нысаналы мән", ru="Неизвестное целевое значение", en="Unknown target")


class ScopeOrganisationUnknown(Unprocessable):
    """The organisation it is for does not exist."""

    code = "organisation_unknown"
    title = Text(kk="Мұндай ұйым жоқ", ru="Такой организации нет", en="There is no such organisation")


class IndicatorOfAreas(Unprocessable):
    """Nothing of the kind can be promised for one organisation."""

    code = "indicator_of_areas"
    title = Text(
        kk="Бұл көрсеткіш аумақтар үшін ғана",
        ru="Этот показатель бывает только у территорий",
        en="This indicator is of areas only",
    )


class IndicatorNotOfTarget(Unprocessable):
    """A value of another indicator or another version of it: other ages or another formula make another number."""

    code = "indicator_not_of_target"
    title = Text(
        kk="Бақылау нысаналы мәннің көрсеткішіне сай емес",
        ru="Наблюдение не того показателя, что у цели",
        en="The observation is not of the target's indicator",
    )
    detail = Text(
        kk="Нысаналы мән {expected} ({expected_ages}) туралы, ал бақылау {given} ({given_ages}) туралы",
        ru="Цель задана для {expected} ({expected_ages}), а наблюдение — для {given} ({given_ages})",
        en="The target is about {expected} ({expected_ages}), the observation about {given} ({given_ages})",
    )


class OrganisationNotOfTarget(Unprocessable):
    """Only a target of all organisations of an area takes values of single ones."""

    code = "organisation_not_of_target"
    title = Text(
        kk="Бұл нысаналы мән жеке ұйымның мәнін қабылдамайды",
        ru="Эта цель не принимает значений отдельной организации",
        en="This target takes no value of a single organisation",
    )


class EachMissing(Unprocessable):
    """«All» of an indicator of organisations needs to say from which value one of them is done."""

    code = "each_at_least_missing"
    title = Text(
        kk="Ұйымдар көрсеткіші бойынша all үшін each_at_least керек",
        ru="Для all по показателю организаций нужно each_at_least",
        en="For all upon an indicator of organisations each_at_least is needed",
    )


class TargetInvalid(Unprocessable):
    """After the change the target would not say one clear thing."""

    code = "target_invalid"
    title = Text(
        kk="Өзгерістен кейін нысаналы мән қайшы болады",
        ru="После изменения цель противоречива",
        en="After the change the target would contradict itself",
    )


class AuthoritativeExists(Conflict):
    """Another target of the same indicator, scope and date is the one to go by."""

    code = "authoritative_exists"
    title = Text(
        kk="Басқа нысаналы мән негізгі деп белгіленген",
        ru="Определяющей уже отмечена другая цель",
        en="Another target is already the one to go by",
    )
    detail = Text(
        kk="Негізгі нысаналы мән — {target_id}; алдымен оның authoritative белгісін алыңыз",
        ru="Определяющая цель — {target_id}; сначала снимите с неё authoritative",
        en="The one to go by is {target_id}; take authoritative from it first",
    )


class SupersedesAnother(Unprocessable):
    """A target takes the place only of one about the same indicator and scope."""

    code = "supersedes_another_subject"
    title = Text(
        kk="Ауыстырылатын нысаналы мән басқа көрсеткіш не аумақ туралы",
        ru="Заменяемая цель — о другом показателе или другой территории",
        en="The target to be superseded is about another indicator or scope",
    )


class NoLongerStands(Conflict):
    """It was superseded or withdrawn."""

    code = "target_no_longer_stands"
    title = Text(kk="Нысаналы мән енді күшінде емес", ru="Цель больше не действует", en="The target no longer stands")


class ParentOfAnotherKind(Unprocessable):
    """The wider target is about another indicator, or its scope does not hold this one."""

    code = "parent_does_not_hold"
    title = Text(
        kk="Жоғарғы нысаналы мәннің көрсеткіші басқа не аумағы бұны қамтымайды",
        ru="Вышестоящая цель — о другом показателе или не охватывает эту территорию",
        en="The wider target is about another indicator, or its scope does not hold this one",
    )


class TargetsInCircle(Conflict):
    """It would be a part of its own part."""

    code = "targets_in_circle"
    title = Text(
        kk="Нысаналы мән өз бөлігінің құрамына кіре алмайды",
        ru="Цель не может входить в собственную часть",
        en="A target cannot be a part of its own part",
    )


class BeforeFirstDay(Conflict):
    """On that day the target had not been stated."""

    code = "before_first_day"
    title = Text(
        kk="Ол күні нысаналы мән әлі айтылмаған",
        ru="В тот день цель ещё не была заявлена",
        en="The target had not been stated then",
    )
