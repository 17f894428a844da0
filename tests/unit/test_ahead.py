"""Parts are worked on in a thread, in their order and no further ahead than one."""

import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from shared.ahead import ahead


async def _numbers(count: int, read: list[int]) -> AsyncGenerator[int]:
    for number in range(count):
        read.append(number)
        yield number


@pytest.mark.parametrize("count", [0, 1, 2, 7])
async def test_what_is_made_comes_in_the_order_of_the_parts(count: int) -> None:
    made = [found async for found in ahead(_numbers(count, []), lambda part: part * part)]

    assert made == [number * number for number in range(count)]


async def test_the_next_part_is_read_while_one_is_worked_on_and_no_more() -> None:
    read: list[int] = []
    in_loop = threading.get_ident()
    threads = set[int]()

    def work(part: int) -> int:
        threads.add(threading.get_ident())
        return part

    async with aclosing(ahead(_numbers(5, read), work)) as parts:
        assert await anext(parts) == 0
        assert read == [0, 1]
        assert await anext(parts) == 1
        assert read == [0, 1, 2]
    assert in_loop not in threads


async def test_a_failure_in_the_work_is_raised_where_its_part_is_awaited() -> None:
    parts = ahead(_numbers(3, []), lambda part: 1 // (1 - part))

    assert await anext(parts) == 1
    with pytest.raises(ZeroDivisionError):
        await anext(parts)


async def test_a_failure_in_reading_is_raised_once_what_was_begun_is_left_alone() -> None:
    async def failing() -> AsyncGenerator[int]:
        yield 1
        raise LookupError

    with pytest.raises(LookupError):
        [found async for found in ahead(failing(), lambda part: part)]
