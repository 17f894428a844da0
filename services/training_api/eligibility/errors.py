"""What can go wrong when somebody asks to join."""

from collections.abc import Sequence

from shared.errors import FieldError, Problem, Text


class NotEligible(Problem):
    """`rule` in the context is the first rule that failed; `errors` names all of them, each with its sentence."""

    code = "not_eligible"
    status = 422
    title = Text(
        kk="Педагог бұл бағдарламаға қатыса алмайды",
        ru="Педагог не может учиться по этой программе",
        en="The educator is not eligible for this programme",
    )
    detail = Text(kk="Орындалмаған ереже: {rule}", ru="Не выполнено правило: {rule}", en="The rule that failed: {rule}")

    def __init__(self, failed: Sequence[tuple[str, Text]]) -> None:
        told = [FieldError("/educator_id", f"not_eligible_{rule}", sentence) for rule, sentence in failed]
        super().__init__(errors=told, rule=failed[0][0])
