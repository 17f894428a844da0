"""What is done with facilities: standards defined, rooms recorded, schools assessed, gaps found, what-ifs answered."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.facilities import errors, repository, rules
from services.registry_api.facilities.models import Facility, FacilityAssessment, FacilityStandard
from services.registry_api.facilities.repository import Among
from services.registry_api.organisations.service import scope
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession, authorship
from shared.ids import new_id
from shared.schemas.registry.facilities import (
    AssessmentCreate,
    AssessmentsQuery,
    FacilitiesQuery,
    FacilityCreate,
    GapsQuery,
    StandardCreate,
    StandardsQuery,
    WhatIf,
)

__all__ = [
    "assess",
    "assessment",
    "assessments",
    "count_gaps",
    "define",
    "gaps",
    "open_on",
    "record",
    "rooms",
    "standard",
    "standards",
    "what_if",
]


async def define(session: WriteSession, actor: Actor, asked: StandardCreate, *, now: datetime) -> dict[str, Any]:
    """Enter a standard, or the next version of one; versions before it stay as they are.

    Raises `OutOfReach`, `StandardUnchanged` and what `rules.check` finds. Standards are the country's: whoever may
    write only in an area may not define them.
    """
    actor.demand(Scope.REGISTRY_WRITE, None)
    rules.check(asked)
    await repository.lock_standards(session)
    before = await repository.standard(session, asked.code, None)
    told = {
        "name_kk": asked.name.kk,
        "name_ru": asked.name.ru,
        "name_en": asked.name.en,
        "applies_to": asked.applies_to.value,
        "programmes": list(asked.programmes),
        "valid_from": asked.valid_from,
        "basis": asked.basis,
        "area_over_typical_low": asked.area_over_typical_low,
        "area_over_typical_high": asked.area_over_typical_high,
        "equipment_index": asked.equipment_index,
        "by_capacity": rules.steps_of(asked),
    }
    if before is not None and all(getattr(before, name) == value for name, value in told.items()):
        raise errors.StandardUnchanged(version=before.version)
    row = FacilityStandard(
        id=new_id(),
        code=asked.code,
        version=before.version + 1 if before else 1,
        recorded_at=now,
        recorded_by=authorship(session).subject,
        **told,
    )
    await repository.add(session, row)
    event = {"code": row.code, "version": row.version, "by_capacity": row.by_capacity}
    await outbox.add(session, _event("facility_standard.defined", "facility_standard", row.code, event))
    return _standard(row)


async def standard(session: AnySession, code: str, version: int | None) -> dict[str, Any]:
    """One version, or the latest. Raises `StandardNotFound`."""
    row = await repository.standard(session, code, version)
    if row is None:
        raise errors.StandardNotFound()
    return _standard(row)


async def standards(
    session: ReadSession, query: StandardsQuery, *, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 versions behind a position."""
    rows = await repository.standards(session, code=query.code, after=after, limit=query.limit + 1)
    return [_standard(row) for row in rows]


async def record(session: WriteSession, actor: Actor, asked: Sequence[FacilityCreate], *, now: datetime) -> int:
    """Write down which rooms there are from which day on; all of it or nothing.

    Raises `SchoolUnknown`, `ClosedBeforeOpened`, `OutOfReach`.
    """
    today = day_in_kazakhstan(now)
    await _demand(session, actor, [one.organisation_id for one in asked], on=today, pointer="/facilities/{}")
    for place, one in enumerate(asked):
        opened_on = one.opened_on or today
        if one.closed_on is not None and one.closed_on <= opened_on:
            raise errors.ClosedBeforeOpened(pointer=f"/facilities/{place}/closed_on")
        row = Facility(
            organisation_id=one.organisation_id,
            kind=one.kind,
            count=one.count,
            area_m2=one.area_m2,
            equipment_index=one.equipment_index,
            note=one.note,
            source=one.source,
        )
        await repository.settle(session, row, opened_on=opened_on, closed_on=one.closed_on, now=now)
    await outbox.add_many(
        session,
        (
            _event(
                "facility.recorded",
                "organisation",
                str(one.organisation_id),
                {
                    "organisation_id": str(one.organisation_id),
                    "kind": one.kind,
                    "count": one.count,
                    "opened_on": (one.opened_on or today).isoformat(),
                    "closed_on": one.closed_on.isoformat() if one.closed_on else None,
                },
            )
            for one in asked
        ),
    )
    return len(asked)


async def open_on(session: AnySession, organisation_id: UUID, on: date) -> list[dict[str, Any]]:
    """The rooms that an organisation has on a day, by kind; what was looked for and is not there is left out."""
    found = await repository.rooms(session, organisation_id, on=on)
    return [_room(row) for row in found if row.count]


