"""Rules about the whole house that are not about imports."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 400
"""Lines, from which on one asks what second thing a file is about."""


def tracked(*patterns: str) -> list[Path]:
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [ROOT / name for name in told if name and (ROOT / name).is_file()]


def test_no_file_is_about_too_many_things() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in tracked("services/*.py", "shared/*.py", "deploy/*.py")
        if path.parent.name != "migrations" and (lines := path.read_text().count("\n")) > LONGEST
    ]

    assert long == []


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("services/*.py", "shared/*.py", "deploy/*.py")
        if path.parent.name != "migrations"
        and path.read_text().strip()
        and not path.read_text().lstrip().startswith(('"""', "#!", "#"))
    ]

    assert silent == []


def test_nothing_names_the_host_of_a_package_registry() -> None:
    hosts = ("python" + "hosted", "pypi" + ".org", "npm" + "js.")
    named = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix not in {".png", ".gz"} and any(host in path.read_text(errors="ignore") for host in hosts)
    ]

    assert named == []


def test_there_is_no_room_for_odds_and_ends() -> None:
    vague = {"utils", "helpers", "common", "manager", "managers", "misc"}
    found = [str(path.relative_to(ROOT)) for path in tracked("*.py") if vague & {*path.parts, path.stem}]

    assert found == []
