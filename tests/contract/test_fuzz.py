"""A fuzzer with all its checks finds nothing wrong with any of the three services: no 5xx, no undocumented answer.

`BILIM_FUZZ_EXAMPLES=100` tries longer, `BILIM_FUZZ_SEED` otherwise; `tests/contract/schemathesis.toml` and
`fuzz_hooks.py` tell the fuzzer what no schema can.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract import world
from tests.support.house import House

ROOT = Path(__file__).parents[2]
EXAMPLES = os.environ.get("BILIM_FUZZ_EXAMPLES", "")
"""Random cases an operation, beside those that cover its schema."""
SEED = os.environ.get("BILIM_FUZZ_SEED", "20261121")


@pytest.mark.skipif(
    not EXAMPLES, reason="`make fuzz` runs it: minutes of processor time, and chance decides what it tries"
)
@pytest.mark.parametrize("service", ["registry", "training", "rating"])
async def test_the_fuzzer_finds_nothing(house: House, known: world.Known, service: str, tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text(json.dumps(known))
    ended = await asyncio.to_thread(
        subprocess.run,
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(ROOT / "tests/contract/schemathesis.toml")),
            *("run", f"{house.processes[service].url}/openapi.json"),
            *("--checks", "all", "--phases", "examples,coverage,fuzzing"),
            *("--max-examples", EXAMPLES, "--seed", SEED, "--continue-on-failure"),
            *("--header", f"Authorization: Bearer {house.token_for('admin')}"),
            *("--request-timeout", "30", "--warnings", "off", "--no-color", "--suppress-health-check", "all"),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path),
            "BILIM_FUZZ_WORLD": str(tmp_path / "world.json"),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout[-80_000:] + ended.stderr[-2000:]
    assert "No issues found" in ended.stdout, ended.stdout[-3000:]
    assert '"level": "error"' not in house.processes[service].log.read_text(errors="replace")
