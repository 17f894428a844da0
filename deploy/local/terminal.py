"""Lines for the person at the terminal."""

import os
import sys


def say(line: str) -> None:
    """Print at once; a terminal that has gone away (`make run | head`) does not bring the services down."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
