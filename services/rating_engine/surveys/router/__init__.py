"""HTTP of surveys."""

from services.rating_engine.surveys.router.ballots import router as _ballots
from services.rating_engine.surveys.router.results import router as _results
from services.rating_engine.surveys.router.sessions import BALLOTS_AT_ONCE
from services.rating_engine.surveys.router.surveys import router as _surveys
from shared.web.routing import Router

__all__ = ["BALLOTS_AT_ONCE", "routers"]

routers: tuple[Router, ...] = (_surveys, _ballots, _results)
