"""Weights that follow from a rule instead of being written at the children, and what is wrong with such a rule."""

import math
from collections.abc import Iterator
from typing import Any, assert_never

from services.rating_engine.core.audit import judging
from services.rating_engine.methodologies.refusals import Reason, Refusal
from shared.errors import Text
from shared.schemas.rating import methodology as wire
from shared.schemas.rating.weighting import AhpWeighting, BudgetWeighting, EqualWeighting

_ROUNDED = 0.05
"""A reciprocal written to two digits is this near."""
_SAME_BUDGET = 1e-6
"""Points that sum to the budget but for this share of it sum to it: decimals are rounded."""

WEIGHTS_TWICE = Reason(
    "weights_stated_twice",
    Text(
        kk="{code} түйінінде салмақтар weighting бойынша шығады: балаларында weight болмауы керек",
        ru="В узле {code} веса следуют из weighting: у детей weight не указывают",
        en="In the node {code} weights follow from weighting: its children must not have a weight of their own",
    ),
)
AHP_SIZE = Reason(
    "ahp_size",
    Text(
        kk="Матрица {expected} × {expected} болуы керек: балалары қанша болса, сонша жол мен баған",
        ru="Матрица должна быть {expected} × {expected}: столько строк и столбцов, сколько детей",
        en="The matrix must be {expected} × {expected}: as many rows and columns as there are children",
    ),
)
AHP_NOT_RECIPROCAL = Reason(
    "ahp_not_reciprocal",
    Text(
        kk="{above} мен {below} кері сандар емес",
        ru="{above} и {below} не обратны друг другу",
        en="{above} and {below} are not reciprocal to one another",
    ),
)
AHP_INCONSISTENT = Reason(
    "ahp_inconsistent",
    Text(
        kk="Салыстырулар бір-біріне қайшы: келісімділік қатынасы {ratio}, ең көбі {most}",
        ru="Сравнения противоречат друг другу: отношение согласованности {ratio}, допустимо {most}",
        en="The comparisons contradict one another: the consistency ratio is {ratio}, at most {most} is allowed",
    ),
)
PANEL_SIZE = Reason(
    "panel_size",
    Text(
        kk="Ұпайлар {expected} болуы керек: балалары қанша болса, сонша",
        ru="Баллов должно быть {expected}: столько, сколько детей",
        en="There must be {expected} points: as many as there are children",
    ),
)
PANEL_BUDGET = Reason(
    "panel_budget",
    Text(
        kk="Ұпайлардың қосындысы {sum}, ал бюджет {budget}",
        ru="Сумма баллов {sum}, а бюджет {budget}",
        en="The points sum to {sum}, and the budget is {budget}",
    ),
)


def weights(item: wire.Node) -> list[float]:
    """The weights of a node's children: those written at them, or those that follow from its rule.

    Of a matrix or points that do not fit the children, which `check` refuses, nothing follows: the children count the
    same.
    """
    match item.weighting:
        case None:
            return [child.weight for child in item.children]
        case EqualWeighting():
            return [1.0] * len(item.children)
        case AhpWeighting() if _fits(item.weighting, len(item.children)):
            return list(judging.judged(item.weighting.matrix).weights)
        case BudgetWeighting() if _all_told(item.weighting, len(item.children)):
            return list(judging.allotted([one.points for one in item.weighting.panel]).weights)
        case AhpWeighting() | BudgetWeighting():
            return [1.0] * len(item.children)
        case _:
            assert_never(item.weighting)


def judgements(document: wire.MethodologyDocument) -> dict[str, dict[str, Any]]:
    """By node with judged children: the weights, and how consistent the comparisons are or how far a panel agrees."""
    found: dict[str, dict[str, Any]] = {}
    for node in _nodes(document.tree):
        if isinstance(node.weighting, AhpWeighting):
            judged = judging.judged(node.weighting.matrix)
            found[node.code] = {
                "weights": list(judged.weights),
                "geometric_weights": list(judged.geometric),
                "lambda_max": judged.greatest,
                "consistency_index": judged.index,
                "consistency_ratio": judged.ratio,
            }
        if isinstance(node.weighting, BudgetWeighting):
            allotted = judging.allotted([one.points for one in node.weighting.panel])
            found[node.code] = {
                "weights": list(allotted.weights),
                "deviations": list(allotted.deviations),
                "least": list(allotted.least),
                "most": list(allotted.most),
                "members": float(len(node.weighting.panel)),
            }
    return found


def _nodes(node: wire.Node) -> Iterator[wire.Node]:
    yield node
    for child in node.children:
        if isinstance(child, wire.Node):
            yield from _nodes(child)


def check(item: wire.Node, at: str) -> Iterator[tuple[str, Refusal]]:
    """What is wrong with the rule of one node."""
    if item.weighting is None:
        return
    for place, child in enumerate(item.children):
        if child.weight != 1.0:
            yield f"{at}/children/{place}/weight", WEIGHTS_TWICE.of(code=item.code)
    if isinstance(item.weighting, AhpWeighting):
        yield from _comparisons(item.weighting, len(item.children), f"{at}/weighting")
    if isinstance(item.weighting, BudgetWeighting):
        yield from _panel(item.weighting, len(item.children), f"{at}/weighting/panel")


def _comparisons(rule: AhpWeighting, size: int, at: str) -> Iterator[tuple[str, Refusal]]:
    if not _fits(rule, size):
        yield f"{at}/matrix", AHP_SIZE.of(expected=size)
        return
    wrong = [
        (f"{at}/matrix/{row}/{column}", AHP_NOT_RECIPROCAL.of(above=rule.matrix[row][column], below=below))
        for row in range(size)
        for column in range(row, size)
        if abs(rule.matrix[row][column] * (below := rule.matrix[column][row]) - 1.0) > _ROUNDED
    ]
    yield from wrong
    if wrong or rule.accept_inconsistency:
        return
    ratio = judging.judged(rule.matrix).ratio
    if ratio > judging.CONSISTENT:
        yield f"{at}/matrix", AHP_INCONSISTENT.of(ratio=round(ratio, 4), most=judging.CONSISTENT)


def _panel(rule: BudgetWeighting, size: int, at: str) -> Iterator[tuple[str, Refusal]]:
    for place, one in enumerate(rule.panel):
        whole = math.fsum(one.points)
        if len(one.points) != size:
            yield f"{at}/{place}/points", PANEL_SIZE.of(expected=size)
        elif abs(whole - rule.budget) > _SAME_BUDGET * rule.budget:
            yield f"{at}/{place}/points", PANEL_BUDGET.of(sum=round(whole, 6), budget=rule.budget)


def _all_told(rule: BudgetWeighting, size: int) -> bool:
    return all(len(one.points) == size for one in rule.panel)


def _fits(rule: AhpWeighting, size: int) -> bool:
    return len(rule.matrix) == size and all(len(row) == size for row in rule.matrix)
