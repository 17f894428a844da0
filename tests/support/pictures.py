"""Pictures of pages, as far as a test has to look at them."""

import zlib

import numpy
import zxingcpp
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = 4


def codes(png: bytes) -> list[str]:
    """What the codes on a picture say."""
    return [code.text for code in zxingcpp.read_barcodes(_grey(png))]


def _grey(png: bytes) -> NDArray[numpy.uint8]:
    """One colour of the picture; of PNG only what typst writes: eight bits, four channels, not interlaced."""
    assert png.startswith(_SIGNATURE)
    at, packed, width = len(_SIGNATURE), b"", 0
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width = int.from_bytes(body[:4], "big")
            assert body[8:] == b"\x08\x06\x00\x00\x00"
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    data, step = zlib.decompress(packed), width * _CHANNELS
    above, lines = bytearray(step), []
    for start in range(0, len(data), step + 1):
        above = _unfiltered(data[start], bytearray(data[start + 1 : start + 1 + step]), above)
        lines.append(above[::_CHANNELS])
    return numpy.frombuffer(b"".join(lines), dtype=numpy.uint8).reshape(len(lines), width)


def _unfiltered(kind: int, line: bytearray, above: bytearray) -> bytearray:
    """A line as it was before it was made easier to pack, as the standard of PNG says."""
    for place in range(len(line) if kind else 0):
        left, corner = (line[place - _CHANNELS], above[place - _CHANNELS]) if place >= _CHANNELS else (0, 0)
        up = above[place]
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        else:
            near, high, far = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guess = left if near <= high and near <= far else up if high <= far else corner
        line[place] = (line[place] + guess) & 0xFF
    return line
