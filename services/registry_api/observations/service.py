"""What is done with observations: recorded in batches, listed, taken back, and read as a table."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import differences, guards, parts, repository, rules, staging, standing
from services.registry_api.observations.checks import Fault, Subjects, doubts_about, fault, faults_of_definition
from services.registry_api.observations.differences import Changed
from services.registry_api.observations.errors import (
    IndicatorRepeated,
    ObservationsRefused,
    PeriodUnknown,
)
from services.registry_api.observations.findings import Finding
from services.registry_api.observations.guards import Tell, Told
from services.registry_api.observations.models import Observation
from services.registry_api.observations.rules import Period
from services.registry_api.observations.staging import Merged, Outcome, Staged
from services.registry_api.organisations.service import scope as organisations
from shared import audit, outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.engine import consistent
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.errors import FieldError
from shared.ids import new_id
from shared.schemas.registry.observations import (
    ObservationCreate,
    ObservationsQuery,
    ObservationTableQuery,
)

__all__ = [
    "Changed",
    "Fault",
    "Period",
    "Recorded",
    "Staged",
    "Subjects",
    "Table",
    "Told",
    "beside",
    "changed_in_stage",
    "count",
    "document",
    "doubts_about",
    "latest_final",
    "open_stage",
    "page",
    "period_for",
    "reaching",
    "record",
    "repeated_in_stage",
    "settle",
    "stage",
    "superseded_of",
    "table",
    "take_back",
    "unexpected_type",
    "unknown_indicator",
    "unknown_organisation",
]

reaching, beside, latest_final = parts.reaching, standing.beside, standing.latest_final
"""What lists and profiles of organisations ask."""

_MOST_FAULTS = 200
"""More of them help nobody who sent a request; a file has a report of its own."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch."""

    outcomes: list[Outcome]
    warnings: list[FieldError]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns over the organisations in scope, and the moments they speak of."""

    organisations: list[UUID]
    attributes: dict[str, list[Any]]
    columns: dict[str, repository.Column]
    as_of: date
    known_at: datetime


async def record(session: WriteSession, actor: Actor, asked: Sequence[ObservationCreate], now: datetime) -> Recorded:
    """Record a batch, all of it or nothing. What a source said before of the same becomes a superseded revision.

    Raises `ObservationsRefused` with a pointer to each faulty observation.
    """
    known = await indicators.versions(session, {one.indicator for one in asked})
    latest = {code: definition for (code, _), definition in sorted(known.items(), key=lambda item: item[0])}
    subjects = await Subjects.of(
        session,
        actor,
        {one.organisation_id for one in asked if one.organisation_id},
        {one.area for one in asked if one.area},
        on=day_in_kazakhstan(now),
    )
    staged: list[Staged] = []
    faults: list[FieldError] = []
    warnings: list[FieldError] = []
    for place, one in enumerate(asked):
        definition = (
            latest.get(one.indicator)
            if one.indicator_version is None
            else known.get((one.indicator, one.indicator_version))
        )
        period = rules.period(one.period)
        found = list(subjects.faults(one.organisation_id, one.area))
        if definition is None:
            found.append(fault(Finding.INDICATOR_UNKNOWN, "indicator"))
        else:
            found += faults_of_definition(definition, period, of_organisation=one.organisation_id is not None)
            warnings += _pointed(place, subjects.doubts(one.organisation_id, definition))
            warnings += _pointed(place, doubts_about(one.value, definition))
        faults += _pointed(place, found)
        if found or definition is None or period is None:
            continue
        staged.append(_staged(place, one, definition, period))
    if not faults:
        await staging.begin(session)
        await staging.add(session, staged)
        repeated = await staging.repeated(session)
        faults = [error for place, _ in repeated for error in _pointed(place, [fault(Finding.REPEATED, "")])]
    if faults:
        raise ObservationsRefused(errors=faults[:_MOST_FAULTS], count=len(faults))
    broken: list[Told] = []
    await settle(
        session,
        now,
        definitions=known.values(),
        recorded_by=actor.subject,
        actor=actor,
        tell=broken.append,
    )
    return Recorded(await staging.outcomes(session), warnings + [guards.pointed(one) for one in broken])


def period_for(definition: Definition, text: str, *, of_organisation: bool) -> tuple[Period | None, list[Fault]]:
    """The period a file names for an indicator, and why the indicator cannot be observed so."""
    period = rules.period(text)
    return period, list(faults_of_definition(definition, period, of_organisation=of_organisation))


def unknown_indicator() -> Fault:
    """Nobody has defined it."""
    return fault(Finding.INDICATOR_UNKNOWN, "indicator")


def unknown_organisation() -> Fault:
    """Nobody has registered it."""
    return fault(Finding.ORGANISATION_UNKNOWN, "organisation_id")


def unexpected_type() -> Fault:
    """The indicator is not meant for this type of organisation."""
    return fault(Finding.TYPE_UNEXPECTED, "indicator")


async def open_stage(session: WriteSession, common: Mapping[str, Any]) -> None:
    """Make room for observations of a file, which come in many portions; `common` is what all of them say alike."""
    await staging.begin(session, common)


async def stage(session: WriteSession, observations: Sequence[Staged], *, besides: Collection[str]) -> None:
    """Put a portion there; what was told as common is left out."""
    await staging.add(session, observations, besides=besides)


async def repeated_in_stage(session: WriteSession) -> list[tuple[int, int]]:
    """Places of observations that say the same thing again, with the place of the first, which alone is kept."""
    found = await staging.repeated(session)
    if found:
        await staging.drop_repeated(session)
    return found


async def changed_in_stage(session: WriteSession, *, limit: int) -> list[Changed]:
    """Once a portion is settled: which values came in the place of others, the first of them."""
    return await differences.changed(session, limit=limit)


async def settle(
    session: WriteSession,
    now: datetime,
    *,
    definitions: Iterable[Definition],
    recorded_by: str,
    import_id: UUID | None = None,
    actor: Actor | None = None,
    tell: Tell | None = None,
) -> list[Merged]:
    """Merge what is staged, tell the feed of each indicator and period, and note the batch in the audit trail.

    `actor` is who hands the values in: with bounds, nothing final. `tell` learns value by value what is wrong or
    unusual; what is raised points at the wrong ones as in a request. Raises `DeliveryRefused`, `ApprovalNeeded`,
    `PeriodLocked`, `ObservationsRefused`.
    """
    by_id = {definition.id: definition for definition in definitions}
    merged = await staging.compare(session, now)
    await guards.before(session, merged, by_id, actor=actor, now=now, tell=tell)
    await staging.merge(session, now, recorded_by=recorded_by, import_id=import_id)
    await guards.after(session, merged, by_id.values(), tell=tell)
    touched = [one for one in merged if one.created or one.changed]
    await outbox.add_many(
        session, (_event("observations.recorded", one, by_id[one.indicator_id], import_id) for one in touched)
    )
    if touched:
        await audit.note(
            session,
            action="record",
            resource_type="observations",
            resource_id=import_id or new_id(),
            indicators=sorted({by_id[one.indicator_id].code for one in touched}),
            periods=sorted({one.period for one in touched}),
            created=sum(one.created for one in touched),
            changed=sum(one.changed for one in touched),
        )
    return merged


async def superseded_of(session: WriteSession, import_id: UUID) -> int:
    """How many observations of an import others have revised since."""
    return await staging.superseded(session, import_id)


async def take_back(session: WriteSession, import_id: UUID, now: datetime, *, recorded_by: str) -> int:
    """Undo what an import recorded; what stood before stands again. How many observations were taken back.

    Raises `PeriodLocked`.
    """
    touched = await repository.of_import(session, import_id)
    by_id = await indicators.by_id(session, {one.indicator_id for one in touched})
    await guards.unlocked(session, touched, by_id, now=now, import_id=import_id)
    count = await staging.withdraw(session, import_id, now, recorded_by=recorded_by)
    await outbox.add_many(
        session,
        (_event("observations.taken_back", one, by_id[one.indicator_id], import_id) for one in touched),
    )
    await audit.note(
        session, action="take_back", resource_type="observations", resource_id=import_id, observations=count
    )
    return count


async def page(
    session: AnySession, query: ObservationsQuery, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 observations behind a position, in the order of their recording."""
    ids = await _asked_indicators(session, query)
    rows = await repository.page(session, query, indicator_ids=ids, after=after, limit=limit + 1)
    by_id = await indicators.by_id(session, {row.indicator_id for row in rows})
    return [document(row, by_id[row.indicator_id]) for row in rows]


