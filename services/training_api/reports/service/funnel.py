"""From the application to the certificate."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from services.training_api import disclosure
from services.training_api.organisations import service as organisations
from services.training_api.reports import errors, repository
from services.training_api.reports.repository import Ended, Passage, Wanted
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.training.reports import (
    FunnelEnd,
    FunnelGroup,
    FunnelQuery,
    FunnelRead,
    FunnelStage,
    FunnelStep,
)

_STEPS = tuple(FunnelStep)
_REGION = "0000000"


async def funnel(session: AnySession, actor: Actor, query: FunnelQuery, *, now: datetime) -> FunnelRead:
    """How many came to each step, ended there, or are still there. Raises `FunnelTooNarrow`."""
    wanted = Wanted(
        as_of=query.as_of or day_in_kazakhstan(now),
        reach=organisations.reach(actor, Scope.TRAINING_READ),
        by=query.by,
        since=query.since,
        cohort_id=query.cohort_id,
        provider_id=query.provider_id,
        programme_code=query.programme_code,
        area=query.area,
    )
    found = await repository.passages(session, wanted)
    total = found[0]
    if total.outside and query.area is not None and not query.area.endswith(_REGION):
        raise errors.FunnelTooNarrow(pointer="?area")
    groups = found[1:]
    cells = {_cell(one): one.reached for one in found}
    known = [_cell(one) for one in found if not one.outside]
    hidden = disclosure.hidden(cells, [(_cell(total), [_cell(one) for one in groups])] if groups else [], known=known)
    return FunnelRead(
        as_of=wanted.as_of,
        total=_group(total, [end for one in found for end in one.ends], hidden=_cell(total) in hidden),
        groups=[_group(one, one.ends, hidden=_cell(one) in hidden) for one in groups] if query.by else None,
    )


def _cell(one: Passage) -> tuple[bool, str]:
    return one.is_total, one.key or ""


def _group(one: Passage, ends: Sequence[Ended], *, hidden: bool) -> FunnelGroup:
    return FunnelGroup(
        key=one.key,
        name=one.name,
        stages=[_unshown(step) for step in _STEPS] if hidden else _stages(one),
        ends=None if one.outside else _ends(ends),
        suppressed=hidden,
    )


def _stages(one: Passage) -> list[FunnelStage]:
    went_on = [after for _, after in pairwise(one.reached)]
    return [
        FunnelStage(
            step=step,
            reached=reached,
            went_on=on,
            ended=ended,
            waiting=reached - on - ended,
            conversion=100 * on / reached if reached and step is not _STEPS[-1] else None,
            median_days=days,
        )
        for step, reached, on, ended, days in zip(_STEPS, one.reached, [*went_on, 0], one.ended, one.days, strict=True)
    ]


def _unshown(step: FunnelStep) -> FunnelStage:
    return FunnelStage(
        step=step, reached=None, went_on=None, ended=None, waiting=None, conversion=None, median_days=None
    )


def _ends(ends: Sequence[Ended]) -> list[FunnelEnd]:
    """The same way of ending once, whatever group it was found in."""
    counted: dict[tuple[int, str, str | None], int] = {}
    for end in ends:
        way = (end.step, end.status, end.reason_code)
        counted[way] = counted.get(way, 0) + end.enrolments
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0][0], item[0][1], item[0][2] or ""))
    return [
        FunnelEnd(step=_STEPS[step - 1], status=status, reason_code=reason, enrolments=number)
        for (step, status, reason), number in ordered
    ]
