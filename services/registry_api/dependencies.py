"""What handlers of the registry ask for beside sessions and callers."""

from typing import Annotated

from fastapi import Depends, Request

from services.registry_api.settings import identifier_secret


async def _identifier_secret(request: Request) -> bytes | None:
    secret: bytes | None = identifier_secret(request.app.state.settings)
    return secret


IdentifierSecret = Annotated[bytes | None, Depends(_identifier_secret)]
"""The key under which persons' numbers are compared; None where they are refused."""
