"""Guards a batch on its way in: statuses that follow, a second pair of eyes, locked periods, rules that are broken."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.locks import service as locks
from services.registry_api.locks.errors import PeriodLocked
from services.registry_api.locks.service import Span
from services.registry_api.observations import breaches, life, rules, staging
from services.registry_api.observations.breaches import Breach
from services.registry_api.observations.errors import ApprovalNeeded, DeliveryRefused, ObservationsRefused
from services.registry_api.observations.findings import TEXTS, Finding
from services.registry_api.observations.staging import Merged
from services.registry_api.validation import service as validation
from services.registry_api.validation.service import Rule
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import FieldError, Text
from shared.schemas.registry.quality_rules import RuleKind, Severity

_MOST = 200
"""More faults help nobody."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule says of one value of a batch."""

    place: int
    """Where the value stood."""
    field: str
    code: str
    """The rule, or the finding."""
    severity: Severity
    message: Text


Tell = Callable[[Told], None]


def pointed(told: Told) -> FieldError:
    """The same as an error of a request, whose places are the indices of its observations."""
    return FieldError(f"/observations/{told.place}/{told.field}", told.code, told.message)


async def before(
    session: WriteSession,
    merged: Collection[Merged],
    definitions: Mapping[UUID, Definition],
    *,
    actor: Actor | None,
    now: datetime,
    tell: Tell | None,
) -> None:
    """What may be asked before anything is merged. Raises `DeliveryRefused`, `ApprovalNeeded`, `PeriodLocked`."""
    touched = [one for one in merged if one.created or one.changed]
    if not touched:
        return
    if any(one.changed for one in touched) and (found := await staging.unfollowed(session, life.delivered())):
        told = [
            _told(Finding.STEP_REFUSED, place, "status", current=was, wanted=status) for place, was, status in found
        ]
        raise DeliveryRefused(errors=_passed_on(told, tell))
    if actor is not None and not actor.reaches(None, None, scope=Scope.REGISTRY_WRITE):
        places = await staging.settled(session, [status.value for status in life.SETTLED])
        if places:
            told = [_told(Finding.APPROVAL_NEEDED, place, "status") for place in places]
            raise ApprovalNeeded(errors=_passed_on(told, tell))
    await unlocked(session, touched, definitions, now=now, tell=tell)


async def unlocked(
    session: WriteSession,
    touched: Collection[Merged],
    definitions: Mapping[UUID, Definition],
    *,
    now: datetime,
    tell: Tell | None = None,
    import_id: UUID | None = None,
) -> None:
    """Raise `PeriodLocked` if a lock holds on any of what is staged, or of what an import brought."""
    named = {(definitions[one.indicator_id].code, one.period): one for one in touched}
    spans = [(code, definitions[one.indicator_id].pillar, _span(period)) for (code, period), one in named.items()]
    holding = await locks.holding(session, spans, on=day_in_kazakhstan(now))
    for (code, period), held in holding.items():
        for lock in held:
            for one in (one for one in touched if definitions[one.indicator_id].code == code and one.period == period):
                places = await staging.inside(
                    session,
                    one.indicator_id,
                    period,
                    areas=lock.areas,
                    on=day_in_kazakhstan(now),
                    import_id=import_id,
                )
                if places:
                    told = [_told(Finding.PERIOD_LOCKED, place, "period", reason=lock.reason) for place in places]
                    errors = [] if import_id else _passed_on(told, tell)
                    raise PeriodLocked(errors=errors, indicator=code, period=period, reason=lock.reason)


async def after(
    session: WriteSession, merged: Collection[Merged], definitions: Iterable[Definition], *, tell: Tell | None
) -> list[Told]:
    """What the rules say of what was merged; warnings are given back. Raises `ObservationsRefused`."""
    touched = {one.indicator_id for one in merged if one.created or one.changed}
    if not touched:
        return []
    codes = {definition.code for definition in definitions if definition.id in touched}
    asked = [rule for rule in await validation.every(session) if _is_asked(rule, codes)]
    if not asked:
        return []
    ids = await ids_of(session, asked)
    found = [
        _broken(rule, breach)
        for rule in asked
        for breach in await breaches.find(session, rule, ids, staged=True)
        if breach.place is not None
    ]
    errors = [one for one in found if one.severity is Severity.ERROR]
    if errors:
        raise ObservationsRefused(errors=_passed_on(errors, tell), count=len(errors))
    if tell is not None:
        for one in found:
            tell(one)
    return found


async def ids_of(session: WriteSession, asked: Iterable[Rule]) -> dict[str, list[UUID]]:
    """All versions of the indicators that rules name."""
    codes = {code for rule in asked for code in _named(rule)}
    ids: dict[str, list[UUID]] = {}
    for (code, _), definition in (await indicators.versions(session, codes)).items():
        ids.setdefault(code, []).append(definition.id)
    return ids


def _named(rule: Rule) -> Iterator[str]:
    yield from rule.indicators
    if rule.expression.kind in (RuleKind.RATIO, RuleKind.COMPARE):
        yield rule.expression.to


def _is_asked(rule: Rule, codes: Collection[str]) -> bool:
    """Informations wait for the nightly check; of plausible ranges the catalogue itself has warned already."""
    if rule.severity is Severity.INFO or (
        rule.expression.kind is RuleKind.PLAUSIBLE and rule.severity is Severity.WARNING
    ):
        return False
    return not rule.indicators or any(code in codes for code in _named(rule))


def _broken(rule: Rule, breach: Breach) -> Told:
    return Told(breach.place or 0, "value", rule.code, rule.severity, rule.text)


def _told(finding: Finding, place: int, field: str, **values: str) -> Told:
    return Told(place, field, finding.value, Severity.ERROR, TEXTS[finding].filled(values))


def _passed_on(told: Collection[Told], tell: Tell | None) -> list[FieldError]:
    """As errors of a request, told besides to whoever asked; no more of them than anybody reads."""
    first = list(told)[:_MOST]
    if tell is not None:
        for one in first:
            tell(one)
    return [pointed(one) for one in first]


def _span(text: str) -> Span:
    period = rules.period(text)
    assert period is not None, "what is staged has a period"
    return Span(period.text, period.first, period.last)
