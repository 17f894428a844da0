"""How projects enter the pipeline: one or many, with the gates they have passed already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.construction import errors, repository, rules
from services.registry_api.construction.repository import (
    ConstructionDate,
    ConstructionFact,
    ConstructionProject,
    ConstructionProjectState,
    ConstructionStageChange,
)
from services.registry_api.construction.service import attributes, telling
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.errors import FieldError, Problem
from shared.ids import new_id
from shared.schemas.registry.construction import ConstructionProjectCreate, StageChangeCreate
from shared.schemas.registry.construction_words import DateKind, Fact, Stage

FACTS_OF_STAGE = {Stage.COMMISSIONED: (Fact.BUILT, Fact.COMMISSIONED), Stage.OPERATING: (Fact.OPERATING,)}
"""What a gate makes true, unless it is known from an earlier day."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """One step of a history."""

    before: Stage | None
    after: Stage
    on: date
    said: StageChangeCreate | None


async def create(session: WriteSession, actor: Actor, asked: ConstructionProjectCreate, *, now: datetime) -> UUID:
    """Enter a project; its id."""
    (project_id,) = await create_many(session, actor, [asked], now=now, pointer="")
    return project_id


async def create_many(
    session: WriteSession,
    actor: Actor,
    asked: Sequence[ConstructionProjectCreate],
    *,
    now: datetime,
    pointer: str = "/projects/{}",
) -> list[UUID]:
    """Enter projects, all or none; their ids in the order asked.

    Raises `OutOfReach`, `AreaUnknown`, `ReferenceTaken`, `StageJump`, `EvidenceMissing`, `ReasonNeeded`,
    `StageBeforeLast`, `InFuture` and what `attributes.faults` finds, each with its place.
    """
    today = day_in_kazakhstan(now)
    places = [pointer.format(number) for number in range(len(asked))]
    await _demand(session, actor, asked, places, on=today)
    await _refuse_known(session, asked, places)
    made: list[ConstructionProject] = []
    states: list[ConstructionProjectState] = []
    trails: list[ConstructionStageChange | ConstructionDate | ConstructionFact] = []
    told = []
    by = authorship(session).subject
    for place, one in zip(places, asked, strict=True):
        _refuse([(f"{place}{where}", fault) for where, fault in attributes.faults(one)])
        steps = _steps(one, today=today, pointer=place)
        project = ConstructionProject(
            id=new_id(), reference=one.reference, is_synthetic=one.is_synthetic, created_at=now, updated_at=now
        )
        made.append(project)
        states.append(repository.state(project.id, attributes.columns(one), on=steps[0].on, now=now))
        for number, step in enumerate(steps, start=1):
            trails.append(step_row(project.id, number, step.before, step.after, step.on, step.said, now=now, by=by))
        trails += [actual_date(project.id, number, step.after, step.on, now=now, by=by)
                   for number, step in enumerate(_passed(steps), start=1)]  # fmt: skip
        trails += _facts(project.id, steps, now=now)
        told.append(
            (
                project.id,
                {
                    "reference": one.reference,
                    "programme": one.programme,
                    "area": one.area,
                    "design_capacity": one.design_capacity,
                    "stage": steps[-1].after.value,
                },
            )
        )
    await repository.add(session, made, states, trails)
    await telling.tell_many(session, "registered", told)
    return [project.id for project in made]


def step_row(
    project_id: UUID,
    number: int,
    before: Stage | None,
    after: Stage,
    on: date,
    said: StageChangeCreate | None,
    *,
    now: datetime,
    by: str,
) -> ConstructionStageChange:
    """One step of a project, as it is written down."""
    return ConstructionStageChange(
        project_id=project_id,
        number=number,
        from_stage=before.value if before else None,
        to_stage=after.value,
        effective_on=on,
        reason=said.reason.value if said and said.reason else None,
        comment=said.comment if said else None,
        evidence=[one.model_dump(mode="json") for one in said.evidence] if said else [],
        recorded_at=now,
        recorded_by=by,
    )


def actual_date(project_id: UUID, number: int, gate: Stage, on: date, *, now: datetime, by: str) -> ConstructionDate:
    """A gate that was passed has come to its date."""
    return ConstructionDate(
        project_id=project_id,
        number=number,
        gate=gate.value,
        kind=DateKind.ACTUAL.value,
        text=on.isoformat(),
        earliest=on,
        latest=on,
        reason=None,
        comment=None,
        source=None,
        recorded_at=now,
        recorded_by=by,
    )


def _steps(asked: ConstructionProjectCreate, *, today: date, pointer: str) -> list[_Taken]:
    history = list(asked.history)
    first = next((said.on for said in history if said.on), None)
    begins = asked.valid_from or first or today
    _refuse_future(begins, today, f"{pointer}/valid_from")
    steps = [_Taken(None, Stage.PLANNED, begins, None)]
    stopped_at: Stage | None = None
    for number, said in enumerate(history):
        place = f"{pointer}/history/{number}"
        if number == 0 and said.stage is Stage.PLANNED:
            steps = [_Taken(None, Stage.PLANNED, max(begins, said.on or begins), said)]
            continue
        last = steps[-1]
        on = said.on or today
        _refuse_future(on, today, f"{place}/on")
        if on < last.on:
            raise errors.StageBeforeLast(pointer=f"{place}/on", last_on=last.on.isoformat())
        rules.check_step(
            last.after,
            said.stage,
            stopped_at=stopped_at,
            evidence={one.kind for one in said.evidence},
            has_reason=said.reason is not None,
            pointer=place,
        )
        if said.stage is Stage.SUSPENDED:
            stopped_at = last.after
        steps.append(_Taken(last.after, said.stage, on, said))
    return steps


def _passed(steps: Sequence[_Taken]) -> list[_Taken]:
    """The gates that were passed, each once."""
    gates = {gate.value for gate in rules.GATES}
    return [step for step in steps if step.after.value in gates and step.before is not Stage.SUSPENDED]


def _facts(project_id: UUID, steps: Sequence[_Taken], *, now: datetime) -> list[ConstructionFact]:
    return [
        repository.fact(project_id, fact.value, on=step.on, source="", now=now)
        for step in steps
        for fact in FACTS_OF_STAGE.get(step.after, ())
    ]


async def _demand(
    session: WriteSession, actor: Actor, asked: Sequence[ConstructionProjectCreate], places: Sequence[str], *, on: date
) -> None:
    codes = {one.area for one in asked}
    known = await areas.known(session, codes, since=on)
    unknown = [(f"{place}/area", one.area) for place, one in zip(places, asked, strict=True) if one.area not in known]
    if unknown:
        fault = areas.unknown(unknown[0][1])
        fault.errors = tuple(FieldError(where, fault.code, areas.unknown(code).sentence()) for where, code in unknown)
        raise fault
    paths = await areas.paths(session, codes, on=on)
    for code in sorted(codes):
        actor.demand(Scope.REGISTRY_WRITE, paths[code])


async def _refuse_known(
    session: WriteSession, asked: Sequence[ConstructionProjectCreate], places: Sequence[str]
) -> None:
    references = [one.reference for one in asked]
    for number, reference in enumerate(references):
        if reference in references[:number]:
            raise errors.ReferenceRepeated(pointer=f"{places[number]}/reference")
    taken = await repository.references_taken(session, references)
    for place, reference in zip(places, references, strict=True):
        if reference in taken:
            raise errors.ReferenceTaken(pointer=f"{place}/reference", reference=reference)


def _refuse_future(day: date, today: date, pointer: str) -> None:
    if day > today:
        raise errors.InFuture(pointer=pointer)


def _refuse(found: Sequence[tuple[str, Problem]]) -> None:
    if found:
        problem = found[0][1]
        problem.errors = tuple(FieldError(place, fault.code, fault.sentence()) for place, fault in found)
        raise problem
