"""The process that unpacks a workbook: it limits itself, reads the first path and writes rows to the second."""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

_DATA_BYTES = 120 * 1024 * 1024
"""Enough for a million cells; what is reserved and not used (code, libraries) is not counted in it."""
_ADDRESS_BYTES = 1024 * 1024 * 1024
_CPU_SECONDS = 60
_OUTPUT_BYTES = 512 * 1024 * 1024
_OPEN_FILES = 32


def limit() -> None:
    """Give up what reading a sheet does not need."""
    for what, most in (
        (resource.RLIMIT_DATA, _DATA_BYTES),
        (resource.RLIMIT_AS, _ADDRESS_BYTES),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _OUTPUT_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def text(value: Any) -> str:
    """A cell as one would read it: whole numbers without `.0`, dates as ISO 8601."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)


def unpack(source: str, target: str) -> None:
    """Write the first sheet that has rows."""
    from python_calamine import CalamineWorkbook  # after the limits are set

    workbook = CalamineWorkbook.from_path(source)
    with open(target, "w", encoding="utf-8") as file:
        for name in workbook.sheet_names:
            number = 0
            for number, cells in enumerate(workbook.get_sheet_by_name(name).iter_rows(), start=1):
                file.write(json.dumps([number, [text(cell) for cell in cells]], ensure_ascii=False) + "\n")
            if number:
                return


if __name__ == "__main__":
    limit()
    try:
        unpack(sys.argv[1], sys.argv[2])
    except MemoryError:
        sys.exit(2)
    except Exception:
        sys.exit(1)