async def rooms(
    session: ReadSession, query: FacilitiesQuery, *, after: Sequence[Any] | None, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 rooms on a day."""
    on = query.as_of or day_in_kazakhstan(now)
    found = await repository.facilities(
        session,
        on=on,
        known_at=query.known_at,
        organisation_id=query.organisation,
        areas=await _inside(session, query.area, on, query.known_at),
        kind=query.kind,
        after=after,
        limit=limit + 1,
    )
    return [_room(row) for row in found]


async def assess(session: WriteSession, actor: Actor, asked: AssessmentCreate, *, now: datetime) -> dict[str, Any]:
    """Hold a school against a standard as it stood on a day, and write down what was found.

    Raises `SchoolUnknown`, `StandardUnknown`, `TypicalNeeded`, `OutOfReach`.
    """
    on = asked.assessed_on or day_in_kazakhstan(now)
    await _demand(session, actor, [asked.organisation_id], on=on, pointer="")
    found = await _stored(session, asked.standard, asked.version, pointer="/standard")
    for one, other in (("gross_area_m2", "typical_area_m2"), ("equipment_units", "typical_equipment_units")):
        if (getattr(asked, one) is None) != (getattr(asked, other) is None):
            raise errors.TypicalNeeded(pointer=f"/{other if getattr(asked, other) is None else one}")
    capacity = await repository.capacity(session, asked.organisation_id, on=on)
    step = rules.step_for(found.by_capacity, capacity)
    there = await repository.rooms(session, asked.organisation_id, on=on)
    kinds = rules.judge(
        step["items"], {row.kind: rules.Present(row.count, row.area_m2, row.equipment_index) for row in there}
    )
    over = rules.over_typical(asked.gross_area_m2, asked.typical_area_m2)
    equipment = None
    if asked.equipment_units is not None and asked.typical_equipment_units is not None:
        equipment = round(asked.equipment_units / asked.typical_equipment_units, 4)
    row = FacilityAssessment(
        id=new_id(),
        organisation_id=asked.organisation_id,
        standard_id=found.id,
        assessed_on=on,
        capacity=capacity,
        capacity_step=step["capacity"],
        conformity_percent=rules.percent_conforming(kinds),
        kinds=[asdict(kind) for kind in kinds],
        area_over_typical_percent=over,
        within_expected_range=rules.within(over, found.area_over_typical_low, found.area_over_typical_high),
        equipment_index=equipment,
        equipment_met=rules.within(equipment, found.equipment_index, None),
        note=asked.note,
        recorded_at=now,
        recorded_by=authorship(session).subject,
    )
    await repository.add(session, row)
    document = _assessment(row, found)
    event = {
        "id": str(row.id),
        "organisation_id": str(row.organisation_id),
        "standard": found.code,
        "version": found.version,
        "assessed_on": on.isoformat(),
        "conformity_percent": row.conformity_percent,
        "gap": document["gap"],
    }
    await outbox.add(session, _event("facility_assessment.made", "facility_assessment", str(row.id), event))
    return document


async def assessment(session: AnySession, assessment_id: UUID) -> dict[str, Any]:
    """One assessment. Raises `AssessmentNotFound`."""
    found = await repository.assessments(session, organisation_id=None, code=None, assessment_id=assessment_id)
    if not found:
        raise errors.AssessmentNotFound()
    return _assessment(*found[0])


async def assessments(
    session: ReadSession, query: AssessmentsQuery, *, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 assessments behind a position, oldest first."""
    found = await repository.assessments(
        session, organisation_id=query.organisation, code=query.standard, after=after, limit=query.limit + 1
    )
    return [_assessment(row, by) for row, by in found]


async def gaps(
    session: ReadSession, query: GapsQuery, *, after: tuple[UUID, str] | None, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 gaps behind a position. Raises `StandardUnknown`."""
    among, required = await _asked(session, query, now)
    rows = await repository.gaps(
        session, among, required, kind=query.kind, surveyed=query.surveyed, after=after, limit=limit + 1
    )
    return [_gap(row) for row in rows]


async def count_gaps(session: ReadSession, query: GapsQuery, *, now: datetime) -> int:
    """How many there are."""
    among, required = await _asked(session, query, now)
    return await repository.count_gaps(session, among, required, kind=query.kind, surveyed=query.surveyed)


async def what_if(session: ReadSession, asked: WhatIf, *, now: datetime) -> dict[str, Any]:
    """What a set of schools would lack of a standard, stored or made up, and what it would cost; writes nothing.

    Raises `StandardNeeded`, `StandardUnknown`, `SelectionTwice`, `SchoolUnknown` and what `rules.check` finds.
    """
    if (asked.standard is None) == (asked.content is None):
        raise errors.StandardNeeded(pointer="/standard")
    stored = None
    if asked.content is not None:
        rules.check(asked.content)
        by_capacity = rules.steps_of(asked.content)
    else:
        assert asked.standard is not None
        stored = await _stored(session, asked.standard, asked.version, pointer="/standard")
        by_capacity = stored.by_capacity
    on = asked.as_of or day_in_kazakhstan(now)
    among = await _among(session, asked, on)
    required = rules.requirements(by_capacity, asked.unit_costs)
    schools, kinds = await repository.gaps_by_kind(session, among, required)
    is_priced = all(kind["cost"] is not None for kind in kinds)
    return {
        **schools,
        "as_of": on,
        "standard": stored.code if stored else None,
        "version": stored.version if stored else None,
        "missing": sum(kind["missing"] for kind in kinds),
        "kinds": [{**kind, "unit_cost": _money(kind["unit_cost"]), "cost": _money(kind["cost"])} for kind in kinds],
        "cost": _money(sum((kind["cost"] for kind in kinds), Decimal(0))) if is_priced else None,
        "cost_known_for": sum(kind["priced"] or 0 for kind in kinds),
    }


async def _among(session: ReadSession, asked: WhatIf, on: date) -> Among:
    if asked.organisations is not None and asked.selection is not None:
        raise errors.SelectionTwice(pointer="/selection")
    if asked.organisations is not None:
        known = await scope.briefly(session, asked.organisations, on=on)
        for place, one in enumerate(asked.organisations):
            if one not in known:
                raise errors.SchoolUnknown(pointer=f"/organisations/{place}")
        return Among(on=on, types=None, organisations=asked.organisations)
    wanted = asked.selection
    if wanted is None:
        return Among(on=on)
    return Among(
        on=on,
        types=(wanted.type.value,),
        kind=wanted.kind.value if wanted.kind else None,
        areas=await _inside(session, wanted.area, on, None),
        setting=wanted.setting.value if wanted.setting else None,
        programme=wanted.programme,
        without_programme=wanted.without_programme,
    )


async def _asked(session: ReadSession, query: GapsQuery, now: datetime) -> tuple[Among, list[rules.Requirement]]:
    on = query.as_of or day_in_kazakhstan(now)
    found = await _stored(session, query.standard, query.version, pointer="?standard")
    among = Among(
        on=on,
        known_at=query.known_at,
        areas=await _inside(session, query.area, on, query.known_at),
        organisations=None if query.organisation is None else [query.organisation],
    )
    return among, rules.requirements(found.by_capacity, {})


async def _stored(session: AnySession, code: str, version: int | None, *, pointer: str) -> FacilityStandard:
    found = await repository.standard(session, code, version)
    if found is None:
        raise errors.StandardUnknown(pointer=pointer)
    return found


async def _inside(session: AnySession, area: str | None, on: date, known_at: datetime | None) -> list[str] | None:
    return None if area is None else await areas.codes_under(session, area, on=on, known_at=known_at)


async def _demand(
    session: WriteSession, actor: Actor, organisations: Sequence[UUID], *, on: date, pointer: str
) -> None:
    known = await scope.briefly(session, set(organisations), on=on)
    for place, one in enumerate(organisations):
        if one not in known:
            raise errors.SchoolUnknown(pointer=f"{pointer.format(place)}/organisation_id")
    paths = await areas.paths(session, {brief.area for brief in known.values() if brief.area}, on=on)
    for one, brief in known.items():
        actor.demand(Scope.REGISTRY_WRITE, paths[brief.area] if brief.area else None, one)


def _event(kind: str, subject: str, subject_id: str, data: Mapping[str, Any]) -> outbox.Event:
    return outbox.Event(kind=kind, subject=subject, subject_id=subject_id, data=dict(data))


def _standard(row: FacilityStandard) -> dict[str, Any]:
    told = (
        *("id", "code", "version", "applies_to", "programmes", "valid_from", "basis", "area_over_typical_low"),
        *("area_over_typical_high", "equipment_index", "by_capacity", "recorded_at"),
    )
    name = {"kk": row.name_kk, "ru": row.name_ru, "en": row.name_en}
    return {**{one: getattr(row, one) for one in told}, "name": name}


def _room(row: Facility) -> dict[str, Any]:
    told = ("id", "organisation_id", "kind", "count", "area_m2", "equipment_index", "note", "source")
    days = {"opened_on": row.valid.lower, "closed_on": row.valid.upper}
    return {**{one: getattr(row, one) for one in told}, **days}


def _assessment(row: FacilityAssessment, by: FacilityStandard) -> dict[str, Any]:
    told = (
        *("id", "organisation_id", "assessed_on", "capacity", "capacity_step", "conformity_percent", "kinds"),
        *("area_over_typical_percent", "within_expected_range", "equipment_index", "equipment_met", "note"),
        "recorded_at",
    )
    return {
        **{one: getattr(row, one) for one in told},
        "standard": by.code,
        "version": by.version,
        "gap": [kind["kind"] for kind in row.kinds if not kind["conforms"]],
    }


def _gap(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{one: row[one] for one in ("organisation_id", "kind", "present", "missing", "surveyed")},
        "name": {language: row[f"name_{language}"] for language in ("kk", "ru", "en")},
        "area": row["area_code"],
        "group": row["grp"],
        "required": row["needed"],
        "capacity": row["design_capacity"],
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
