"""What may happen to an appeal."""

from shared.machines import Machine, Move
from shared.schemas.rating.appeals import AppealAction, AppealState

ANSWER_DAYS = 10
"""Working days within which an appeal is answered."""

_S, _R = AppealState.SUBMITTED, AppealState.IN_REVIEW
OPEN = (_S, _R)
DECISIONS = (AppealState.UPHELD, AppealState.PARTLY_UPHELD, AppealState.REJECTED)

MACHINE: Machine[AppealState, AppealAction] = Machine(
    "appeals",
    (
        Move(AppealAction.SUBMIT, frozenset({None}), frozenset({_S}), is_command=False),
        Move(AppealAction.REVIEW, frozenset({_S}), frozenset({_R})),
        Move(AppealAction.DECIDE, frozenset({_R}), frozenset(DECISIONS), needs_reason=True),
        Move(AppealAction.WITHDRAW, frozenset(OPEN), frozenset({AppealState.WITHDRAWN})),
    ),
)
