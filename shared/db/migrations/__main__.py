"""For developers: `python -m shared.db.migrations check` and `… new registry_api "what it is for"`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from shared.clock import day_in_kazakhstan, now
from shared.db.migrations.check import difference, faults
from shared.db.migrations.history import applications, metadata_of
from shared.db.migrations.new import NothingToMigrateError, tidy, write

SCRATCH_VARIABLE = "BILIM_SCRATCH_DATABASE_URL"


def main(arguments: Sequence[str] | None = None) -> int:
    server = argparse.ArgumentParser(add_help=False)
    server.add_argument(
        "--url",
        default=os.environ.get(SCRATCH_VARIABLE),
        help=f"a server where databases may be created and dropped (or {SCRATCH_VARIABLE})",
    )
    parser = argparse.ArgumentParser(prog="python -m shared.db.migrations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", parents=[server], help="do the migrations make what the models say?")
    check.add_argument("service", nargs="*")
    new = commands.add_parser("new", parents=[server], help="write the next migration from the models")
    new.add_argument("service")
    new.add_argument("meaning", help="what it is for, in a few words")
    chosen = parser.parse_args(arguments)
    if chosen.url is None:
        parser.error(f"no server: give --url or {SCRATCH_VARIABLE}")
    if chosen.command == "new":
        return _new(chosen.url, chosen.service, chosen.meaning)
    return asyncio.run(_check(chosen.url, chosen.service or applications()))


def _new(url: str, service: str, meaning: str) -> int:
    try:
        path = asyncio.run(write(url, service, meaning, on=day_in_kazakhstan(now())))
    except (NothingToMigrateError, FileExistsError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    tidy(path)
    print(path)
    return 0


async def _check(url: str, services: Sequence[str]) -> int:
    status = 0
    for service in services:
        lines = [*faults(metadata_of(service)), *await difference(url, service)]
        print(f"{service}: " + ("migrations equal models" if not lines else "migrations (-) differ from models (+)"))
        for line in lines:
            print(f"  {line}")
        status = status or int(bool(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
