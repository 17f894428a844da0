"""Computes a bundle anew, with no database and no network: `python -m services.rating_engine recompute BUNDLE`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

EQUAL, DIFFERENT, UNREADABLE = 0, 1, 2
_THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Read by the libraries when they are loaded, and so set before."""


def main(arguments: Sequence[str]) -> int:
    """Carry out a command line: 0 the same bytes, 1 something differs, 2 the file cannot be read or computed."""
    parser = argparse.ArgumentParser(prog="python -m services.rating_engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("recompute", help="compute a bundle anew and compare it byte by byte")
    again.add_argument("bundle", type=Path, help="what GET /v1/runs/{id}/bundle answered")
    again.add_argument("--threads", type=int, metavar="N", help="how many threads may compute; the bytes do not change")
    again.add_argument("--output", type=Path, metavar="FILE", help="where to write the bundle as it is computed now")
    chosen = parser.parse_args(arguments)
    if chosen.threads is not None:
        if chosen.threads < 1:
            parser.error("--threads: at least 1")
        os.environ.update(dict.fromkeys(_THREADS, str(chosen.threads)))
    return _recompute(chosen.bundle, chosen.output)


def _recompute(bundle: Path, output: Path | None) -> int:
    from services.rating_engine.bundles.errors import BundleUnreadable
    from services.rating_engine.bundles.recomputing import recompute

    def told(line: str) -> None:
        print(f"... {line}", file=sys.stderr, flush=True)

    try:
        verdict = recompute(bundle.read_bytes(), told)
        if output is not None:
            output.write_bytes(verdict.packed)
    except (OSError, BundleUnreadable) as error:
        print(f"{bundle}: cannot be read: {error}", file=sys.stderr)
        return UNREADABLE
    for line in verdict.remarks:
        print(f"note: {line}", file=sys.stderr)
    for line in verdict.differences:
        print(line)
    print("different" if verdict.differences else "the same bytes")
    return DIFFERENT if verdict.differences else EQUAL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
