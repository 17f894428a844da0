"""What is measured for targets: values by source, the registry's own counts, shares of organisations; never mixed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.registry_api.derived import service as derived
from services.registry_api.derived.service import Share
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import series
from services.registry_api.observations.series import Point
from services.registry_api.targets import rules
from services.registry_api.targets.models import TargetState
from shared import edtf
from shared.db.sessions import AnySession
from shared.schemas.registry.indicators import IndicatorLevel
from shared.schemas.registry.target_progress import BreakKind
from shared.schemas.registry.targets import Comparator

REGISTRY = "registry"
"""The source of what the registry counts itself."""
_FIRMNESS = ("provisional", "final", "corrected")

Origin = Literal["observation", "registry", "organisations"]


@dataclass(frozen=True, slots=True)
class Actual:
    """One value on a day."""

    value: float
    origin: Origin
    source_system: str
    period: str | None
    on: date
    status: str | None
    n: int | None
    territory_version: int


@dataclass(frozen=True, slots=True)
class Break:
    """A day across which values cannot be compared."""

    on: date
    kind: BreakKind


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a target's indicator on a day."""

    definition: Definition
    actual: Actual | None
    others: list[Actual] = field(default_factory=list)
    """What other sources say."""
    series: list[tuple[date, float]] = field(default_factory=list)
    """Values of the same source and version since the last break."""
    breaks: list[Break] = field(default_factory=list)
    comparable: bool = True
    completion: Share | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was read for some targets, in a few statements however many they are."""

    definitions: Mapping[UUID, Definition]
    points: Mapping[tuple[str, str], Sequence[Point]]
    """Values by the indicator's code and the scope."""


async def read(session: AnySession, states: Sequence[TargetState], *, known_at: datetime | None) -> Facts:
    """The definitions and values that these targets are measured by."""
    codes = {state.indicator_code for state in states}
    definitions = {one.id: one for one in (await indicators.versions(session, codes)).values()} if codes else {}
    found = await series.read(
        session,
        indicator_ids=definitions.keys(),
        organisations={state.organisation_id for state in states if state.organisation_id},
        areas={state.area_code for state in states if state.area_code},
        known_at=known_at,
    )
    points: dict[tuple[str, str], list[Point]] = {}
    for point in found:
        key = definitions[point.indicator_id].code, point.area or str(point.organisation_id)
        points.setdefault(key, []).append(point)
    return Facts(definitions, points)


async def measure(
    session: AnySession, facts: Facts, states: Iterable[TargetState], *, on: date, known_at: datetime | None
) -> dict[UUID, Measured]:
    """What is known of each target on a day; what the registry counts is counted once for each area."""
    counted: dict[tuple[str, str | None], Actual | None] = {}
    found: dict[UUID, Measured] = {}
    for state in states:
        definition = facts.definitions[state.indicator_id]
        completion = await _completion(session, state, definition, on=on, known_at=known_at)
        own: Actual | None = None
        if completion is not None:
            own = _shared(state, completion, on=on)
        elif state.indicator_code in derived.CODES and state.area_code is not None:
            key = state.indicator_code, state.area_code
            if key not in counted:
                counted[key] = await _counted(session, *key, on=on, known_at=known_at)
            own = counted[key]
        points = [point for point in facts.points.get((state.indicator_code, state.scope_key), ()) if point.first <= on]
        found[state.target_id] = _measured(state, definition, points, own, completion, on=on, of=facts.definitions)
    return found


def _measured(
    state: TargetState,
    definition: Definition,
    points: Sequence[Point],
    own: Actual | None,
    completion: Share | None,
    *,
    on: date,
    of: Mapping[UUID, Definition],
) -> Measured:
    same = [point for point in points if point.indicator_id == definition.id]
    latest: dict[str, Point] = {}
    for point in sorted(same, key=_standing):
        latest[point.source_system] = point
    reported = [_actual(state, point, on=on) for point in sorted(latest.values(), key=_standing, reverse=True)]
    actual, others = _chosen(state.source_system, own, reported)
    breaks = [
        Break(point.on, BreakKind.DEFINITION) for point in points if of[point.indicator_id].version > definition.version
    ][:1]
    if actual is None:
        return Measured(definition, None, others, breaks=breaks, completion=completion)
    chosen = [point for point in same if point.source_system == actual.source_system]
    told = state.baseline_on or state.stated_on
    start = edtf.parse(told).latest if told else _first_known(state)
    broken = [Break(day, BreakKind.TERRITORY) for day in rules.territory_breaks(state.area_code, start, actual.on)]
    if told:
        broken += [Break(point.on, BreakKind.DECLARED) for point in chosen if point.breaks and start < point.on]
    since = max((one.on for one in broken), default=date.min)
    line = [(point.on, point.value) for point in chosen if point.on >= since]
    return Measured(
        definition,
        actual,
        others,
        series=line if actual.origin == "observation" else [],
        breaks=sorted([*broken, *breaks], key=lambda one: one.on)[:50],
        comparable=not broken,
        completion=completion,
    )


def _chosen(wanted: str | None, own: Actual | None, reported: Sequence[Actual]) -> tuple[Actual | None, list[Actual]]:
    """The value a target goes by, and the others: the source it names, else the registry's count, else the latest."""
    known = [*([own] if own else []), *reported]
    if wanted is not None:
        chosen = next((one for one in known if one.source_system == wanted), None)
    else:
        chosen = known[0] if known else None
    return chosen, [one for one in known if one is not chosen][:50]


def _first_known(state: TargetState) -> date:
    """Where nobody said when it was: the borders it was entered under began then."""
    reforms = [day for day in rules.REFORMS if rules.territory_version(state.area_code, day) <= state.territory_version]
    return max(reforms, default=date.min) if state.territory_version > 1 else date.min


def _standing(point: Point) -> tuple[date, int, datetime]:
    firmness = _FIRMNESS.index(point.status) if point.status in _FIRMNESS else 0
    return point.on, firmness, point.recorded_at


def _actual(state: TargetState, point: Point, *, on: date) -> Actual:
    return Actual(
        value=point.value,
        origin="observation",
        source_system=point.source_system,
        period=point.period,
        on=min(point.on, on),
        status=point.status,
        n=point.n,
        territory_version=rules.territory_version(state.area_code, point.on),
    )


def _own(value: float, origin: Origin, n: int | None, area: str | None, *, on: date) -> Actual:
    return Actual(value, origin, REGISTRY, None, on, None, n, rules.territory_version(area, on))


async def _counted(
    session: AnySession, code: str, area: str | None, *, on: date, known_at: datetime | None
) -> Actual | None:
    told = await derived.value(session, code, area=area, on=on, known_at=known_at)
    if told is None or told.value is None:
        return None
    return _own(told.value, "registry", told.n, area, on=on)


async def _completion(
    session: AnySession, state: TargetState, definition: Definition, *, on: date, known_at: datetime | None
) -> Share | None:
    """For «all» of the organisations of an area: who is done and who is not."""
    by_organisation = definition.level is IndicatorLevel.ORGANISATION and state.area_code is not None
    if state.comparator != Comparator.ALL or not by_organisation or state.each_at_least is None:
        return None
    return await derived.share(
        session,
        state.indicator_code,
        organisation_types=state.organisation_types or sorted(definition.organisation_types),
        area=state.area_code,
        on=on,
        known_at=known_at,
        holds=f">={rules.exact(state.each_at_least):f}",
    )


def _shared(state: TargetState, share: Share, *, on: date) -> Actual | None:
    return None if share.percent is None else _own(share.percent, "organisations", share.N, state.area_code, on=on)
