"""What can go wrong with reservations."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class PoolNotFound(NotFound):
    code = "pool_not_found"
    title = Text(kk="Мұндай пул жоқ", ru="Такого пула нет", en="There is no such pool")


class PoolTooLarge(Conflict):
    """There are not so many free seats that are not kept for others."""

    code = "pool_too_large"
    title = Text(kk="Бос орындар жетпейді", ru="Свободных мест не хватает", en="There are not enough free seats")
    detail = Text(
        kk="Ешкімге сақталмаған бос орын: {free}, керегі: {wanted}",
        ru="Свободных мест без резерва: {free}, нужно: {wanted}",
        en="{free} free seats are for anybody; {wanted} are wanted",
    )


class PoolTaken(Conflict):
    """More seats of the pool are taken than it would have."""

    code = "pool_taken"
    title = Text(kk="Пулдың орындары бос емес", ru="Места пула заняты", en="The seats of the pool are taken")
    detail = Text(
        kk="Пулда бос орын: {free}, босатылмақ: {wanted}",
        ru="Свободных мест в пуле: {free}, освобождается: {wanted}",
        en="The pool has {free} free seats; {wanted} would have to go",
    )


class PoolReleased(Conflict):
    code = "pool_released"
    title = Text(
        kk="Пул ашылып қойған", ru="Пул уже открыт для всех", en="The pool is released: its seats are for anybody"
    )


class ReleaseInThePast(Unprocessable):
    code = "release_in_the_past"
    title = Text(
        kk="Ашылатын уақыт өтіп кеткен",
        ru="Срок открытия уже прошёл",
        en="The seats would be for anybody at once",
    )


class HoldNeedsDeadline(Unprocessable):
    code = "hold_needs_deadline"
    title = Text(
        kk="Ұйымға сақталған орындарға мерзім керек",
        ru="Для мест, удержанных за организацией, нужен срок",
        en="Seats held for an organisation need a deadline",
    )
