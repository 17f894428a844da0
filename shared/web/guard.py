"""The outermost walls: body cap, admission, deadline, last-resort answer. Pure ASGI, one layer each."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from fnmatch import fnmatchcase

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Problem
from shared.observability.metrics import Metrics
from shared.web import problems
from shared.web.errors import BodyTooLarge, DeadlineExceeded, Overloaded

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_ALWAYS_ADMITTED = ("/livez", "/readyz", "/metrics")


class LastResort:
    """Whatever escapes becomes a problem document, so that a keep-alive connection never sees a torn answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            problem = problems.of_exception(error)
            if started:
                raise
            await problems.refuse(scope, receive, send, problem)


class Deadline:
    """A request is answered in time or with 504; `longer` gives some paths more seconds."""

    def __init__(self, app: ASGIApp, *, seconds: float, longer: Mapping[str, float]) -> None:
        self.app = app
        self.seconds = seconds
        self.longer = longer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seconds = next((s for prefix, s in self.longer.items() if scope["path"].startswith(prefix)), self.seconds)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            async with asyncio.timeout(seconds) as deadline:
                await self.app(scope, receive, watched)
        except TimeoutError:
            if started or not deadline.expired():
                raise
            await problems.refuse(scope, receive, send, DeadlineExceeded(seconds=seconds))


class BodyCap:
    """Bodies are counted as they come; one too large is refused before or while it is read, never buffered.

    `larger` gives some paths more bytes, by their beginning; a `*` in it stands for any part of a path.
    """

    def __init__(self, app: ASGIApp, *, limit: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.limit = limit
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        limit = next((b for prefix, b in self.larger.items() if fnmatchcase(path, f"{prefix}*")), self.limit)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared[:20]) > limit:
            await problems.refuse(scope, receive, send, BodyTooLarge(limit_bytes=limit))
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise BodyTooLarge(limit_bytes=limit)
            return message

        await self.app(scope, counted, send)


class Gate:
    """Admits so many at once and lets a burst wait its turn, but not a standing crowd.

    Controlled delay: as long as the queue has been empty within the last `patience` seconds, a newcomer waits up to
    `patience`; once it has stood longer than that, the service is overloaded and newcomers get `impatience`,
    so that refusals come in milliseconds and what is admitted is answered quickly.
    """

    def __init__(self, places: int, *, patience: float = 4.0, impatience: float = 0.02) -> None:
        self.places = places
        self.patience = patience
        self.impatience = impatience
        self.inside = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._last_empty = float("-inf")

    async def enter(self) -> bool:
        """Wait for a place; false when there was none in time."""
        moment = time.monotonic()
        if not self._queue:
            self._last_empty = moment
            if self.inside < self.places:
                self.inside += 1
                return True
        wait = self.patience if moment - self._last_empty < self.patience else self.impatience
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            async with asyncio.timeout(wait):
                await place
        except TimeoutError:
            if place.done() and not place.cancelled():
                return True  # the place came in the very moment of giving up
            self._forget(place)
            return False
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            else:
                self._forget(place)
            raise
        return True

    def leave(self) -> None:
        """Give the place to whoever waits longest."""
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.inside -= 1

    def _forget(self, place: asyncio.Future[None]) -> None:
        if place in self._queue:
            self._queue.remove(place)


class Admission:
    """Reads and writes pass separate gates, so that a crowd of writers behind one lock leaves readers unharmed.

    Long polls (`unlimited`) hold no connection while they wait and pass beside the gates.
    """

    def __init__(self, app: ASGIApp, *, reads: int, writes: int, unlimited: tuple[str, ...], metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics
        self.reads = Gate(reads)
        self.writes = Gate(writes)
        self.unlimited = (*_ALWAYS_ADMITTED, *unlimited)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self.unlimited):
            await self.app(scope, receive, send)
            return
        gate = self.reads if scope["method"] in _SAFE_METHODS else self.writes
        if not await gate.enter():
            self.metrics.refused.labels("reads" if gate is self.reads else "writes").inc()
            await problems.refuse(scope, receive, send, _overloaded())
            return
        try:
            await self.app(scope, receive, send)
        finally:
            gate.leave()


def _overloaded() -> Problem:
    return Overloaded(headers={"Retry-After": "1"})
