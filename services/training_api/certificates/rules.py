"""What may happen to a document, its number, and whether it counts towards the norm of upskilling."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shared.machines import Machine, Move
from shared.schemas.training.certificates import CertificateAction as Action
from shared.schemas.training.certificates import CertificateKind as Kind
from shared.schemas.training.certificates import CertificateStatus as Status

CERTIFICATE = Machine(
    "certificate",
    (
        Move(Action.ISSUE, frozenset({None}), frozenset({Status.ISSUED}), is_command=False),
        Move(
            Action.SUSPEND,
            frozenset({Status.ISSUED}),
            frozenset({Status.SUSPENDED}),
            is_for_managers=True,
            needs_reason=True,
        ),
        Move(
            Action.REINSTATE,
            frozenset({Status.SUSPENDED}),
            frozenset({Status.ISSUED}),
            is_for_managers=True,
            needs_reason=True,
        ),
        Move(
            Action.REVOKE,
            frozenset({Status.ISSUED, Status.SUSPENDED, Status.EXPIRED}),
            frozenset({Status.REVOKED}),
            is_for_managers=True,
            needs_reason=True,
        ),
        Move(
            Action.SUPERSEDE,
            frozenset({Status.ISSUED, Status.SUSPENDED, Status.EXPIRED}),
            frozenset({Status.SUPERSEDED}),
            is_for_managers=True,
            needs_reason=True,
        ),
        Move(
            Action.EXPIRE, frozenset({Status.ISSUED, Status.SUSPENDED}), frozenset({Status.EXPIRED}), is_command=False
        ),
    ),
)
"""What may happen to a certificate. It is issued once, and nothing leads back from revoked and superseded."""

LIST_LENGTH = 131_072
"""Entries of one public status list: the least the standard allows, so that one document hides among many."""
LIST_FILL = 65_536
"""How many of them are used, so that a place drawn by lot is free every second time at worst."""

VOIDING = frozenset({Status.SUSPENDED, Status.REVOKED, Status.SUPERSEDED})
"""States in which a document does not hold."""


class Stage(Protocol):
    """A state a document came to, and the day from which it has it."""

    @property
    def from_status(self) -> str | None: ...
    @property
    def to_status(self) -> str: ...
    @property
    def effective_on(self) -> date: ...


def standing(status: Status, valid_until: date | None, on: date) -> Status:
    """The state as the calendar has it: what has run out is expired, though nobody has written it down yet."""
    lapsed = valid_until is not None and valid_until <= on
    return Status.EXPIRED if lapsed and CERTIFICATE.allows(Action.EXPIRE, status) else status


def state_on(steps: Sequence[Stage], *, issued_on: date, valid_until: date | None, on: date) -> Status | None:
    """The state on a day; None before it was given, which for one that supersedes another is after its date.

    Documents of others have no first step: they are issued until something happens to them.
    """
    if on < issued_on:
        return None
    reached = [step for step in steps if step.effective_on <= on]
    if not reached and steps and steps[0].from_status is None:
        return None
    return standing(Status(reached[-1].to_status) if reached else Status.ISSUED, valid_until, on)


@dataclass(frozen=True, slots=True)
class Norm:
    """One version of the norm, as far as judging goes."""

    code: str
    number: int
    min_hours: int
    window_months: int
    valid_from: date
    valid_until: date | None

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a document counts, by which rule, until when, and if not, why not."""

    counts: bool
    reason: str | None
    rule: str | None
    expires_on: date | None


def judge(norms: list[Norm], *, kind: Kind, academic_hours: int, approved: bool, issued_on: date) -> Judgement:
    """A certificate of an approved programme counts if it has the hours the norm asked for on its day of issue."""
    norm = next((norm for norm in norms if norm.is_in_force(issued_on)), None)
    rule = f"{norm.code}/{norm.number}" if norm else None
    if norm is None:
        return Judgement(False, "no_rule", None, None)
    if kind is not Kind.CERTIFICATE:
        return Judgement(False, "not_a_certificate", rule, None)
    if not approved:
        return Judgement(False, "not_approved", rule, None)
    if academic_hours < norm.min_hours:
        return Judgement(False, f"below_{norm.min_hours}_hours", rule, None)
    return Judgement(True, None, rule, months_after(issued_on, norm.window_months))


def judge_on(judged: Judgement, status: Status | None, on: date) -> Judgement:
    """The same on a day: what does not hold counts for nothing, and what is older than the window no longer counts."""
    if status in VOIDING:
        return Judgement(False, status.value, judged.rule, judged.expires_on)
    if judged.counts and judged.expires_on is not None and judged.expires_on <= on:
        return Judgement(False, "expired", judged.rule, judged.expires_on)
    return judged


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month if it is shorter, as PostgreSQL counts.

    >>> months_after(date(2024, 2, 29), 36)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def number_of(provider_code: str, kind: Kind, year: int, serial: int) -> str:
    """The number of a document: of each provider, kind and year they count 1, 2, 3, … without gaps.

    >>> number_of("ORLEU", Kind.CERTIFICATE, 2026, 1)
    'ORLEU-2026-000001'
    """
    mark = "" if kind is Kind.CERTIFICATE else "R-"
    return f"{provider_code}-{mark}{year}-{serial:06d}"
