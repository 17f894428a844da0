"""Many rows at once: all of them or none, and every fault by its row."""

from collections.abc import Sequence

from shared.errors import FieldError, Problem, Text

_MOST_TOLD = 200
"""As many faults as a problem document holds."""


class BatchRefused(Problem):
    """Some rows are wrong, so none was taken; `errors` names the first 200 faults, `faults` counts them all."""

    code = "batch_refused"
    status = 422
    title = Text(
        kk="Топтамада қате бар, ештеңе сақталмады",
        ru="В пакете есть ошибки, ничего не сохранено",
        en="There are mistakes in the batch, and nothing of it was kept",
    )
    detail = Text(kk="Қателер саны: {faults}", ru="Ошибок: {faults}", en="Mistakes: {faults}")

    def __init__(self, faults: Sequence[FieldError]) -> None:
        super().__init__(errors=faults[:_MOST_TOLD], faults=len(faults))


def fault(rows: str, number: int, field: str, problem: Problem) -> FieldError:
    """What is wrong with one field of one row of the list `rows`."""
    return FieldError(f"/{rows}/{number}/{field}", problem.code, problem.sentence())
