"""What handlers of the registry ask for beside sessions and callers."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request

from services.registry_api.settings import identifier_secret
from shared.clients.training import TrainingClient


async def _identifier_secret(request: Request) -> bytes | None:
    secret: bytes | None = identifier_secret(request.app.state.settings)
    return secret


IdentifierSecret = Annotated[bytes | None, Depends(_identifier_secret)]
"""The key under which persons' numbers are compared; None where they are refused."""


def training_of(app: FastAPI) -> TrainingClient:
    """training_api, put on the app by its factory; asked outside of any transaction."""
    training = app.state.training
    assert isinstance(training, TrainingClient)
    return training
