"""The smallest thing that starts, answers `/readyz` and stops like a service: for tests of what starts services."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]


def create_app() -> Callable[..., Awaitable[None]]:
    """Refuses to start when TINY_FAILS is set."""
    if os.environ.get("TINY_FAILS"):
        raise RuntimeError("told to fail")
    return _app


async def _app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": str(os.getpid()).encode()})
