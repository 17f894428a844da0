"""What is done to one project: changed, moved on, dated, priced, judged."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import ValidationError

from services.registry_api.areas import service as areas
from services.registry_api.construction import errors, repository, rules
from services.registry_api.construction.repository import (
    ConstructionCost,
    ConstructionDate,
    ConstructionIdleReason,
    ConstructionProject,
    ConstructionRisk,
    ConstructionStageChange,
)
from services.registry_api.construction.service import attributes, telling
from services.registry_api.construction.service.creation import FACTS_OF_STAGE, actual_date, step_row
from shared import edtf
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.errors import FieldError, Problem, Text
from shared.schemas.registry.construction import (
    ConstructionProjectAttributes,
    ConstructionProjectUpdate,
    StageChangeCreate,
)
from shared.schemas.registry.construction_history import (
    CostCreate,
    FactCreate,
    GateDateCreate,
    IdleReasonCreate,
    RiskCreate,
)
from shared.schemas.registry.construction_words import DateKind, Fact, Stage

_FIELD_WRONG = Text(kk="Өріс жарамсыз", ru="Поле неверно", en="The field is wrong")


async def lock(session: WriteSession, actor: Actor, project_id: UUID, *, now: datetime) -> ConstructionProject:
    """The project, for a change by who reaches its place. Raises `ProjectNotFound`, `OutOfReach`."""
    project = await repository.lock(session, project_id)
    if project is None:
        raise errors.ProjectNotFound()
    last = (await repository.states(session, project_id))[-1]
    await _demand(session, actor, last.area_code, on=day_in_kazakhstan(now))
    return project


async def amend(
    session: WriteSession,
    actor: Actor,
    project: ConstructionProject,
    patch: ConstructionProjectUpdate,
    *,
    effective_from: date | None,
    now: datetime,
) -> None:
    """Change attributes from a day (today) on; what was true before stays.

    Raises `BeforeProject`, `ProjectInvalid`, `AreaUnknown`, `OutOfReach` and what `attributes.faults` finds.
    """
    first = effective_from or day_in_kazakhstan(now)
    told = patch.model_dump(mode="json", exclude_unset=True)
    timeline = await repository.states(session, project.id)
    begins = timeline[0].valid.lower
    if begins is not None and first < begins:
        raise errors.BeforeProject(pointer="?effective_from", first_day=begins.isoformat())
    changed = False
    for state in timeline:
        if state.valid.upper is not None and state.valid.upper <= first:
            continue
        described = _described({**attributes.document(state), **told})
        if found := list(attributes.faults(described)):
            raise _together(found)
        if described.area != state.area_code:
            await _demand(session, actor, described.area, on=first)
            await areas.require(session, described.area, since=first)
        columns = attributes.columns(described)
        changes = {name: value for name, value in columns.items() if getattr(state, name) != value}
        if changes:
            begins = max(first, state.valid.lower or first)
            await repository.amend(session, project.id, changes, valid_from=begins, now=now)
            changed = True
            break  # the change holds in all later states too, which keep what else they say
    if changed:
        await repository.touch(session, project, now=now)
        await telling.tell(session, "changed", project.id, {"reference": project.reference, **told})


async def change_stage(
    session: WriteSession, project: ConstructionProject, asked: StageChangeCreate, *, now: datetime
) -> None:
    """Take a step. Raises `StageJump`, `EvidenceMissing`, `ReasonNeeded`, `StageBeforeLast`, `InFuture`."""
    today = day_in_kazakhstan(now)
    on = asked.on or today
    _refuse_future(on, today)
    steps = await repository.trail(session, ConstructionStageChange, [project.id])
    last = steps[-1]
    stopped_at = next((Stage(step.from_stage) for step in reversed(steps) if step.to_stage == Stage.SUSPENDED), None)  # type: ignore[arg-type] # a suspension has a stage before it
    rules.check_step(
        Stage(last.to_stage),
        asked.stage,
        stopped_at=stopped_at,
        evidence={one.kind for one in asked.evidence},
        has_reason=asked.reason is not None,
    )
    if on < last.effective_on:
        raise errors.StageBeforeLast(pointer="/on", last_on=last.effective_on.isoformat())
    by = authorship(session).subject
    before = Stage(last.to_stage)
    step = step_row(project.id, last.number + 1, before, asked.stage, on, asked, now=now, by=by)
    await repository.add(session, [step])
    if before is not Stage.SUSPENDED and asked.stage in rules.EVIDENCE:
        said = await repository.trail(session, ConstructionDate, [project.id])
        await repository.add(session, [actual_date(project.id, len(said) + 1, asked.stage, on, now=now, by=by)])
    for fact in FACTS_OF_STAGE.get(asked.stage, ()):
        if not await repository.facts_since(session, project.id, fact.value, on=on):
            await repository.record_fact(session, project.id, fact.value, on=on, source="", now=now)
    await repository.touch(session, project, now=now)
    await telling.tell(
        session,
        "stage_changed",
        project.id,
        {
            "reference": project.reference,
            "from_stage": before.value,
            "to_stage": asked.stage.value,
            "effective_on": on.isoformat(),
        },
    )


async def state_date(
    session: WriteSession, project: ConstructionProject, asked: GateDateCreate, *, now: datetime
) -> None:
    """Say what is foreseen, agreed or true of a gate's date. Raises `ReasonNeeded`, `InFuture`."""
    meant = edtf.parse(asked.date)
    if asked.kind is DateKind.ACTUAL:
        _refuse_future(meant.earliest, day_in_kazakhstan(now), "/date")
    said = await repository.trail(session, ConstructionDate, [project.id])
    before = [one for one in said if one.gate == asked.gate and one.kind == asked.kind]
    if before and before[-1].text != asked.date and asked.reason is None:
        raise errors.ReasonNeeded(pointer="/reason")
    row = ConstructionDate(
        project_id=project.id,
        number=len(said) + 1,
        gate=asked.gate.value,
        kind=asked.kind.value,
        text=asked.date,
        earliest=meant.earliest,
        latest=meant.latest,
        reason=asked.reason.value if asked.reason else None,
        comment=asked.comment,
        source=asked.source,
        recorded_at=now,
        recorded_by=authorship(session).subject,
    )
    await repository.add(session, [row])
    await repository.touch(session, project, now=now)
    told = {"reference": project.reference, "gate": row.gate, "kind": row.kind, "date": row.text, "reason": row.reason}
    await telling.tell(session, "dated", project.id, told)


