"""What can go wrong with calendars."""

from shared.errors import Conflict, NotFound, Text


class FeedNotFound(NotFound):
    """There is no such address, or it was revoked: which of the two is not told."""

    code = "calendar_feed_not_found"
    title = Text(kk="Мұндай күнтізбе жоқ", ru="Такого календаря нет", en="There is no such calendar")


class SubscriptionNotFound(NotFound):
    code = "calendar_subscription_not_found"
    title = Text(
        kk="Күнтізбенің мұндай мекенжайы жоқ",
        ru="Такого адреса календаря нет",
        en="There is no such address of a calendar",
    )


class CalendarOwnerNotFound(NotFound):
    code = "calendar_owner_not_found"
    title = Text(kk="Күнтізбенің иесі табылмады", ru="Владелец календаря не найден", en="Nobody here has that calendar")


class TooManySubscriptions(Conflict):
    code = "calendar_subscriptions_full"
    title = Text(
        kk="Бір күнтізбеге 20 мекенжайдан артық берілмейді",
        ru="У календаря не больше 20 действующих адресов",
        en="A calendar has 20 addresses at most; revoke one first",
    )
