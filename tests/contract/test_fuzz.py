"""A fuzzer with all its checks finds nothing wrong with any of the three services: no 5xx, no undocumented answer."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.cluster import Databases
from tests.support.house import House, open_house

ROOT = Path(__file__).parents[2]
EXAMPLES = os.environ.get("BILIM_FUZZ_EXAMPLES", "8")
"""Random cases an operation, beside those that cover its schema."""


@pytest.fixture(scope="module")
async def house(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[House]:
    async with open_house(databases, key_file=local_key_file, token_for=token_for) as house:
        yield house


@pytest.mark.parametrize("service", ["registry", "training", "rating"])
async def test_the_fuzzer_finds_nothing(house: House, service: str, tmp_path: Path) -> None:
    ended = await asyncio.to_thread(
        subprocess.run,
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(ROOT / "tests/contract/schemathesis.toml")),
            *("run", f"{house.processes[service].url}/openapi.json"),
            *("--checks", "all", "--phases", "examples,coverage,fuzzing"),
            *("--max-examples", EXAMPLES, "--seed", "20261121", "--continue-on-failure"),
            *("--header", f"Authorization: Bearer {house.token_for('admin')}"),
            *("--request-timeout", "30", "--warnings", "off", "--no-color", "--suppress-health-check", "all"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout[-12000:] + ended.stderr[-2000:]
    assert "No issues found" in ended.stdout, ended.stdout[-3000:]
