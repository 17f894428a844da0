"""The house and what stands in it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.contract import world
from tests.support.cluster import Databases
from tests.support.house import House, open_house


@pytest.fixture(scope="module")
async def house(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[House]:
    """Three services over HTTP, shared by the tests of one file."""
    async with open_house(databases, key_file=local_key_file, token_for=token_for) as house:
        yield house


@pytest.fixture(scope="module")
async def known(house: House) -> world.Known:
    """What exists in the house, by the name of the field that takes it."""
    return await world.build(house)
