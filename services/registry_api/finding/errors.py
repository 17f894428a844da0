"""What can go wrong when organisations are looked for."""

from shared.errors import Text, Unprocessable


class PointNeeded(Unprocessable):
    """Distance is measured from a point that was not given."""

    code = "point_needed"
    title = Text(
        kk="distance бойынша реттеу үшін near керек",
        ru="Для сортировки по distance нужен near",
        en="To sort by distance, near is needed",
    )


class WordsNeeded(Unprocessable):
    """How well a name fits can be told only of words."""

    code = "words_needed"
    title = Text(
        kk="relevance бойынша реттеу үшін q керек",
        ru="Для сортировки по relevance нужен q",
        en="To sort by relevance, q is needed",
    )


class PlaceMalformed(Unprocessable):
    """Degrees outside the globe, or a box upside down."""

    code = "place_malformed"
    title = Text(kk="Координаттар жарамсыз", ru="Координаты неверны", en="The coordinates are wrong")


class CapacityUpsideDown(Unprocessable):
    """At least more places than at most."""

    code = "capacity_upside_down"
    title = Text(
        kk="capacity_min мәні capacity_max мәнінен үлкен",
        ru="capacity_min больше, чем capacity_max",
        en="capacity_min is greater than capacity_max",
    )