async def count(session: AnySession, query: ObservationsQuery) -> int:
    """How many the list has."""
    return await repository.count(session, query, indicator_ids=await _asked_indicators(session, query))


async def table(session: ReadSession, query: ObservationTableQuery, now: datetime) -> Table:
    """Columns of indicators over the organisations of a type that work on a day.

    A column holds, for each organisation, the observation whose period ends last within the period asked for, from
    whichever source spoke last; one that is withdrawn counts only where there is no other, as missing. Raises
    `PeriodUnknown`, `IndicatorsUnknown`, `IndicatorRepeated`.
    """
    period = rules.period(query.period)
    if period is None:
        raise PeriodUnknown(pointer="?period")
    codes = query.indicators.split(",")
    if len(set(codes)) != len(codes):
        raise IndicatorRepeated(pointer="?indicators")
    on = query.as_of or day_in_kazakhstan(now)
    async with consistent(session) as still:
        definitions = await indicators.in_force(still, codes, period.last, pointer="?indicators")
        found = await organisations.present(
            still, type_=query.organisation_type, area=query.area, on=on, known_at=query.known_at
        )
        columns = await repository.columns(
            still,
            indicators=[definition.id for definition in definitions],
            organisations=found.ids,
            period=period.text,
            first=period.first,
            last=period.last,
            known_at=query.known_at,
        )
    by_code = {definition.code: columns.get(definition.id) for definition in definitions}
    return Table(
        organisations=found.ids,
        attributes=found.attributes,
        columns={code: column or repository.Column() for code, column in sorted(by_code.items())},
        as_of=on,
        known_at=query.known_at or now,
    )


