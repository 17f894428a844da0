"""What a programme changed, against those who waited: by scores of persons or by an indicator of organisations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from services.training_api.impact import errors, repository, rules
from services.training_api.impact.repository import Applicant
from services.training_api.impact.service import words
from services.training_api.organisations import service as organisations
from shared.clients.errors import RemoteProblem
from shared.clients.registry import RegistryClient
from shared.db.sessions import AnySession
from shared.schemas.training.feedback import Estimate
from shared.schemas.training.impact import ImpactArm, ImpactQuery, ImpactRead, ImpactUnit

_NOT_TAKEN = frozenset({404, 409, 422})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the registry says of each organisation that has a value in both periods: how it changed."""

    change: Mapping[UUID, float]


async def ask(registry: RegistryClient, query: ImpactQuery) -> Asked:
    """Ask the registry for the indicator in both periods; before any transaction. Raises `ImpactIndicatorUnknown`."""
    assert query.indicator is not None
    values: list[dict[UUID, float]] = []
    for period in (query.before, query.after):
        assert period is not None
        try:
            table = await registry.observation_table(
                indicators=[query.indicator], period=period, organisation_type=query.organisation_type
            )
        except RemoteProblem as problem:
            if problem.remote_status in _NOT_TAKEN:
                raise errors.ImpactIndicatorUnknown(pointer="?indicator") from problem
            raise
        column = table.columns[query.indicator].value
        values.append({one: x for one, x in zip(table.organisations, column, strict=True) if x is not None})
    before, after = values
    return Asked({one: after[one] - before[one] for one in before.keys() & after.keys()})


async def of_instrument(session: AnySession, query: ImpactQuery, *, today: date) -> ImpactRead:
    """By scores of persons: strata are venue and place in the order of arrival, clusters are schools.

    Raises `ImpactProgrammeUnknown`.
    """
    applicants = await _applicants(session, query, today=today)
    by_venue: dict[UUID, list[int]] = {}
    for place, one in enumerate(applicants):
        by_venue.setdefault(one.venue_id, []).append(place)
    stratum = [0] * len(applicants)
    for number, places in enumerate(by_venue.values()):
        bands = rules.bands([applicants[i].order for i in places], [applicants[i].took_part for i in places])
        for i, band in zip(places, bands, strict=True):
            stratum[i] = 2 * number + band
    measured = [i for i, one in enumerate(applicants) if one.before is not None and one.after is not None]
    sample = _sample(
        [(applicants[i].after or 0.0) - (applicants[i].before or 0.0) for i in measured],
        [applicants[i].took_part for i in measured],
        [stratum[i] for i in measured],
        [applicants[i].organisation_id for i in measured],
    )
    assert query.instrument is not None
    return _told(query, query.instrument, ImpactUnit.PERSON, rules.impact(sample))


async def of_indicator(session: AnySession, query: ImpactQuery, asked: Asked, *, today: date) -> ImpactRead:
    """By an indicator of organisations: those with participants against those of which people only waited.

    Strata are regions. Raises `ImpactProgrammeUnknown`.
    """
    applicants = await _applicants(session, query, today=today)
    taking = {one.organisation_id for one in applicants if one.took_part}
    units = sorted({one.organisation_id for one in applicants} & asked.change.keys())
    known = await organisations.find_many(session, units)
    regions = [known[one].area_path[0] if one in known and known[one].area_path else "" for one in units]
    number = {region: place for place, region in enumerate(sorted(set(regions)))}
    sample = _sample(
        [asked.change[one] for one in units],
        [one in taking for one in units],
        [number[region] for region in regions],
        units,
    )
    assert query.indicator is not None
    return _told(query, query.indicator, ImpactUnit.ORGANISATION, rules.impact(sample))


async def _applicants(session: AnySession, query: ImpactQuery, *, today: date) -> list[Applicant]:
    if not await repository.programme_is_known(session, query.programme_code):
        raise errors.ImpactProgrammeUnknown(pointer="?programme_code")
    return await repository.applicants(session, code=query.programme_code, instrument=query.instrument, today=today)


def _sample(
    change: Sequence[float], took_part: Sequence[bool], stratum: Sequence[int], cluster: Sequence[UUID]
) -> rules.Sample:
    numbers = {one: place for place, one in enumerate(dict.fromkeys(cluster))}
    return rules.Sample(
        np.array(change, dtype=np.float64),
        np.array(took_part, dtype=np.bool_),
        np.array(stratum, dtype=np.int64),
        np.array([numbers[one] for one in cluster], dtype=np.int64),
    )


def _told(query: ImpactQuery, measure: str, unit: ImpactUnit, found: rules.Impact) -> ImpactRead:
    effect = found.effect
    return ImpactRead(
        programme_code=query.programme_code,
        measure=measure,
        unit=unit,
        effect=Estimate(value=effect.value, low=effect.low, high=effect.high) if effect else None,
        degrees_of_freedom=found.df,
        participants=_arm(found.took_part),
        waited=_arm(found.waited),
        strata=found.strata,
        reason=found.reason,
        says=words.result(found),
        method=words.method(unit),
        min_n=rules.MIN_N,
    )


def _arm(arm: rules.Arm | None) -> ImpactArm | None:
    return ImpactArm(n=arm.n, organisations=arm.clusters, mean_change=arm.mean) if arm else None
