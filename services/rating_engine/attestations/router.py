"""`/v1/attestations`: HTTP only."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request

from services.rating_engine.attestations import criteria, rendering, service
from services.rating_engine.attestations.errors import PeriodNeeded
from services.rating_engine.dependencies import source_of
from services.rating_engine.snapshots.service import Frozen
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.rating.attestations import (
    AttestationCriteria,
    AttestationList,
    AttestationQuery,
    AttestationRead,
    AttestationTable,
)
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/attestations", tags=["attestations"])
routers = (router,)
SchoolPath = Annotated[UUID, Path(description="The school", examples=["01a20034-2d1f-77a4-b618-84a4220ed269"])]


async def _observed(
    organisation_id: SchoolPath, query: Annotated[AttestationQuery, Query()], request: Request
) -> tuple[AttestationQuery, Frozen | None]:
    """What the services say of the school, asked before a transaction is begun; nothing where a run is meant."""
    if query.run_id is not None:
        return query, None
    if query.period is None:
        raise PeriodNeeded(pointer="?period")
    day = query.as_of or clock.day_in_kazakhstan(clock.now())
    return query, await service.observed(source_of(request.app), organisation_id, period=query.period, as_of=day)


Observed = Annotated[tuple[AttestationQuery, Frozen | None], Depends(_observed)]


@router.get("/criteria", summary="Read the criteria of the attestation", response_model=AttestationCriteria)
def read_attestation_criteria() -> AttestationCriteria:
    """The 39 criteria of schools with the thresholds of those a number decides, the rounding that goes before them, and
    what the order leaves open. Public."""
    return rendering.criteria(criteria.MEASURED)


@router.post(
    "",
    summary="Hold values against the attestation's thresholds",
    response_model=AttestationList,
    dependencies=[requires("rating:read")],
)
def judge_attestation(body: AttestationTable) -> AttestationList:
    """The level of every criterion that a number decides, for every school of a table; documentary criteria take what
    the commission decided. Nothing is stored."""
    return AttestationList(items=[rendering.standing(unit, found) for unit, found in service.of_table(body)])


@router.get(
    "/organisations/{organisation_id}",
    summary="Read how a school stands in the attestation",
    response_model=AttestationRead,
    dependencies=[requires("rating:read")],
    responses={403: {}, 409: {}},
)
async def read_attestation(
    organisation_id: SchoolPath, observed: Observed, session: Reading, actor: Caller
) -> AttestationRead:
    """The measured criteria of a school by its observations of a period, or by the data of a run. Documentary criteria
    are open: a commission decides them, and no number stands for its decision. A director sees the own school, a
    department its area, those who work on ratings all; of a run they see what they see of it in preview."""
    query, frozen = observed
    if query.run_id is not None:
        frozen = await service.of_run(session, actor, query.run_id)
    return rendering.standing(str(organisation_id), service.standing(actor, frozen, organisation_id))
