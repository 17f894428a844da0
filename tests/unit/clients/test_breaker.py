"""The circuit breaker."""

from shared.clients.breaker import CircuitBreaker


class _Time:
    def __init__(self) -> None:
        self.moment = 100.0

    def __call__(self) -> float:
        return self.moment


def _open(time: _Time) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=3, pause_seconds=5, monotonic=time)
    for _ in range(3):
        breaker.failed()
    return breaker


def test_failures_that_are_not_in_a_row_leave_it_closed() -> None:
    breaker = CircuitBreaker(failures=3, monotonic=_Time())

    for _ in range(10):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()

    assert breaker.wait_seconds() == 0


def test_failures_in_a_row_open_it() -> None:
    assert _open(_Time()).wait_seconds() == 5


def test_after_the_pause_one_call_may_try_and_the_rest_wait() -> None:
    time = _Time()
    breaker = _open(time)

    time.moment += 5
    waits = [breaker.wait_seconds() for _ in range(10)]

    assert waits == [0, *[5] * 9]


def test_a_try_that_succeeds_closes_it() -> None:
    time = _Time()
    breaker = _open(time)
    time.moment += 5
    breaker.wait_seconds()

    breaker.succeeded()

    assert [breaker.wait_seconds() for _ in range(3)] == [0, 0, 0]


def test_a_try_that_fails_opens_it_for_another_pause() -> None:
    time = _Time()
    breaker = _open(time)
    time.moment += 5
    breaker.wait_seconds()
    time.moment += 1

    breaker.failed()

    assert breaker.wait_seconds() == 5


def test_a_try_that_is_never_heard_of_does_not_keep_it_open_for_ever() -> None:
    time = _Time()
    breaker = _open(time)
    time.moment += 5
    breaker.wait_seconds()

    time.moment += 5

    assert breaker.wait_seconds() == 0
