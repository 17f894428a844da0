"""`python -m deploy.local`: everything up until Ctrl-C; `… migrate`: the databases only; `… demo`: into what runs."""

import argparse
import os
import signal
import sys

from deploy.local.already import take_or_join
from deploy.local.children import dies_with_parent
from deploy.local.failure import StartFailure
from deploy.local.home import Home, Lock, open_home, read_state
from deploy.local.services import environment_for_callers
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import say


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("run", "migrate", "demo"), default="run")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started this one ends (make does)"
    )
    arguments = parser.parse_args()
    if arguments.with_parent:
        dies_with_parent(signal.SIGTERM, of=os.getppid())()
    try:
        home = open_home(os.environ)
        if arguments.what == "demo":
            return _load_demo(home)
        lock = Lock(home)
        supervisor = Supervisor(home, os.environ)
        if arguments.what == "migrate":
            if not lock.acquire():
                raise StartFailure(
                    f"Bilim runs from {home.root} (process {lock.holder()}) and migrated its databases when it\n"
                    f"started. Stop it, then `make migrate` or `make run`."
                )
            supervisor.migrate()
        elif take_or_join(lock, home, os.environ):
            supervisor.run()
        else:
            say("ready")
    except StartFailure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    return 0


def _load_demo(home: Home) -> int:
    found = read_state(home).get("addresses")
    if not found:
        raise StartFailure(f"Bilim does not run from {home.root}; start it with `make run`, which loads the demo too.")
    # Imported here because a start has no use for it, and it costs seconds.
    from deploy.demo.__main__ import main as load

    return load([], environment_for_callers(os.environ, home=home, found=found))


if __name__ == "__main__":
    sys.exit(main())
