"""Pure decisions about networks: which rules are met, who has a mentor, when a term ends, who coordinates what."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.schemas.registry.areas import AreaKind
from shared.schemas.registry.networks import (
    EligibilityRule,
    MembershipRole,
    Mentoring,
    NetworkKind,
    RuleSubject,
)
from shared.schemas.registry.organisation_words import OrganisationKind

EXPIRING_WITHIN_DAYS = 90
_LAST_DAY = date(2200, 12, 31)
"""The last one a date on the wire may name."""

USUAL_MENTORING: Mapping[NetworkKind, Mentoring] = {
    NetworkKind.LEADING_SCHOOLS: Mentoring(roles=[MembershipRole.LEADING], kinds=[OrganisationKind.INTELLECTUAL])
}
"""Who has a mentor where the network does not say: each leading school has a campus of NIS."""

_LEVELS: Mapping[AreaKind, str] = {
    AreaKind.REGION: "region",
    AreaKind.REPUBLICAN_CITY: "region",
    AreaKind.CITY: "city",
    AreaKind.TOWN: "city",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules are weighed upon: an organisation as of a day."""

    type: str
    kind: str | None
    ownership: str | None
    area_path: Sequence[str]
    """From the region down to the place itself."""
    values: Mapping[str, float | None]
    """The latest value of each indicator that a rule names."""


def level(kind: AreaKind) -> str:
    """The level at which one coordinates an area of this kind: `region`, `city` or `district`."""
    return _LEVELS.get(kind, "district")


def asked_of(rules: Sequence[EligibilityRule], role: MembershipRole) -> list[EligibilityRule]:
    """The rules that a role has to meet; a coordinator, who is no school, only those that name it."""
    return [rule for rule in rules if role in rule.roles or (not rule.roles and role is not MembershipRole.COORDINATOR)]


def weigh(rules: Sequence[EligibilityRule], facts: Facts) -> list[dict[str, Any]]:
    """Each rule, what was found and whether it is met, as `RuleTrace` reads it. What is unknown is not met."""
    return [_weighed(rule, facts) for rule in rules]


def all_met(trace: Sequence[Mapping[str, Any]]) -> bool:
    """Whether no rule failed."""
    return all(step["met"] for step in trace)


def _weighed(rule: EligibilityRule, facts: Facts) -> dict[str, Any]:
    found: str | None
    match rule.subject:
        case RuleSubject.INDICATOR:
            value = facts.values.get(rule.indicator or "")
            found = None if value is None else f"{value:g}"
            met = (
                value is not None
                and (rule.at_least is None or value >= rule.at_least)
                and (rule.at_most is None or value <= rule.at_most)
            )
        case RuleSubject.AREA:
            found, met = ", ".join(facts.area_path) or None, not set(facts.area_path).isdisjoint(rule.one_of)
        case RuleSubject.TYPE | RuleSubject.KIND | RuleSubject.OWNERSHIP:
            found = getattr(facts, rule.subject.value)
            met = found in rule.one_of
    return {
        "subject": rule.subject.value,
        "indicator": rule.indicator,
        "expected": _expected(rule),
        "value": found,
        "met": met,
    }


def _expected(rule: EligibilityRule) -> str:
    if rule.subject is not RuleSubject.INDICATOR:
        return ", ".join(rule.one_of)
    bounds = [(">=", rule.at_least), ("<=", rule.at_most)]
    return " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


def mentored(mentoring: Mentoring | None, role: MembershipRole) -> bool:
    """Whether a member in this role has exactly one mentor."""
    return mentoring is not None and role in mentoring.roles


def one_lies_in_the_other(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether of two areas, told by their paths, one is a part of the other.

    A department of a region has its office in one of its cities, so an office inside the reach is as good as a reach
    inside the area of the office.
    """
    return bool(one and other) and (one[-1] in other or other[-1] in one)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or the month's last.

    >>> months_later(date(2024, 1, 31), 1), months_later(date(2026, 9, 1), 36)
    (datetime.date(2024, 2, 29), datetime.date(2029, 9, 1))
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return min(date(year, month, min(day.day, monthrange(year, month)[1])), _LAST_DAY)


def share_percent(part: int, whole: int | None) -> float | None:
    """Percent to three decimals; None where there is no whole.

    >>> share_percent(13, 700)
    1.857
    """
    return round(part * 100 / whole, 3) if whole else None


def directly_below(path: Sequence[str], area: str | None) -> str | None:
    """Of an area told by its path, the unit directly below `area`: by it, members are counted apart.

    >>> directly_below(["430000000", "433200000", "433230100"], "430000000")
    '433200000'
    """
    if not path:
        return None
    if area is None:
        return path[0]
    if area not in path:  # it lay there as the classifier was known then, and does no more
        return area
    return path[min(path.index(area) + 1, len(path) - 1)]
