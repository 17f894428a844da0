"""What a second start does when a first one holds the home: wait for it, join it, or tell why not."""

import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from deploy.local.failure import StartFailure
from deploy.local.home import Home, Lock, read_state
from deploy.local.services import SERVICES, addresses
from deploy.local.terminal import say

_STARTING_SECONDS = 600.0
_SILENT_SECONDS = 30.0
_POLL_SECONDS = 0.2


def take_or_join(lock: Lock, home: Home, environment: Mapping[str, str]) -> bool:
    """True when this start is the master of the home; False when a healthy one already serves these addresses.

    A master that is stopping, or was killed a moment ago, is waited for; so is one that is still starting.
    """
    begun = time.monotonic()
    told = False
    while not lock.acquire():
        state = read_state(home)
        if state.get("state") == "ready":
            _refuse_other_addresses(state, environment, home)
            if all(_answers(address) for address in addresses(environment).values()):
                say(f"Bilim already runs from {home.root} (process {lock.holder()}); this start adds nothing.")
                for service in SERVICES:
                    say(f"  {service.package:<14} {addresses(environment)[service.name]}/docs")
                return False
        limit = _STARTING_SECONDS if state.get("state") == "starting" else _SILENT_SECONDS
        if time.monotonic() - begun > limit:
            raise StartFailure(
                f"Process {lock.holder()} holds {home.root} and its services do not answer.\n"
                f"See {home.root / 'logs'}; stop it with `kill {lock.holder()}` and start again."
            )
        if not told:
            say(f"Another start (process {lock.holder()}) holds {home.root}; waiting for it …")
            told = True
        time.sleep(_POLL_SECONDS)
    return True


def _refuse_other_addresses(state: Mapping[str, object], environment: Mapping[str, str], home: Home) -> None:
    if (used := state.get("addresses")) != addresses(environment):
        told = "\n".join(f"  {address}" for address in used.values()) if isinstance(used, dict) else ""
        raise StartFailure(
            f"Bilim already runs from {home.root} (process {state.get('process')}) at other addresses:\n"
            f"{told}\n"
            f"Stop it first, or give this start a folder of its own with BILIM_HOME=/some/folder"
        )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 - http, loopback
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
