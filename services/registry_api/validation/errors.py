"""What can go wrong with rules of validation."""

from shared.errors import Conflict, NotFound, Text


class RuleNotFound(NotFound):
    """There is no such rule, or none on that day."""

    code = "rule_not_found"
    title = Text(kk="Мұндай ереже жоқ", ru="Такого правила нет", en="There is no such rule")


class RuleHasEnded(Conflict):
    """The rule does not hold on that day or later."""

    code = "rule_has_ended"
    title = Text(
        kk="Ереже бұл күні қолданылмайды",
        ru="В этот день правило уже не действует",
        en="The rule does not hold on that day",
    )
