"""Keeping the norm of upskilling, version by version."""

from services.training_api.certificates import errors, repository
from services.training_api.certificates.models import NormRule
from services.training_api.certificates.rules import Norm
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.certificates import NormRuleCreate, NormRuleRead

NORM = "pd-3y"
"""The norm of upskilling: once in three years."""


async def norms(session: AnySession) -> list[Norm]:
    """All versions of the norm, from the first."""
    return [_norm(rule) for rule in await repository.norms(session, NORM)]


async def norm_rules(session: AnySession) -> list[NormRuleRead]:
    """All versions of the norm with their legal ground."""
    return [_norm_read(rule) for rule in await repository.norms(session, NORM)]


async def amend_norm(session: WriteSession, actor: Actor, body: NormRuleCreate) -> NormRuleRead:
    """Write the next version of the norm, which ends the last one. For the whole country. Raises `RuleNotLater`."""
    actor.demand(Scope.TRAINING_MANAGE, None)
    last = (await repository.norms(session, NORM, lock=True))[-1]
    assert last.period.lower is not None
    if body.valid_from <= last.period.lower:
        raise errors.RuleNotLater(pointer="/valid_from")
    last.period = repository.period(last.period.lower, body.valid_from)
    await session.flush()
    rule = NormRule(
        code=NORM,
        number=last.number + 1,
        min_hours=body.min_hours,
        window_months=body.window_months,
        period=repository.period(body.valid_from, None),
        basis=body.basis,
    )
    session.add(rule)
    await session.flush()
    return _norm_read(rule)


def _norm(rule: NormRule) -> Norm:
    assert rule.period.lower is not None
    return Norm(rule.code, rule.number, rule.min_hours, rule.window_months, rule.period.lower, rule.period.upper)


def _norm_read(rule: NormRule) -> NormRuleRead:
    norm = _norm(rule)
    return NormRuleRead(
        code=norm.code,
        number=norm.number,
        min_hours=norm.min_hours,
        window_months=norm.window_months,
        valid_from=norm.valid_from,
        valid_until=norm.valid_until,
        basis=rule.basis,
    )
