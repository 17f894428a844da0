"""`/v1/simulations`: HTTP only."""

from fastapi import Response

from services.rating_engine.simulations import service
from shared.auth import requires
from shared.schemas.rating.simulations import SimulationCreate, SimulationRead
from shared.web.routing import Router

router = Router("/v1/simulations", tags=["simulations"])


@router.post(
    "",
    response_model=SimulationRead,
    summary="Try a methodology on a table",
    dependencies=[requires("rating:read")],
)
def create_simulation(body: SimulationCreate) -> Response:
    """The rating that the methodology gives to the table. Nothing is stored, and the same body has the same answer to
    the
    byte, whatever the order of its units. Of the methodology only `code` and `tree` are required; what is left out is
    off.
    """
    return Response(service.simulate(body).model_dump_json(), media_type="application/json")
