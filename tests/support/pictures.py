"""Pictures of pages, as far as a test has to look at them."""

import zlib

import numpy
import zxingcpp
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def codes(png: bytes) -> list[str]:
    """What the codes on a picture say."""
    return [code.text for code in zxingcpp.read_barcodes(_grey(png))]


def _grey(png: bytes) -> NDArray[numpy.uint8]:
    """The picture in grey; of PNG only what typst writes: eight bits a colour, four colours, not interlaced."""
    assert png.startswith(_SIGNATURE)
    at, packed, width, height = len(_SIGNATURE), b"", 0, 0
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
            assert body[8:] == b"\x08\x06\x00\x00\x00"
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    lines = numpy.frombuffer(zlib.decompress(packed), dtype=numpy.uint8).reshape(height, 1 + width * 4)
    above = numpy.zeros((width, 4), dtype=numpy.uint8)
    picture = numpy.empty((height, width), dtype=numpy.uint8)
    for number, line in enumerate(lines):
        above = _unfiltered(int(line[0]), line[1:].reshape(width, 4), above)
        picture[number] = above[:, :3].mean(axis=1)
    return picture


def _unfiltered(kind: int, line: NDArray[numpy.uint8], above: NDArray[numpy.uint8]) -> NDArray[numpy.uint8]:
    if kind == 0:
        return line
    if kind == 1:
        return numpy.cumsum(line, axis=0, dtype=numpy.uint8)
    if kind == 2:
        return line + above
    done = numpy.zeros_like(line)
    left = corner = numpy.zeros(4, dtype=numpy.int16)
    for place in range(len(line)):
        up = above[place].astype(numpy.int16)
        guess = (left + up) // 2 if kind == 3 else _paeth(left, up, corner)
        left, corner = (line[place] + guess) & 0xFF, up
        done[place] = left
    return done


def _paeth(left: NDArray[numpy.int16], up: NDArray[numpy.int16], corner: NDArray[numpy.int16]) -> NDArray[numpy.int16]:
    near, high, far = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    return numpy.where((near <= high) & (near <= far), left, numpy.where(high <= far, up, corner))
