"""Recognises what kind of file was handed in, its encoding and the sign between its cells."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from shared.schemas.sheets import Delimiter, FileEncoding
from shared.sheets.findings import FileFault, Finding

DELIMITERS = {Delimiter.SEMICOLON: ";", Delimiter.COMMA: ",", Delimiter.TAB: "\t", Delimiter.BAR: "|"}
CODECS = {
    FileEncoding.UTF_8: "utf-8-sig",
    FileEncoding.UTF_16: "utf-16",
    FileEncoding.WINDOWS_1251: "cp1251",
    FileEncoding.KZ_1048: "kz1048",
}
_BLOCK = 1 << 20
_SAMPLE_LINES = 40
_SAMPLE_CHARACTERS = 1 << 16
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KAZAKH_BYTES = frozenset(
    byte
    for byte in range(0x80, 0x100)
    if bytes([byte]).decode("kz1048", "replace") != bytes([byte]).decode("cp1251", "replace")
)
"""Where STRK1048 has Kazakh letters and Windows-1251 has Serbian, Macedonian and Ukrainian ones."""


def is_workbook(path: Path) -> bool:
    """Whether the file begins as a ZIP archive does, which is what an XLSX file is."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def codec_of(path: Path, asked: FileEncoding | None) -> tuple[FileEncoding, str]:
    """The file's encoding and the codec that reads it; raises `FileFault` where the one asked for does not fit."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
    if asked is FileEncoding.UTF_16 or (asked is None and _looks_like_utf_16(head)):
        codec = "utf-16" if head.startswith(_UTF_16_MARKS) else _utf_16_without_mark(head)
        _read_through(path, codec, FileEncoding.UTF_16)
        return FileEncoding.UTF_16, codec
    if asked is not None:
        _read_through(path, CODECS[asked], asked)
        return asked, CODECS[asked]
    try:
        _read_through(path, CODECS[FileEncoding.UTF_8], FileEncoding.UTF_8)
    except FileFault:
        if head.startswith(codecs.BOM_UTF8):
            raise
        found = FileEncoding.KZ_1048 if _has_kazakh_bytes(path) else FileEncoding.WINDOWS_1251
        _read_through(path, CODECS[found], found)
        return found, CODECS[found]
    return FileEncoding.UTF_8, CODECS[FileEncoding.UTF_8]


def delimiter_of(path: Path, codec: str, recognised: Callable[[str], bool]) -> str:
    """The sign between cells: the one that makes most known headings, then the most even rows.

    A file with one column has none; a comma is then as good as any.
    """
    with path.open(encoding=codec, newline="") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    first, _, _ = sample.partition("\n")
    if first.strip().casefold() in ("sep=;", "sep=,", "sep=|", "sep="):
        return first.strip()[4:] or "\t"
    return max(DELIMITERS.values(), key=lambda sign: _evidence(sample, sign, recognised))


def _evidence(sample: str, sign: str, recognised: Callable[[str], bool]) -> tuple[int, float, int]:
    lines = []
    try:
        for row in csv.reader(io.StringIO(sample), delimiter=sign):
            if any(cell.strip() for cell in row):
                lines.append(row)
            if len(lines) > _SAMPLE_LINES:
                break
    except csv.Error:
        return (0, 0.0, 0)
    if len(lines) > 2 and len(sample) >= _SAMPLE_CHARACTERS:
        lines.pop()  # the sample may have cut it
    if not lines or len(lines[0]) < 2:
        return (0, 0.0, 1)
    width = len(lines[0])
    even = Counter(len(row) for row in lines)[width] / len(lines)
    return (sum(recognised(cell.strip()) for cell in lines[0]), even, width)


def _looks_like_utf_16(head: bytes) -> bool:
    if head.startswith(_UTF_16_MARKS):
        return True
    # Without a mark: every second byte of digits, signs and Latin letters is zero, and always the same second.
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = max(1, len(head[:4096]) // 2)
    return max(even, odd) > half * 0.2 and min(even, odd) < half * 0.02


def _utf_16_without_mark(head: bytes) -> str:
    return "utf-16-le" if head[1:4096:2].count(0) >= head[0:4096:2].count(0) else "utf-16-be"


def _has_kazakh_bytes(path: Path) -> bool:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not _KAZAKH_BYTES.isdisjoint(block):
                return True
    return False


def _read_through(path: Path, codec: str, encoding: FileEncoding) -> None:
    """Decode the whole file once, so that the reading of rows cannot fail half way."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    position = 0
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                if "\0" in decoder.decode(block):
                    raise FileFault(Finding.of("file_has_nul"))
                position += len(block)
            decoder.decode(b"", final=True)
        except UnicodeError as error:
            at = position + getattr(error, "start", 0)
            raise FileFault(Finding.of("encoding_unreadable", encoding=encoding.value, position=at)) from None
