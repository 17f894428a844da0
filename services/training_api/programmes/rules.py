"""What must hold of a programme, what its approval takes, and what differs between two versions of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from shared import alphabet
from shared.schemas.training.programmes import Approval, ModuleRead, Verdict


def total_hours(hours: Sequence[int]) -> int:
    """Academic hours of a programme: the sum of its modules."""
    return sum(hours)


def may_be_decided(approval: Approval) -> bool:
    """A draft may be approved or rejected; what was decided stays, and a new version is written instead."""
    return approval is Approval.DRAFT


class Lacking(StrEnum):
    """What an approval lacks."""

    REVIEW = "review"
    FAVOURABLE_REVIEW = "favourable_review"
    BASIS = "basis"


def approval_lacks(*, proposed: bool, verdicts: Sequence[Verdict], basis: str | None) -> Lacking | None:
    """What is missing to approve a programme, `verdicts` being those of its reviews from the first.

    Somebody's own course needs an expert's review, the latest of which is favourable, and a ground for the decision;
    a programme of the provider itself needs the decision only.
    """
    if not proposed:
        return None
    if not verdicts:
        return Lacking.REVIEW
    if verdicts[-1] is not Verdict.FAVOURABLE:
        return Lacking.FAVOURABLE_REVIEW
    return None if basis else Lacking.BASIS


def is_valid_on(valid_from: date | None, valid_until: date | None, day: date) -> bool:
    """Whether a course by this version may begin on that day."""
    return (valid_from is None or valid_from <= day) and (valid_until is None or day < valid_until)


def search_key(code: str, *names: str | None) -> str:
    """What a search for the programme is matched against."""
    return alphabet.search_key(" ".join(word for word in (code, *names) if word))


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that differs."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ChangedModule:
    """A module that was added, taken away or altered."""

    change: Literal["added", "removed", "changed"]
    before: ModuleRead | None
    after: ModuleRead | None


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any], *, within: str = "") -> list[Changed]:
    """Every field that differs, those of an object by their path."""
    found: list[Changed] = []
    for name in before:
        one, other = before[name], after[name]
        if isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
            found += changed_fields(one, other, within=f"{within}{name}.")
        elif one != other:
            found.append(Changed(f"{within}{name}", one, other))
    return found


def changed_modules(before: Sequence[ModuleRead], after: Sequence[ModuleRead]) -> list[ChangedModule]:
    """Modules that differ: the first of a subject is compared with the first of it, the second with the second."""
    there: defaultdict[str, list[ModuleRead]] = defaultdict(list)
    for module in after:
        there[module.subject].append(module)
    found: list[ChangedModule] = []
    for module in before:
        if not there[module.subject]:
            found.append(ChangedModule("removed", module, None))
        elif (now := there[module.subject].pop(0)) != module:
            found.append(ChangedModule("changed", module, now))
    return found + [ChangedModule("added", None, module) for rest in there.values() for module in rest]
