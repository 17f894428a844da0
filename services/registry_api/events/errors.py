"""What can go wrong with events and with plans of events."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class EventNotFound(NotFound):
    """There is no such event."""

    code = "event_not_found"
    title = Text(kk="Мұндай іс-шара жоқ", ru="Такого мероприятия нет", en="There is no such event")


class EventPlanNotFound(NotFound):
    """There is no such plan or revision, or none that this caller may know of."""

    code = "event_plan_not_found"
    title = Text(kk="Мұндай жоспар жоқ", ru="Такого плана нет", en="There is no such plan")


class EventPlanItemNotFound(NotFound):
    """The latest revision of the plan has no such item."""

    code = "event_plan_item_not_found"
    title = Text(kk="Жоспарда мұндай тармақ жоқ", ru="Такого пункта в плане нет", en="The plan has no such item")


class PlaceNeeded(Unprocessable):
    """An event is somewhere: a host or an area has to be named."""

    code = "place_needed"
    title = Text(
        kk="Өткізетін ұйым немесе аумақ көрсетілуі керек",
        ru="Нужно указать организатора или территорию",
        en="A host or an area is needed",
    )


class OwnerNeeded(Unprocessable):
    """A plan belongs to an organisation or to an area."""

    code = "owner_needed"
    title = Text(
        kk="Жоспардың иесі: ұйым немесе аумақ көрсетілуі керек",
        ru="Нужно указать, чей это план: организации или территории",
        en="The organisation or the area whose plan it is is needed",
    )


class PlanItemUnknown(Unprocessable):
    """An event says that it carries out an item that no plan has."""

    code = "plan_item_unknown"
    title = Text(
        kk="Ешбір жоспарда мұндай тармақ жоқ", ru="Ни в одном плане нет такого пункта", en="No plan has such an item"
    )


class MonthOutsideYear(Unprocessable):
    """A plan of a school year is given a month of another."""

    code = "month_outside_year"
    title = Text(
        kk="Ай жоспардың оқу жылына кірмейді",
        ru="Месяц вне учебного года плана",
        en="The month is outside the plan's school year",
    )
    detail = Text(
        kk="{academic_year} оқу жылы: {first} – {last}",
        ru="Учебный год {academic_year}: {first} – {last}",
        en="The school year {academic_year} is {first} to {last}",
    )


class PlanFull(Conflict):
    """A plan takes only so many items."""

    code = "event_plan_full"
    title = Text(kk="Жоспар толы", ru="План заполнен", en="The plan is full")
    detail = Text(
        kk="Жоспарда ең көбі {limit} тармақ болады",
        ru="В плане не больше {limit} пунктов",
        en="A plan has at most {limit} items",
    )


class NothingToApprove(Conflict):
    """The latest revision is approved already, or has nothing in it."""

    code = "nothing_to_approve"
    title = Text(
        kk="Бекітетін ештеңе жоқ: соңғы редакция бекітілген не бос",
        ru="Утверждать нечего: последняя редакция утверждена или пуста",
        en="There is nothing to approve: the latest revision is approved already, or empty",
    )


class EventTransitionRefused(Conflict):
    """An event cannot go from where it is to where it was told to go."""

    code = "event_transition_refused"
    title = Text(kk="Мұндай қадам жасалмайды", ru="Такой шаг невозможен", en="This step is not possible")
    detail = Text(
        kk="«{current}» күйінен «{wanted}» күйіне өтуге болмайды; мүмкіні: {allowed}",
        ru="Из состояния «{current}» нельзя перейти в «{wanted}»; можно: {allowed}",
        en="From {current} an event cannot become {wanted}; it can become {allowed}",
    )


class EventNotYet(Conflict):
    """What is still to come was not held."""

    code = "event_not_yet"
    title = Text(
        kk="Болашақтағы іс-шара өткізілген бола алмайды",
        ru="Будущее мероприятие не может быть проведённым",
        en="An event of the future has not been held",
    )
    detail = Text(
        kk="Іс-шараның ең ерте күні: {earliest}",
        ru="Самый ранний день мероприятия: {earliest}",
        en="The earliest day of the event is {earliest}",
    )


class ReasonNeeded(Unprocessable):
    """Those who were invited want to know why."""

    code = "reason_needed"
    title = Text(
        kk="Болдырмау не кейінге қалдыру себебі керек",
        ru="Нужна причина отмены или переноса",
        en="A reason is needed to cancel or postpone",
    )
