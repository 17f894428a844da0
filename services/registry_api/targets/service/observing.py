"""Values handed in for a target: of its very indicator, by its very definition, of its scope."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.errors import IndicatorsUnknown
from services.registry_api.indicators.service import Definition
from services.registry_api.observations import service as observations
from services.registry_api.observations.service import Recorded
from services.registry_api.targets import errors
from services.registry_api.targets.service import reading
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.schemas.registry.observations import ObservationCreate
from shared.schemas.registry.targets import Comparator, TargetObservationCreate

_IN_A_BATCH = "/observations/0"
"""Where a value stands that is recorded alone; the caller sent it without a batch."""


async def observe(
    session: WriteSession, actor: Actor, target_id: UUID, asked: TargetObservationCreate, *, now: datetime
) -> Recorded:
    """Record a value for a target.

    Raises `TargetNotFound`, `IndicatorNotOfTarget`, `OrganisationNotOfTarget`, `ObservationsRefused`.
    """
    row = await reading.find(session, target_id, on=day_in_kazakhstan(now))
    state = row.state
    expected = (await indicators.by_id(session, [state.indicator_id]))[state.indicator_id]
    code = asked.indicator or expected.code
    version = asked.indicator_version or (expected.version if code == expected.code else None)
    if (code, version) != (expected.code, expected.version):
        known = await indicators.versions(session, [code])
        given = known.get((code, version or max((number for _, number in known), default=0)))
        if given is None:
            raise IndicatorsUnknown(pointer="/indicator", indicators=code)
        raise errors.IndicatorNotOfTarget(
            pointer="/indicator",
            expected=f"{expected.code} v{expected.version}",
            expected_ages=_ages(expected),
            given=f"{given.code} v{given.version}",
            given_ages=_ages(given),
        )
    organisation_id, area = state.organisation_id, state.area_code
    if asked.organisation_id is not None and asked.organisation_id != organisation_id:
        if state.comparator != Comparator.ALL or area is None:
            raise errors.OrganisationNotOfTarget(pointer="/organisation_id")
        organisation_id, area = asked.organisation_id, None
    told = asked.model_dump(exclude={"indicator", "indicator_version", "organisation_id"})
    observation = ObservationCreate.model_validate(
        {
            **told,
            "indicator": expected.code,
            "indicator_version": expected.version,
            "organisation_id": organisation_id,
            "area": area,
        }
    )
    try:
        return await observations.record(session, actor, [observation], now)
    except Problem as refused:
        refused.errors = tuple(replace(one, pointer=one.pointer.removeprefix(_IN_A_BATCH)) for one in refused.errors)
        raise


def _ages(definition: Definition) -> str:
    if definition.age_youngest is None:
        return "–"
    return f"{definition.age_youngest}–{definition.age_oldest}"
