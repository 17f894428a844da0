"""`python -m shared.auth.token --role admin`: print a token signed with the local key."""

import argparse
import os
import re
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from shared import clock
from shared.auth.actor import AREA_ROLES, ORGANISATION_ROLES, Role
from shared.auth.keys import DEFAULT_LIFETIME, LocalKey, LocalKeyUnusable

_PROJECT = Path(__file__).resolve().parents[2]
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def local_key_path() -> Path:
    """Where the local key lies: `BILIM_LOCAL_KEY_FILE`, or `local-key.pem` in `BILIM_HOME` (default `.bilim`)."""
    named = os.environ.get("BILIM_LOCAL_KEY_FILE")
    if named:
        return Path(named)
    return Path(os.environ.get("BILIM_HOME") or _PROJECT / ".bilim") / "local-key.pem"


def lifetime(text: str) -> timedelta:
    """`90` or `90s`, `30m`, `12h`, `7d`; more than nothing and at most 365 days."""
    found = re.fullmatch(r"([1-9][0-9]{0,7})([smhd]?)", text)
    if not found:
        raise argparse.ArgumentTypeError(f"«{text}» is not a duration; write 30m, 12h or 7d")
    length = timedelta(**{_UNITS[found[2] or "s"]: int(found[1])})
    if length > timedelta(days=365):
        raise argparse.ArgumentTypeError("a token lives at most 365 days")
    return length


def kato(text: str) -> str:
    """Nine digits."""
    if not re.fullmatch(r"[0-9]{9}", text):
        raise argparse.ArgumentTypeError(f"«{text}» is not a KATO code (nine digits)")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Print one token and nothing else; explain on standard error what is missing."""
    parser = argparse.ArgumentParser(prog="python -m shared.auth.token", description="Print a local access token.")
    parser.add_argument("--role", required=True, choices=[role.value for role in Role])
    parser.add_argument("--area", type=kato, help="KATO code, needed by region_officer and training_coordinator")
    parser.add_argument("--organisation", type=UUID, help="identifier in the registry, needed by director")
    parser.add_argument("--subject", help="who the token stands for (default: the role)")
    parser.add_argument("--lifetime", type=lifetime, default=DEFAULT_LIFETIME, help="30m, 12h (default), 7d")
    given = parser.parse_args(arguments)
    role = Role(given.role)
    if role in AREA_ROLES and given.area is None:
        parser.error(f"{role} reaches an area: add --area 750000000 (with make: AREA=750000000)")
    if role in ORGANISATION_ROLES and given.organisation is None:
        parser.error(f"{role} reaches one organisation: add --organisation <id> (with make: ORG=<id>)")
    try:
        key = LocalKey.load(local_key_path(), audience=os.environ.get("BILIM_OIDC_AUDIENCE") or "bilim")
    except LocalKeyUnusable as problem:
        print(problem, file=sys.stderr)
        return 1
    print(
        key.issue(
            role,
            subject=given.subject or role.value,
            now=clock.now(),
            area=given.area,
            organisation=given.organisation,
            lifetime=given.lifetime,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
