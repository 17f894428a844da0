"""What one row of many would change in the organisation it speaks of, decided without the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.registry_api.organisations import attributes, errors, identifiers, rules
from shared.ids import new_id
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.schemas.registry.organisations import OrganisationAttributes, OrganisationCreate

_ATTRIBUTES = frozenset(OrganisationAttributes.model_fields)
State = dict[str, Any]


class Difference(NamedTuple):
    """One attribute that a row changes."""

    field: str
    """As in a history: `name.kk`, `design_capacity`, `identifier.kz-bin`."""
    before: Any
    after: Any


@dataclass(slots=True)
class Work:
    """One row on its way."""

    place: int
    asked: OrganisationCreate
    identifiers: list[identifiers.Checked]
    owner: UUID | None = None


@dataclass(slots=True)
class Plan:
    """What is to be written."""

    new: list[tuple[UUID, bool]] = field(default_factory=list)
    closed_states: list[UUID] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    closed_identifiers: list[UUID] = field(default_factory=list)
    identifiers: list[State] = field(default_factory=list)
    events: list[tuple[str, UUID]] = field(default_factory=list)


def plan_new(plan: Plan, work: Work, *, today: date) -> UUID:
    organisation_id, first = new_id(), work.asked.valid_from or today
    plan.new.append((organisation_id, work.asked.is_synthetic))
    plan.states.append(
        {
            **attributes.columns(work.asked),
            "organisation_id": organisation_id,
            "status": work.asked.status.value,
            "valid_from": first,
            "valid_until": None,
        }
    )
    for one, given in zip(work.identifiers, work.asked.identifiers, strict=True):
        plan.identifiers.append(_identifier(organisation_id, one, given.valid_from or first))
    plan.events.append(("organisation.registered", organisation_id))
    return organisation_id


def plan_change(
    plan: Plan, work: Work, timeline: Sequence[State], held: Sequence[State], *, today: date
) -> list[Difference]:
    """What the row says new of its organisation."""
    assert work.owner is not None
    first = work.asked.valid_from or today
    restated = _restate(work, timeline, first)
    closed, added = _rekey(work, held, first)
    if restated is not None:
        old, pieces = restated
        plan.closed_states.append(old["id"])
        plan.states += pieces
    plan.closed_identifiers += closed
    plan.identifiers += added
    if added:
        plan.events.append(("organisation.rekeyed", work.owner))
    elif restated is not None:
        ended = restated[1][-1]["status"] == OrganisationStatus.CLOSED and restated[0]["status"] != "closed"
        plan.events.append(("organisation.closed" if ended else "organisation.changed", work.owner))
    return [*_differences(restated), *_rekeyed(work, held)] if added or restated else []


def _differences(restated: tuple[State, list[State]] | None) -> Iterator[Difference]:
    if restated is None:
        return
    before, after = attributes.flat(restated[0]), attributes.flat(restated[1][-1])
    yield from (Difference(name, value, after[name]) for name, value in before.items() if value != after[name])


def _rekeyed(work: Work, held: Sequence[State]) -> Iterator[Difference]:
    for one in work.identifiers:
        former = [row for row in held if row["scheme"] == one.scheme.value]
        if not any(row["value_key"] == one.key for row in former):
            yield Difference(f"identifier.{one.scheme.value}", former[-1]["value"] if former else None, one.value)


def _restate(work: Work, timeline: Sequence[State], first: date) -> tuple[State, list[State]] | None:
    """The state that no longer holds as it is and what takes its place; None if it says the same already."""
    if first < timeline[0]["valid_from"]:
        raise errors.BeforeFirstDay(first_day=timeline[0]["valid_from"].isoformat())
    state = next(one for one in reversed(timeline) if one["valid_from"] <= first)
    told = work.asked.model_dump(mode="json", include=set(_ATTRIBUTES), exclude_unset=True)
    described = OrganisationAttributes.model_validate(rules.merge(attributes.document(state), told))
    after = attributes.decided(described)
    status = state["status"]
    if "status" in work.asked.model_fields_set and work.asked.status != status:
        rules.check_transition(OrganisationStatus(status), work.asked.status)
        status = work.asked.status.value
    if status == state["status"] and all(after[name] == state[name] for name in attributes.COLUMNS):
        return None
    rules.check_period([one["valid_from"] for one in timeline], first=first, end=None)
    pieces = [{**state, **after, **attributes.derived(after), "status": status, "valid_from": first}]
    if state["valid_from"] < first:
        pieces.insert(0, {**state, "valid_until": first})
    return state, pieces


def _rekey(work: Work, held: Sequence[State], first: date) -> tuple[list[UUID], list[State]]:
    """Identifiers that are no longer believed as they are, and those to be written."""
    assert work.owner is not None
    closed: list[UUID] = []
    added: list[State] = []
    for one, given in zip(work.identifiers, work.asked.identifiers, strict=True):
        of_scheme = [row for row in held if row["scheme"] == one.scheme.value]
        if any(row["value_key"] == one.key for row in of_scheme):
            continue
        begins = given.valid_from or first
        for row in of_scheme:
            if row["valid_from"] is not None and row["valid_from"] > begins:
                raise errors.LaterChangeExists(later_from=row["valid_from"].isoformat())
            if row["valid_until"] is None or row["valid_until"] > begins:
                closed.append(row["id"])
                if row["valid_from"] is None or row["valid_from"] < begins:
                    added.append({**row, "valid_until": begins})
        added.append(_identifier(work.owner, one, begins))
    return closed, added


def _identifier(organisation_id: UUID, one: identifiers.Checked, first: date) -> State:
    return {
        "organisation_id": organisation_id,
        "scheme": one.scheme.value,
        "value": one.value,
        "value_key": one.key,
        "valid_from": first,
        "valid_until": None,
    }
