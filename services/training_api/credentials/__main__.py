"""Verifies certificates without the service, and changes the key: `python -m services.training_api.credentials`."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from services.training_api.credentials import verifying
from services.training_api.credentials.canonical import NotCanonical, loads
from services.training_api.credentials.keys import KeyRing, SigningKey
from services.training_api.credentials.sentences import sentence
from shared import clock
from shared.auth.keys import LocalKeyUnusable
from shared.schemas.training.credentials import FileFailure, FileOutcome


def main(arguments: Sequence[str], *, now: datetime) -> int:
    """Carry out a command line; 0 if the file is genuine and not known to be withdrawn, else 1."""
    parser = argparse.ArgumentParser(prog="python -m services.training_api.credentials", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify_ = commands.add_parser("verify", help="verify a credential (JSON or JWT) with published keys; no network")
    verify_.add_argument("file", type=Path, help="the credential")
    verify_.add_argument("--keys", type=Path, required=True, help="what GET /v1/keys answered")
    verify_.add_argument(
        "--status-list", type=Path, action="append", default=[], help="what GET /v1/status-lists/… answered; repeatable"
    )
    rotate_ = commands.add_parser("rotate", help="make a new key for signing; the old file is kept beside it")
    rotate_.add_argument("file", type=Path, help="the key file of the service; restart the service afterwards")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "rotate":
            print(rotate(chosen.file))
            return 0
        outcome, line = verify(chosen.file, chosen.keys, chosen.status_list, now=now)
    except (OSError, NotCanonical, ValueError, LocalKeyUnusable) as error:
        print(f"cannot be done: {error}", file=sys.stderr)
        return 1
    print(line)
    return 0 if outcome is not FileOutcome.NOT_VALID else 1


def verify(file: Path, keys: Path, status_lists: Sequence[Path], *, now: datetime) -> tuple[FileOutcome, str]:
    """The answer about a file, as a word and as a line. Raises `OSError`, `NotCanonical` for the keys and lists."""
    published = _object(keys).get("keys")
    if not isinstance(published, list) or not all(isinstance(key, dict) for key in published):
        raise NotCanonical(f"{keys} is no set of keys")
    ring = KeyRing.of(published)
    lists: dict[str, Mapping[str, Any] | None] = {
        str(listed.get("id")): listed for listed in map(_object, status_lists)
    }
    examined = verifying.examine(file.read_bytes(), ring, now=now)
    verdict = verifying.conclude(examined, lists, ring, now=now)
    outcome = FileOutcome(verdict.outcome)
    failure = FileFailure(verdict.failure) if verdict.failure else None
    code = f"{outcome.value} ({failure.value})" if failure else outcome.value
    return outcome, f"{code}: {sentence(outcome, failure, now).en}"


def _object(path: Path) -> dict[str, Any]:
    found = loads(path.read_bytes())
    if not isinstance(found, dict):
        raise NotCanonical(f"{path} is no JSON object")
    return found


def rotate(path: Path) -> str:
    """Put a new key in the place of the old one, which stays beside it under its name; what was done, in words."""
    old = SigningKey.load(path)
    path.rename(path.with_name(f"{path.name}.{old.kid}"))
    new = SigningKey.ensure(path)
    return f"{old.kid} signed until now, {new.kid} signs from the next start; the old public key stays published"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], now=clock.now()))
