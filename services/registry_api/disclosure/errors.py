"""What can go wrong with rules of disclosure."""

from shared.errors import NotFound, Text


class DisclosureRuleNotFound(NotFound):
    """The indicator is not among those whose small figures are hidden."""

    code = "disclosure_rule_not_found"
    title = Text(
        kk="Бұл көрсеткішке жариялау шектеуі жоқ",
        ru="Для этого показателя нет ограничения публикации",
        en="Small figures of this indicator are not hidden",
    )
