"""Work on one part in a thread while the next part is on its way."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")


async def ahead(parts: AsyncGenerator[Part], work: Callable[[Part], Made]) -> AsyncGenerator[Made]:
    """What `work` makes of each part, in their order. It runs in a thread while the next part is read and what was
    made of the last one is used; of no more than two parts at a time. Whoever stops early closes it (`aclosing`)."""
    loop = asyncio.get_running_loop()
    under_way: asyncio.Future[Made] | None = None
    try:
        async with aclosing(parts):
            async for part in parts:
                begun = loop.run_in_executor(None, work, part)
                made, under_way = under_way, begun
                if made is not None:
                    yield await made
            if under_way is not None:
                yield await under_way
    finally:
        if under_way is not None:
            under_way.cancel()
