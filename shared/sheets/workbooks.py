"""Reads workbooks (XLSX) in a process of its own that may use only so much memory and time.

A workbook is an archive: 26 kB can unpack to gigabytes and hold the event loop for seconds. So its table of contents is
looked at first, and the sheet is unpacked behind limits of the operating system, in a process that can die alone.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from shared.sheets.cells import cleaned
from shared.sheets.findings import FileFault, Finding

MOST_MEMBERS = 1000
LARGEST_UNPACKED_BYTES = 256 * 1024 * 1024
_TIME_LIMIT_SECONDS = 90
_READER = Path(__file__).with_name("workbook_reader.py")


def unpack(path: Path) -> Path:
    """Write the rows of the first sheet beside the file; where they are. Raises `FileFault`."""
    _look_inside(path)
    unpacked = path.with_name(f"{path.name}.rows")
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and our own script
            [sys.executable, "-I", str(_READER), str(path), str(unpacked)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIME_LIMIT_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise FileFault(Finding.of("workbook_too_large")) from None
    if done.returncode == 1:
        raise FileFault(Finding.of("file_unreadable", format="XLSX"))
    if done.returncode != 0:  # killed by a limit
        raise FileFault(Finding.of("workbook_too_large"))
    return unpacked


def _look_inside(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileFault(Finding.of("file_unreadable", format="XLSX")) from None
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED_BYTES:
        raise FileFault(Finding.of("workbook_too_large"))


def rows(unpacked: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row's number and cells."""
    with unpacked.open(encoding="utf-8") as file:
        for line in file:
            number, cells = json.loads(line)
            yield number, [cleaned(cell) for cell in cells]
