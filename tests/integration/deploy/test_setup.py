"""The set-up on a machine that lacks something: it says what, and what to do."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.local.home import PROJECT

_TOOLS = ("sh", "dirname", "cmp", "cat", "mkdir", "rm", "grep", "sleep", "cp")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clone with nothing set up."""
    (tmp_path / "clone" / "deploy" / "local").mkdir(parents=True)
    shutil.copy(PROJECT / "deploy" / "local" / "setup.sh", tmp_path / "clone" / "deploy" / "local")
    shutil.copy(PROJECT / "requirements.lock", tmp_path / "clone")
    return tmp_path / "clone"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with the tools of every machine and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in _TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    return folder


def _set_up(project: Path, programs: Path, more: Mapping[str, str] | None = None) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", "deploy/local/setup.sh"],
        cwd=project,
        env={"PATH": str(programs), **(more or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_without_python_the_set_up_says_which_one_it_needs_and_how_to_name_it(project: Path, programs: Path) -> None:
    code, said = _set_up(project, programs)

    assert code == 1
    assert "needs Python 3.11 or newer, and found none" in said
    assert "PYTHON=/path/to/python3.11" in said
    assert not (project / ".venv.lock").exists()


def test_names_on_path_that_do_not_run_are_passed_over(project: Path, programs: Path) -> None:
    _program(programs / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    _program(programs / "python3", "exit 1")

    code, said = _set_up(project, programs)

    assert code == 1
    assert "found none" in said


def test_a_python_that_was_named_and_is_too_old_is_refused_by_name(project: Path, programs: Path) -> None:
    _program(programs / "python2", "exit 1")

    code, said = _set_up(project, programs, {"PYTHON": "python2"})

    assert code == 1
    assert "PYTHON=python2 is older than Python 3.11" in said


def test_a_python_without_venv_is_told_how_to_get_it(project: Path, programs: Path) -> None:
    _program(programs / "python3.11", 'case "$2" in *ensurepip*) exit 1;; esac')

    code, said = _set_up(project, programs)

    assert code == 1
    assert "apt install python3-venv" in said


def test_a_clone_that_is_set_up_is_left_alone(project: Path, programs: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    _program(project / ".venv" / "bin" / "python", "exit 0")
    shutil.copy(project / "requirements.lock", project / ".venv" / "installed.lock")

    assert _set_up(project, programs) == (0, "")


def test_a_set_up_that_was_killed_does_not_block_the_next_one(project: Path, programs: Path) -> None:
    (project / ".venv.lock").mkdir()
    with subprocess.Popen(["true"]) as gone:
        pass
    (project / ".venv.lock" / "process").write_text(str(gone.pid))

    code, said = _set_up(project, programs)

    assert code == 1
    assert "found none" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_clone_that_cannot_be_written_is_told_so(project: Path, programs: Path) -> None:
    project.chmod(0o555)

    code, said = _set_up(project, programs)

    project.chmod(0o755)
    assert code == 1
    assert "cannot be written by this user" in said
