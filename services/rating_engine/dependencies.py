"""What handlers of the rating engine ask for beside a session."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from services.rating_engine.snapshots import service as snapshots
from shared.schemas.registry.indicators import IndicatorRead


def source_of(app: FastAPI) -> snapshots.Source:
    """The services whose data are rated, put on the app by its factory."""
    source: snapshots.Source = app.state.source
    return source


async def _catalogue(request: Request) -> Mapping[str, IndicatorRead]:
    return await source_of(request.app).catalogue()


Catalogue = Annotated[Mapping[str, IndicatorRead], Depends(_catalogue)]
"""The registry's indicators by code; asked before a transaction is begun."""
