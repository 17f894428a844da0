"""Writes each service's `openapi.json` from its code, or with `--check` tells where they differ."""

import argparse
import difflib
import importlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from deploy.local.services import SERVICES, Service

_PROJECT = Path(__file__).resolve().parents[1]
_LINES_SHOWN = 40


def document(service: Service) -> str:
    """The document as it is committed: sorted as the code gives it, readable in a review."""
    # Building an app connects to nothing, but it wants to know where its database would be.
    os.environ[service.database_variable] = "postgresql://nobody@127.0.0.1:9/nothing"
    app = importlib.import_module(f"services.{service.package}.app").create_app()
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2) + "\n"


def path_of(service: Service) -> Path:
    return _PROJECT / "services" / service.package / "openapi.json"


def difference(service: Service) -> Iterator[str]:
    """Lines that only the file (-) or only the code (+) has."""
    path = path_of(service)
    committed = path.read_text() if path.exists() else ""
    name = str(path.relative_to(_PROJECT))
    return difflib.unified_diff(
        committed.splitlines(), document(service).splitlines(), f"{name} (committed)", f"{name} (code)", lineterm=""
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file differs from the code")
    given = parser.parse_args(arguments)
    status = 0
    for service in SERVICES:
        if not given.check:
            path_of(service).write_text(document(service))
            print(path_of(service).relative_to(_PROJECT))
        elif lines := list(islice(difference(service), _LINES_SHOWN)):
            status = 1
            print("\n".join(lines))
            print(f"services/{service.package}/openapi.json differs from the code: run `make openapi` and review it.")
        else:
            print(f"services/{service.package}/openapi.json equals the code")
    return status


if __name__ == "__main__":
    sys.exit(main())
