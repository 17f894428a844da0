"""What can go wrong with locks of periods."""

from shared.errors import Conflict, NotFound, Text


class PeriodLocked(Conflict):
    """A value would be revised in a period that is locked."""

    code = "period_locked"
    title = Text(kk="Кезең жабық", ru="Период закрыт", en="The period is locked")
    detail = Text(
        kk="{indicator} көрсеткішінің {period} кезеңі жабық: {reason}. Алдымен кезеңді қайта ашыңыз.",
        ru="Период {period} показателя {indicator} закрыт: {reason}. Сначала откройте его снова.",
        en="The period {period} of {indicator} is locked: {reason}. Open it again first.",
    )


class LockNotFound(NotFound):
    """There is no such lock."""

    code = "lock_not_found"
    title = Text(kk="Мұндай құлып жоқ", ru="Такого закрытия нет", en="There is no such lock")


class LockExists(Conflict):
    """The very same is locked already."""

    code = "lock_exists"
    title = Text(kk="Кезең бұрын жабылған", ru="Период уже закрыт", en="The period is locked already")


class LockReopened(Conflict):
    """It was opened again before."""

    code = "lock_reopened"
    title = Text(kk="Кезең бұрын ашылған", ru="Период уже открыт", en="The period has been opened already")


class PillarUnknown(Conflict):
    """No indicator belongs to the pillar."""

    code = "pillar_unknown"
    status = 422
    title = Text(kk="Мұндай бағыт жоқ", ru="Такого направления нет", en="There is no such pillar")
