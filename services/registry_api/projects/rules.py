"""Pure decisions about projects, plans and visits: the course of a life, what it needs, where links may lead."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from services.registry_api.projects import errors
from shared.schemas.registry.projects import ProjectLevel, ProjectStatus

_S = ProjectStatus

TRANSITIONS: Mapping[ProjectStatus, tuple[ProjectStatus, ...]] = {
    _S.DRAFT: (_S.ACTIVE, _S.STOPPED),
    _S.ACTIVE: (_S.COMPLETED, _S.STOPPED),
    _S.STOPPED: (_S.ACTIVE,),
    _S.COMPLETED: (),
}
"""Where the life of a project may go."""

LINK_HOSTS = (
    "kitap.kz",
    "gov.kz",
    "edu.kz",
    "bilimland.kz",
    "opiq.kz",
    "kazneb.kz",
    "nlrk.kz",
)
"""The country's list: public libraries, portals of education, the state. Projects add others with approval."""

MOST_ITEMS = 1000
MOST_LINKS = 200
DEEPEST = 12
"""Levels of programmes above a project."""

_HOST = re.compile(r"^https://([^:/?#]+)")


def check_transition(current: ProjectStatus, wanted: ProjectStatus, *, reason: str | None) -> None:
    """Raise `ProjectTransitionRefused` or `ReasonNeeded` unless `wanted` is a next step."""
    allowed = TRANSITIONS[current]
    if wanted not in allowed:
        raise errors.ProjectTransitionRefused(
            current=current.value, wanted=wanted.value, allowed=", ".join(allowed) or "—"
        )
    if wanted is _S.STOPPED and reason is None:
        raise errors.ReasonNeeded(pointer="/reason")


def check_ready(*, has_owner: bool, has_goal: bool, stakeholder_count: int) -> None:
    """Raise `ProjectNotReady` unless an owner carries the project towards a goal with somebody."""
    needed = {"owner_id": has_owner, "goal": has_goal, "stakeholders": stakeholder_count > 0}
    missing = [name for name, there in needed.items() if not there]
    if missing:
        raise errors.ProjectNotReady(missing=", ".join(missing))


def check_period(first: date | None, last: date | None) -> None:
    """Raise `PeriodReversed` for what would end before it begins."""
    if first is not None and last is not None and last < first:
        raise errors.PeriodReversed(pointer="/ends_on")


def check_visit(departs_on: date, returns_on: date) -> None:
    """Raise `ReturnBeforeDeparture`; back on the same day is a visit too."""
    if returns_on < departs_on:
        raise errors.ReturnBeforeDeparture(pointer="/returns_on")


def check_parent(level: ProjectLevel, parent: ProjectLevel) -> None:
    """Raise `ParentNotProgramme` for a programme inside a project."""
    if level is ProjectLevel.PROGRAMME and parent is not ProjectLevel.PROGRAMME:
        raise errors.ParentNotProgramme(pointer="/parent_id")


def check_room(item_count: int, items_planned: int | None) -> None:
    """Raise `ItemsLimit` unless there is room for one item more."""
    limit = items_planned if items_planned is not None else MOST_ITEMS
    if item_count >= limit:
        raise errors.ItemsLimit(items_planned=limit)


def check_link(url: str, hosts: Iterable[str]) -> None:
    """Raise `LinkHostNotListed` unless the address is on one of the sites, or on a site of theirs.

    >>> check_link("https://www.kitap.kz/book/1", ["kitap.kz"])
    """
    found = _HOST.match(url)
    host = found[1].lower().rstrip(".") if found else ""
    listed = sorted({*LINK_HOSTS, *hosts})
    if not any(host == one or host.endswith(f".{one}") for one in listed):
        raise errors.LinkHostNotListed(pointer="/url", hosts=", ".join(listed))
