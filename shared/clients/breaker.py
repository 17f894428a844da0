"""A circuit breaker: a service that does not answer is left alone for a while instead of being waited for."""

import time
from collections.abc import Callable


class CircuitBreaker:
    """Closed until `failures` in a row; then open for `pause_seconds`, after which one call at a time may try.

    State is of this process only: enough, since each process learns within a few calls.
    """

    def __init__(
        self, *, failures: int = 5, pause_seconds: float = 5, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._pause = pause_seconds
        self._monotonic = monotonic
        self._in_a_row = 0
        self._closed_to_all_until = 0.0

    def wait_seconds(self) -> float:
        """0 when a call may go out, else how long to stay away. Lets one caller through after each pause."""
        if self._in_a_row < self._limit:
            return 0
        now = self._monotonic()
        if now < self._closed_to_all_until:
            return self._closed_to_all_until - now
        self._closed_to_all_until = now + self._pause  # this caller is the probe; if it is never heard of, another is
        return 0

    def succeeded(self) -> None:
        """The service answered, be it with a refusal."""
        self._in_a_row = 0

    def failed(self) -> None:
        """The service did not answer, or said that it cannot."""
        self._in_a_row += 1
        if self._in_a_row >= self._limit:
            self._closed_to_all_until = self._monotonic() + self._pause
