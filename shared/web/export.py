"""Lists as files: CSV, XLSX or NDJSON by `Accept`, with cells that no spreadsheet takes for a formula."""

import asyncio
import csv
import io
import json
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from shared.web import errors

Format = Literal["json", "csv", "xlsx", "ndjson", "geojson"]
MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SPREADSHEET_ROWS = 1_048_575
Row = Mapping[str, Any]


def wanted(request: Request, *, offered: Sequence[Format] = ("json", "csv", "xlsx", "ndjson")) -> Format:
    """The format the caller asks for by `Accept`; raises `NotAcceptable` when none of ours is in it."""
    header = request.headers.get("accept", "*/*")
    best: tuple[float, Format] | None = None
    for part in header[:1000].split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((_weight(parameter) for parameter in parameters if parameter.startswith("q=")), 1.0)
        for format_ in offered:
            kind = MEDIA_TYPES[format_]
            if weight > 0 and media_type in {kind, "*/*", kind.split("/")[0] + "/*"} and (not best or weight > best[0]):
                best = weight, format_
    if best is None:
        raise errors.NotAcceptable()
    return best[1]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0


def cell(value: Any) -> str | float | int:
    """One value as a cell: lists joined by `;`, objects as JSON, and text that looks like a formula made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        value = ";".join(str(cell(item)) for item in value)
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    text = str(value)
    return "'" + text if text.startswith(_FORMULA) else text


async def respond(
    format_: Format, columns: Sequence[str], chunks: AsyncIterator[Sequence[Row]], *, filename: str
) -> Response:
    """The rows as a file of that format. CSV and NDJSON are streamed; XLSX is written to disk first, in a thread."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}.{format_}"', "Vary": "Accept"}
    if format_ == "xlsx":
        return StreamingResponse(await _xlsx(columns, chunks), media_type=MEDIA_TYPES[format_], headers=headers)
    stream = _csv(columns, chunks) if format_ == "csv" else _ndjson(chunks)
    return StreamingResponse(stream, media_type=f"{MEDIA_TYPES[format_]}; charset=utf-8", headers=headers)


async def _csv(columns: Sequence[str], chunks: AsyncIterator[Sequence[Row]]) -> AsyncIterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    async for rows in chunks:
        writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


async def _ndjson(chunks: AsyncIterator[Sequence[Row]]) -> AsyncIterator[bytes]:
    async for rows in chunks:
        yield "".join(json.dumps(dict(row), ensure_ascii=False, default=str) + "\n" for row in rows).encode()


async def _xlsx(columns: Sequence[str], chunks: AsyncIterator[Sequence[Row]]) -> AsyncIterator[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when the stream has been read
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, columns)
    line = 0
    async for rows in chunks:
        cells = [[cell(row.get(column)) for column in columns] for row in rows[: _SPREADSHEET_ROWS - line]]
        await asyncio.to_thread(_write_rows, sheet, line + 1, cells)
        line += len(cells)
    await asyncio.to_thread(book.close)

    async def read() -> AsyncIterator[bytes]:
        with file:
            file.seek(0)
            while block := await asyncio.to_thread(file.read, 1 << 16):
                yield block

    return read()


def _write_rows(sheet: Any, first: int, cells: Sequence[Sequence[str | float | int]]) -> None:
    for offset, row in enumerate(cells):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(first + offset, column, value)
            else:
                sheet.write_number(first + offset, column, value)
