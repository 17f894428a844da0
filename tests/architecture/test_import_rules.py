"""The import rules hold, and each of them catches the violation it is there for."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
VIOLATIONS = {
    "services-over-shared": ("shared/clients/trespass.py", "import services.rating_engine.core.types"),
    "services-apart": ("services/registry_api/trespass.py", "import services.training_api.base"),
    "floors-of-shared": ("shared/schemas/trespass_floor.py", "import shared.web.cursors"),
    "pure-contract": ("shared/schemas/trespass.py", "import fastapi"),
    "rooms": ("services/rating_engine/runs/errors.py", "import services.rating_engine.runs.service"),
    "no-circles": ("services/rating_engine/snapshots/errors.py", "import services.rating_engine.publications.errors"),
    "pure-rules": ("services/rating_engine/methodologies/rules.py", "import sqlalchemy"),
    "pure-core": ("services/rating_engine/core/trespass.py", "import shared.clock"),
    "use-cases-know-no-web": ("services/rating_engine/runs/repository.py", "import shared.web.pages"),
    "sql-in-its-place": ("services/rating_engine/publications/router.py", "import sqlalchemy"),
    "http-client-in-its-place": ("services/rating_engine/runs/service.py", "import httpx"),
}


def lint(root: Path) -> str:
    program = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    return re.sub(r"\x1b\[[0-9;]*m", "", ended.stdout + ended.stderr)


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in contracts}


def test_the_house_keeps_its_rules(names: dict[str, str]) -> None:
    told = lint(ROOT)

    assert f"Contracts: {len(names)} kept, 0 broken." in told, told


def test_each_rule_catches_its_violation(names: dict[str, str], tmp_path: Path) -> None:
    assert VIOLATIONS.keys() == names.keys()
    for part in ("services", "shared"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in VIOLATIONS.values():
        with (tmp_path / file).open("a") as place:
            place.write(f"\n{line}\n")

    told = lint(tmp_path)

    kept = [name for name in names.values() if re.search(re.escape(name) + r"\s+KEPT", told)]
    assert kept == [], told
    assert f"Contracts: 0 kept, {len(names)} broken." in told


def test_another_capability_is_used_through_its_service() -> None:
    graph = grimp.build_graph("services")
    private = re.compile(r"services\.(\w+)\.(\w+)\.(models|repository)$")
    trespasses = []
    for imported in graph.modules:
        found = private.match(imported)
        if not found:
            continue
        home = f"services.{found[1]}.{found[2]}."
        for importer in graph.find_modules_that_directly_import(imported):
            if not importer.startswith(home) and importer != f"services.{found[1]}.models":
                trespasses.append(f"{importer} imports {imported}")

    assert trespasses == []
