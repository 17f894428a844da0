"""How a loop is compiled."""

from collections.abc import Callable
from typing import Any

import numba
from numpy.typing import NDArray

Array = NDArray[Any]


def compiled(function: Callable[..., Any]) -> Any:
    """Compiled on first use and kept beside the source; in memory only where nothing may be written."""
    try:
        return numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # no folder for the cache
        return numba.njit(nogil=True, error_model="numpy")(function)
