"""Who may join: every rule a programme can have, and what it says of a person."""

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, assert_never

from services.training_api.eligibility import sentences
from shared.errors import Text
from shared.schemas.training.eligibility import (
    CategoryRule,
    EligibilityRule,
    ExperienceRule,
    LongAgoRule,
    NotAgainRule,
    PrerequisiteRule,
    RecentlyRule,
    WorkplaceRule,
)
from shared.schemas.training.programmes import AudienceGroup
from shared.schemas.training.words import EducatorRole, QualificationCategory

_LADDER = tuple(QualificationCategory)


class Need(StrEnum):
    """What a rule has to know beside what every reading of a person brings."""

    CAREER = "career"
    WORKPLACE = "workplace"
    CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Earned:
    """A certificate, as far as joining goes."""

    programme_code: str | None
    """None for one of another provider's, whose programme is not ours."""
    issued_on: date


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the person works, as the registry last told."""

    type: str
    kind: str | None
    area_path: Sequence[str]
    setting: str | None
    ownership: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """What joining depends on. What no rule of the programme needs may be left out."""

    role: EducatorRole
    subjects: tuple[str, ...]
    left_on: date | None
    category: QualificationCategory | None = None
    teaching_since: date | None = None
    workplace: Workplace | None = None
    certificates: tuple[Earned, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of a person, not yet in words."""

    code: str
    ok: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """What one rule says of a person."""

    code: str
    ok: bool
    message: Text
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a person may join, and why or why not."""

    eligible: bool
    on: date
    trace: list[RuleTrace]

    @property
    def failed(self) -> list[RuleTrace]:
        """The rules that said no."""
        return [rule for rule in self.trace if not rule.ok]


def needs(rules: Collection[EligibilityRule]) -> frozenset[Need]:
    """What has to be looked up before these rules can be applied."""
    return frozenset(need for rule in rules if (need := _need(rule)) is not None)


def _need(rule: EligibilityRule) -> Need | None:
    match rule:
        case ExperienceRule():
            return Need.CAREER
        case WorkplaceRule():
            return Need.WORKPLACE
        case PrerequisiteRule() | LongAgoRule() | RecentlyRule() | NotAgainRule():
            return Need.CERTIFICATES
        case CategoryRule():
            return None
        case _:
            assert_never(rule)


def examine(
    audience: Sequence[AudienceGroup],
    rules: Sequence[EligibilityRule],
    person: Person,
    *,
    programme_code: str,
    starts_on: date,
    on: date,
) -> list[Finding]:
    """Every rule applied to the person; who is eligible finds all of them `ok`.

    The person must still be employed on the first day. An audience without groups is open to everyone; otherwise the
    person must belong to a group: have its role and, where it names subjects, teach one of them. Years and months are
    counted back from `on`.
    """
    left = person.left_on
    facts = {"starts_on": starts_on.isoformat(), "left_on": left.isoformat() if left else None}
    findings = [Finding("employment", left is None or left > starts_on, facts)]
    findings += _audience(audience, person)
    findings += [_apply(rule, person, programme_code=programme_code, on=on) for rule in rules]
    return findings


def told(findings: Sequence[Finding], *, on: date) -> Verdict:
    """The same in words."""
    trace = [RuleTrace(one.code, one.ok, sentences.of(one.code, one.facts), one.facts) for one in findings]
    return Verdict(all(one.ok for one in findings), on, trace)


def _audience(audience: Sequence[AudienceGroup], person: Person) -> list[Finding]:
    if not audience:
        return []
    groups = [group for group in audience if group.role is person.role]
    roles = list(dict.fromkeys(group.role.value for group in audience))
    found = [Finding("role", bool(groups), {"asked": roles, "role": person.role.value})]
    if groups:
        taught = set(person.subjects)
        asked = sorted({subject for group in groups for subject in group.subjects})
        ok = any(not group.subjects or not taught.isdisjoint(group.subjects) for group in groups)
        if asked:
            found.append(Finding("subject", ok, {"asked": asked, "subjects": list(person.subjects)}))
    return found


def _apply(rule: EligibilityRule, person: Person, *, programme_code: str, on: date) -> Finding:
    match rule:
        case CategoryRule():
            return _category(rule, person)
        case ExperienceRule():
            return _experience(rule, person, on)
        case PrerequisiteRule():
            return _prerequisite(rule, person, on)
        case LongAgoRule() | RecentlyRule():
            return _last_course(rule, person, on)
        case NotAgainRule():
            return _not_again(rule, person, programme_code, on)
        case WorkplaceRule():
            return _workplace(rule, person)
        case _:
            assert_never(rule)


def _category(rule: CategoryRule, person: Person) -> Finding:
    ok = person.category is not None and _LADDER.index(person.category) >= _LADDER.index(rule.at_least)
    reached = person.category.value if person.category else None
    return Finding("category", ok, {"at_least": rule.at_least.value, "category": reached})


def _experience(rule: ExperienceRule, person: Person, on: date) -> Finding:
    years = None if person.teaching_since is None else full_years(person.teaching_since, on)
    facts = {"at_least_years": rule.at_least_years, "years": years}
    return Finding("experience", years is not None and years >= rule.at_least_years, facts)


def _prerequisite(rule: PrerequisiteRule, person: Person, on: date) -> Finding:
    since = None if rule.within_months is None else months_before(on, rule.within_months)
    has = {
        one.programme_code
        for one in person.certificates
        if one.issued_on <= on and (since is None or one.issued_on > since)
    }
    missing = [code for code in dict.fromkeys(rule.programmes) if code not in has]
    ok = not missing if rule.need == "all" else len(missing) < len(set(rule.programmes))
    facts = {"need": rule.need, "asked": rule.programmes, "within_months": rule.within_months, "missing": missing}
    return Finding("prerequisite", ok, facts)


def _last_course(rule: LongAgoRule | RecentlyRule, person: Person, on: date) -> Finding:
    last = max((one.issued_on for one in person.certificates if one.issued_on <= on), default=None)
    edge = months_before(on, rule.months)
    ok = last is None or last <= edge if isinstance(rule, LongAgoRule) else last is not None and last > edge
    return Finding(rule.rule, ok, {"months": rule.months, "last_on": last.isoformat() if last else None})


def _not_again(rule: NotAgainRule, person: Person, programme_code: str, on: date) -> Finding:
    own = (one.issued_on for one in person.certificates if one.programme_code == programme_code and one.issued_on <= on)
    last = max(own, default=None)
    facts = {
        "months": rule.months,
        "programme": programme_code,
        "certified_on": last.isoformat() if last else None,
    }
    return Finding("not_certified_within", last is None or last <= months_before(on, rule.months), facts)


def _workplace(rule: WorkplaceRule, person: Person) -> Finding:
    asked = {name: words for name in _RESPECTS if (words := getattr(rule, name))}
    place = person.workplace
    if place is None:
        return Finding("workplace", False, {"asked": asked, "unfit": sorted(asked), "workplace": None})
    has: dict[str, Collection[str]] = {
        "types": {place.type},
        "kinds": {place.kind} if place.kind else set(),
        "areas": place.area_path,
        "settings": {place.setting} if place.setting else set(),
        "ownerships": {place.ownership} if place.ownership else set(),
    }
    unfit = [name for name, words in asked.items() if set(words).isdisjoint(has[name])]
    facts = {"asked": asked, "unfit": unfit, "workplace": {name: sorted(has[name]) for name in asked}}
    return Finding("workplace", not unfit, facts)


_RESPECTS = ("types", "kinds", "areas", "settings", "ownerships")


def full_years(since: date, on: date) -> int:
    """Full years from one day to another; none if it is yet to come.

    >>> full_years(date(2020, 9, 1), date(2026, 8, 31)), full_years(date(2020, 9, 1), date(2026, 9, 1))
    (5, 6)
    """
    return max(0, on.year - since.year - ((on.month, on.day) < (since.month, since.day)))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month if it is shorter.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
