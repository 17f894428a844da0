"""Failing in a row: wait longer each time, and tell the log of the first failure and of the recovery only."""

import asyncio
import random
import time

import structlog

_log = structlog.get_logger(__name__)


class Backoff:
    """The patience of one background loop."""

    def __init__(self, loop: str, *, first_seconds: float = 0.2, longest_seconds: float = 30.0) -> None:
        self._loop = loop
        self._first = first_seconds
        self._longest = longest_seconds
        self._failures = 0
        self._since = 0.0
        self.last_error: str | None = None
        """The class of the last failure while the loop is failing, else None."""

    async def failed(self, error: Exception) -> None:
        """Note a failure and sleep: twice as long as before, up to the longest, with jitter so that replicas spread."""
        if self._failures == 0:
            self._since = time.monotonic()
            _log.warning("background_loop_failing", loop=self._loop, exc_info=error)
        self.last_error = type(error).__name__
        ceiling = min(self._longest, self._first * 2 ** min(self._failures, 16))
        self._failures += 1
        await asyncio.sleep(ceiling * random.uniform(0.5, 1.0))  # noqa: S311 -- spreads load, guards nothing

    def succeeded(self) -> None:
        """Note that it works (again)."""
        if self._failures:
            _log.info(
                "background_loop_recovered",
                loop=self._loop,
                failures=self._failures,
                seconds=round(time.monotonic() - self._since, 1),
            )
            self._failures = 0
            self.last_error = None
