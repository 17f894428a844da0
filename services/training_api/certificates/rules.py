"""Numbers of certificates, and whether a certificate counts towards the norm of upskilling."""

import calendar
from dataclasses import dataclass
from datetime import date

from shared.schemas.training.certificates import CertificateKind as Kind


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
