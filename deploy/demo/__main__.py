"""`python -m deploy.demo`: fill the running services with a country that does not exist."""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import stamina

from deploy.demo.loading.calls import LoadFailure, Service, explained
from deploy.demo.loading.whole import House, Loader
from deploy.demo.world import Scale
from deploy.local.terminal import say
from shared.auth.keys import LocalKey, LocalKeyUnusable
from shared.clients.base import ServiceClient
from shared.clients.credentials import LocalTokens
from shared.clients.errors import RemoteAnswerInvalid, RemoteProblem, RemoteUnavailable

_DEFAULTS = {"REGISTRY": 8001, "TRAINING": 8002, "RATING": 8003}
_HELP = """\
region    one region of true shape (433 schools, 33 colleges, 171 preschools), its teachers, three school years of
          observations, two editions of each rating, and the institutions of five published stories; the default
national  7,687 schools of all 20 regions with the observations of the latest year and one rating of schools. Teachers
          and their certificates are made for the home region (Kostanay) only; elsewhere the share of teachers
          upskilled is an observation like any other
none      nothing

Everything is made up and marked is_synthetic. It goes in through the public HTTP of the services, under the addresses
BILIM_REGISTRY_URL, BILIM_TRAINING_URL and BILIM_RATING_URL, with tokens signed by the key in BILIM_LOCAL_KEY_FILE.
"""


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """0 when the demo is there, 1 when it could not be loaded, 2 when it was asked for wrongly."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo", description=__doc__, epilog=_HELP, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--scale",
        choices=[scale.value for scale in Scale],
        default=environment.get("BILIM_DEMO") or Scale.REGION.value,
        help="how much of the country (default: BILIM_DEMO, or region)",
    )
    parser.add_argument(
        "--once", action="store_true", help="as at a start: leave a registry alone that holds other organisations"
    )
    asked = parser.parse_args(arguments)
    if asked.scale not in set(Scale):
        parser.error(f"BILIM_DEMO={asked.scale} is not one of {', '.join(Scale)}")
    scale = Scale(asked.scale)
    if scale is Scale.NONE:
        return 0
    stamina.instrumentation.set_on_retry_hooks([])  # a call that is repeated is no news to the person who waits
    try:
        loaded = asyncio.run(_load(scale, environment, once=asked.once))
    except (LoadFailure, LocalKeyUnusable) as failure:
        say(str(failure))
    except RemoteProblem as problem:
        say(f"The demo was refused: {problem.values['service']} said {explained(problem)}")
    except (RemoteUnavailable, RemoteAnswerInvalid) as problem:
        told = problem.values
        say(f"The demo cannot go on: {told['service']} does not answer as it should ({told['reason']}).")
    else:
        if loaded:
            say("The demo is loaded.")
        return 0
    return 1


async def _load(scale: Scale, environment: Mapping[str, str], *, once: bool) -> bool:
    key_file = environment.get("BILIM_LOCAL_KEY_FILE")
    if not key_file:
        raise LoadFailure(
            "Set BILIM_LOCAL_KEY_FILE to the key that the services accept (`make run` does it by itself)."
        )
    tokens = LocalTokens(LocalKey.load(Path(key_file)), subject="demo", role="admin", lifetime=timedelta(hours=1))
    clients = [
        ServiceClient(environment.get(f"BILIM_{name}_URL") or f"http://127.0.0.1:{port}", tokens, name=name.lower())
        for name, port in _DEFAULTS.items()
    ]
    try:
        return await Loader(House(*map(Service, clients)), scale, say).load(once=once)
    finally:
        for client in clients:
            await client.aclose()


if __name__ == "__main__":
    sys.exit(main())