async def state_cost(session: WriteSession, project: ConstructionProject, asked: CostCreate, *, now: datetime) -> None:
    """Say what it is to cost, is contracted for, or cost. Raises `ReasonNeeded`."""
    said = await repository.trail(session, ConstructionCost, [project.id])
    before = [one for one in said if one.kind == asked.kind]
    amount = Decimal(asked.amount)
    if before and before[-1].amount != amount and asked.reason is None:
        raise errors.ReasonNeeded(pointer="/reason")
    row = ConstructionCost(
        project_id=project.id,
        number=len(said) + 1,
        kind=asked.kind.value,
        amount=amount,
        effective_on=asked.on or day_in_kazakhstan(now),
        reason=asked.reason.value if asked.reason else None,
        comment=asked.comment,
        recorded_at=now,
        recorded_by=authorship(session).subject,
    )
    await repository.add(session, [row])
    await repository.touch(session, project, now=now)
    told = {"reference": project.reference, "kind": row.kind, "amount": asked.amount, "reason": row.reason}
    await telling.tell(session, "priced", project.id, told)


async def assess_risk(session: WriteSession, project: ConstructionProject, asked: RiskCreate, *, now: datetime) -> None:
    """From a day on a risk is so great. Raises `InFuture`."""
    on = asked.on or day_in_kazakhstan(now)
    _refuse_future(on, day_in_kazakhstan(now))
    row = ConstructionRisk(project_id=project.id, area=asked.area.value, level=asked.level.value, note=asked.note)
    await repository.replace_from(session, row, ("project_id", "area"), on=on, now=now)
    await repository.touch(session, project, now=now)


async def state_fact(session: WriteSession, project: ConstructionProject, asked: FactCreate, *, now: datetime) -> None:
    """Say since when something is so, or until when it was. Raises `InFuture`, `FactNotHolding`.

    A first day that is stated anew corrects the period it falls into; periods that ended before stay.
    """
    on = asked.on or day_in_kazakhstan(now)
    _refuse_future(on, day_in_kazakhstan(now))
    known = await repository.facts_since(session, project.id, asked.fact.value, on=on)
    if asked.holds:
        if len(known) == 1 and known[0].valid.lower == on and known[0].valid.upper is None:
            return
        if known:
            earliest = min([on, *(row.valid.lower for row in known if row.valid.lower)])
            await repository.end_fact(session, project.id, asked.fact.value, on=earliest, now=now)
        await repository.record_fact(session, project.id, asked.fact.value, on=on, source=asked.source, now=now)
    else:
        if not known:
            raise errors.FactNotHolding(pointer="/on")
        await repository.end_fact(session, project.id, asked.fact.value, on=on, now=now)
    await repository.touch(session, project, now=now)
    told = {"reference": project.reference, "fact": asked.fact.value, "holds": asked.holds, "on": on.isoformat()}
    await telling.tell(session, "fact_stated", project.id, told)


async def state_idle_reason(
    session: WriteSession, project: ConstructionProject, asked: IdleReasonCreate, *, now: datetime
) -> None:
    """Say why the school stands idle from a day on. Raises `InFuture`, `FactNotHolding` if it was not built then."""
    on = asked.on or day_in_kazakhstan(now)
    _refuse_future(on, day_in_kazakhstan(now))
    built = await repository.facts_since(session, project.id, Fact.BUILT.value, on=on)
    if not any(row.valid.lower and row.valid.lower <= on for row in built):
        raise errors.FactNotHolding(pointer="/on")
    row = ConstructionIdleReason(project_id=project.id, reason=asked.reason.value, note=asked.note)
    await repository.replace_from(session, row, ("project_id",), on=on, now=now)
    await repository.touch(session, project, now=now)
    told = {"reference": project.reference, "reason": asked.reason.value, "on": on.isoformat()}
    await telling.tell(session, "idle_explained", project.id, told)


async def _demand(session: WriteSession, actor: Actor, area: str, *, on: date) -> None:
    actor.demand(Scope.REGISTRY_WRITE, await areas.codes_above(session, area, on=on))


def _described(document: dict[str, object]) -> ConstructionProjectAttributes:
    try:
        return ConstructionProjectAttributes.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise errors.ProjectInvalid(
            errors=[FieldError("/" + "/".join(map(str, fault["loc"])), fault["type"], _FIELD_WRONG) for fault in found]
        ) from None


def _together(found: list[tuple[str, Problem]]) -> Problem:
    problem = found[0][1]
    problem.errors = tuple(FieldError(place, fault.code, fault.sentence()) for place, fault in found)
    return problem


def _refuse_future(day: date, today: date, pointer: str = "/on") -> None:
    if day > today:
        raise errors.InFuture(pointer=pointer)
