"""What may happen to a run between its computation and the public, and what stands against it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.runs import errors
from shared.auth import Actor, Scope
from shared.auth.actor import AREA_ROLES, ORGANISATION_ROLES, SCOPES
from shared.errors import Problem
from shared.machines import Machine, Move, Refusal
from shared.schemas.rating.appeals import AppealRules
from shared.schemas.rating.stages import RunAction, RunStage

_D, _C, _K = RunStage.DRAFT, RunStage.COMPUTED, RunStage.CHECKED
_V, _P, _S, _W = RunStage.PREVIEW, RunStage.PUBLISHED, RunStage.SUPERSEDED, RunStage.WITHDRAWN

MACHINE: Machine[RunStage, RunAction] = Machine(
    "stages",
    (
        Move(RunAction.COMPUTE, frozenset({_D}), frozenset({_C}), is_command=False),
        Move(RunAction.CHECK, frozenset({_C}), frozenset({_K})),
        Move(RunAction.PREVIEW, frozenset({_C, _K}), frozenset({_V})),
        Move(RunAction.PUBLISH, frozenset({_C, _K, _V}), frozenset({_P})),
        Move(RunAction.SUPERSEDE, frozenset({_P}), frozenset({_S}), is_command=False),
        Move(RunAction.WITHDRAW, frozenset({_C, _K, _V}), frozenset({_W}), needs_reason=True),
    ),
)
PUBLIC = frozenset({_P, _S})
"""The stages in which everybody may see what a run says."""


def appeal_days(document: Mapping[str, Any]) -> int | None:
    """How many working days a stored methodology gives for appeals; none where it foresees none."""
    declared = document.get("appeals")
    return None if declared is None else AppealRules.model_validate(declared).working_days


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides what may be done to a run."""

    stage: RunStage
    appeal_days: int | None
    appeals_until: datetime | None
    open_appeals: int
    needs_correction: bool


def obstacles(run: Situation, *, now: datetime, waived: bool = False) -> list[Problem]:
    """What stands between a run and the public although its stage has a way there.

    A waiver stands in for the preview, the window and appeals not decided yet. Nothing stands in for a correction that
    has been decided.
    """
    found: list[Problem] = []
    if run.needs_correction:
        found.append(errors.CorrectionNeeded())
    if run.appeal_days is None or waived:
        return found
    if run.stage is not RunStage.PREVIEW:
        found.append(errors.PreviewNeeded(days=run.appeal_days))
    elif run.appeals_until is not None and now < run.appeals_until:
        found.append(errors.AppealWindowOpen(until=run.appeals_until.isoformat()))
    if run.open_appeals:
        found.append(errors.AppealsUndecided(count=run.open_appeals))
    return found


def allowed(run: Situation, *, now: datetime) -> list[RunAction]:
    """What a caller may ask for now."""
    lacking = obstacles(run, now=now)
    return [one for one in MACHINE.commands(run.stage) if not (one is RunAction.PUBLISH and lacking)]


def refused(run: Situation, *, now: datetime) -> list[Refusal[RunAction]]:
    """What a caller may not ask for now, and why."""
    found = MACHINE.refusals(run.stage)
    if MACHINE.allows(RunAction.PUBLISH, run.stage):
        found += [Refusal(RunAction.PUBLISH, one.code, one.sentence()) for one in obstacles(run, now=now)]
    return found


def publicly(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A result whose score is published, without what the public is not told of it."""
    withheld = row["withheld"]
    if not withheld:
        return row
    hidden = withheld["nodes"]
    nodes = {node: None if node in hidden else value for node, value in row["nodes"].items()}
    return {**row, "rank": withheld["rank"], "nodes": nodes}


@dataclass(frozen=True, slots=True)
class Sight:
    """Of which organisations a caller sees what is not public yet."""

    is_whole: bool
    area: str | None = None
    organisation: UUID | None = None


def sight(actor: Actor) -> Sight:
    """Whoever answers for an area or a school sees that; whoever works on ratings sees all."""
    if actor.reaches(None, None, scope=Scope.RATING_READ):
        return Sight(is_whole=True)
    looking = {role for role in actor.roles if Scope.RATING_READ in SCOPES[role]}
    return Sight(
        is_whole=False,
        area=actor.area if looking & AREA_ROLES else None,
        organisation=actor.organisation if looking & ORGANISATION_ROLES else None,
    )
