"""The gate lets a burst wait its turn and turns a standing crowd away at once."""

import asyncio

from shared.web.guard import Gate


async def test_a_burst_waits_and_passes_in_the_order_it_came() -> None:
    gate = Gate(2)
    passed: list[int] = []

    async def caller(number: int) -> None:
        assert await gate.enter()
        passed.append(number)
        await asyncio.sleep(0.001)
        gate.leave()

    await asyncio.gather(*(caller(number) for number in range(50)))

    assert passed == list(range(50))
    assert gate.inside == 0


async def test_a_crowd_that_stands_is_refused_before_those_who_wait() -> None:
    gate = Gate(1, patience=0.2, impatience=0.01)
    assert await gate.enter()
    first = asyncio.create_task(gate.enter())
    await asyncio.sleep(0.15)
    patient = asyncio.create_task(gate.enter())  # the queue has stood for less than the patience
    await asyncio.wait({first})

    newcomer = await gate.enter()  # and now it has stood longer

    assert newcomer is False
    assert not patient.done()
    gate.leave()
    assert await patient


async def test_a_caller_that_goes_away_while_waiting_leaves_no_trace() -> None:
    gate = Gate(1)
    assert await gate.enter()
    waiting = asyncio.create_task(gate.enter())
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    gate.leave()

    assert gate.inside == 0
    assert await gate.enter()
