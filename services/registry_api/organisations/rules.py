"""Pure decisions about organisations: the course of a life, names, kinds, patches and periods."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from services.registry_api.organisations import errors
from shared.errors import Problem
from shared.schemas.registry.organisation_words import (
    IdentifierScheme,
    OrganisationKind,
    OrganisationStatus,
    OrganisationType,
)
from shared.schemas.registry.organisations import OrganisationAttributes

_S = OrganisationStatus
_K = OrganisationKind
_T = OrganisationType

TRANSITIONS: Mapping[OrganisationStatus, frozenset[OrganisationStatus]] = {
    _S.PROPOSED: frozenset({_S.APPROVED, _S.CLOSED}),
    _S.APPROVED: frozenset({_S.UNDER_CONSTRUCTION, _S.OPEN, _S.CLOSED}),
    _S.UNDER_CONSTRUCTION: frozenset({_S.OPEN, _S.APPROVED, _S.CLOSED}),
    _S.OPEN: frozenset({_S.SUSPENDED, _S.CLOSING, _S.CLOSED, _S.MERGED}),
    _S.SUSPENDED: frozenset({_S.OPEN, _S.CLOSING, _S.CLOSED, _S.MERGED}),
    _S.CLOSING: frozenset({_S.OPEN, _S.CLOSED, _S.MERGED}),
    _S.CLOSED: frozenset({_S.OPEN}),
    _S.MERGED: frozenset(),
    _S.CREATED_IN_ERROR: frozenset(),
}
"""Where a life may go. `created_in_error` is no step of a life: it says that there was none."""

REOPENED_FROM = frozenset({_S.SUSPENDED, _S.CLOSING, _S.CLOSED})
"""What has stopped, or is about to, and may go on."""

HIDDEN_FROM_STRANGERS = frozenset({_S.PROPOSED, _S.CREATED_IN_ERROR})
"""What is only proposed is nobody's business yet, and what never was is nobody's business at all."""

_SCHOOL_KINDS = frozenset(
    {
        _K.GENERAL,
        _K.GYMNASIUM,
        _K.LYCEUM,
        _K.SCHOOL_GYMNASIUM,
        _K.SCHOOL_LYCEUM,
        _K.EVENING,
        _K.INTELLECTUAL,
        _K.SPECIAL,
    }
)
KINDS: Mapping[OrganisationType, frozenset[OrganisationKind]] = {
    _T.PRESCHOOL: frozenset({_K.KINDERGARTEN, _K.NURSERY_KINDERGARTEN, _K.PRESCHOOL_MINI_CENTRE, _K.SPECIAL}),
    _T.SCHOOL: _SCHOOL_KINDS,
    _T.COLLEGE: frozenset({_K.COLLEGE, _K.HIGHER_COLLEGE}),
    _T.SUPPLEMENTARY: frozenset({_K.YOUTH_PALACE, _K.ART_SCHOOL, _K.SPORTS_SCHOOL, _K.CLUB}),
    _T.SPECIAL: frozenset({_K.SPECIAL, _K.CORRECTION_ROOM, _K.PSYCHOLOGICAL_CONSULTATION}),
    _T.AUTHORITY: frozenset({_K.MINISTRY, _K.DEPARTMENT, _K.DISTRICT_DEPARTMENT, _K.SUBUNIT}),
    _T.PROVIDER: frozenset({_K.TRAINING_CENTRE, _K.UNIVERSITY, _K.ACADEMY, _K.NETWORK_OPERATOR, _K.SUBUNIT}),
}

FOREIGN_SCHEMES = frozenset({IdentifierScheme.URN, IdentifierScheme.FOREIGN})
"""Who bears one of these is registered abroad and need not have a Kazakh or Russian name."""


def check_transition(current: OrganisationStatus, wanted: OrganisationStatus) -> None:
    """Raise `TransitionRefused` unless `wanted` is a next step."""
    allowed = TRANSITIONS[current]
    if wanted not in allowed:
        raise errors.TransitionRefused(
            current=current.value, wanted=wanted.value, allowed=", ".join(sorted(allowed)) or "—"
        )


def faults(
    attributes: OrganisationAttributes,
    schemes: Sequence[IdentifierScheme],
    *,
    initial: OrganisationStatus | None = None,
) -> Iterator[tuple[str, Problem]]:
    """Everything that is wrong with an organisation as it is described, and where."""
    if attributes.name.kk is None and attributes.name.ru is None and not FOREIGN_SCHEMES.intersection(schemes):
        yield "/name", errors.NameNeedsKazakhOrRussian()
    kinds = KINDS[attributes.type]
    if attributes.kind is not None and attributes.kind not in kinds:
        yield "/kind", errors.KindNotOfType(type=attributes.type.value, kinds=", ".join(sorted(kinds)))
    for place, scheme in enumerate(schemes):
        if scheme in schemes[:place]:
            yield f"/identifiers/{place}/scheme", errors.SchemeRepeated()


def merge(document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """JSON Merge Patch (RFC 7396).

    >>> merge({"name": {"kk": "А", "ru": "Б"}, "kind": "general"}, {"name": {"ru": None}, "kind": None})
    {'name': {'kk': 'А'}}
    """
    merged = dict(document)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            former = merged.get(name)
            merged[name] = merge(former if isinstance(former, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


def check_period(first_days: Sequence[date], *, first: date, end: date | None) -> None:
    """Raise unless a change for the days from `first` to before `end` is clear.

    `first_days` are those of the periods of the organisation as they are known, in their order.
    """
    if end is not None and end <= first:
        raise errors.PeriodEmpty(pointer="?effective_until")
    if first < first_days[0]:
        raise errors.BeforeFirstDay(first_day=first_days[0].isoformat())
    later = next((day for day in first_days if day > first), None)
    if end is None and later is not None:
        raise errors.LaterChangeExists(later_from=later.isoformat())