async def _asked_indicators(session: AnySession, query: ObservationsQuery) -> list[UUID] | None:
    """All versions of the indicator asked for; None where none was."""
    if query.indicator is None:
        return None
    return [one.id for one in (await indicators.versions(session, [query.indicator])).values()]


def _pointed(place: int, faults: Iterable[Fault]) -> list[FieldError]:
    return [
        FieldError(f"/observations/{place}/{one.field}".rstrip("/"), one.finding.value, one.message) for one in faults
    ]


def _staged(place: int, one: ObservationCreate, definition: Definition, period: Period) -> Staged:
    return Staged(
        place=place,
        organisation_id=one.organisation_id,
        area_code=one.area,
        indicator_id=definition.id,
        period=period.text,
        period_end=period.last,
        value=one.value,
        missing_reason=one.missing_reason.value if one.missing_reason else None,
        missing_code=one.missing_code,
        n=one.n,
        variance=one.variance,
        status=one.status.value,
        source_system=one.source_system,
        source_ref=one.source_ref,
        as_of=one.as_of,
        break_in_series=one.break_in_series,
        note=one.note,
    )


def _event(kind: str, merged: Merged, definition: Definition, import_id: UUID | None) -> outbox.Event:
    return outbox.Event(
        kind=kind,
        subject="indicator",
        subject_id=definition.code,
        data={
            "indicator": definition.code,
            "indicator_version": definition.version,
            "period": merged.period,
            "created": merged.created,
            "changed": merged.changed,
            "import_id": str(import_id) if import_id else None,
        },
    )


def document(row: Observation, definition: Definition) -> dict[str, Any]:
    """A revision as `ObservationRead` reads it."""
    names = (
        *("id", "organisation_id", "period", "value", "missing_reason", "missing_code", "n", "variance", "status"),
        *("source_system", "source_ref", "as_of", "break_in_series", "note", "revision", "recorded_by"),
    )
    return {
        **{name: getattr(row, name) for name in names},
        "area": row.area_code,
        "indicator": definition.code,
        "indicator_version": definition.version,
        "recorded_from": row.recorded.lower,
        "recorded_to": row.recorded.upper,
    }
