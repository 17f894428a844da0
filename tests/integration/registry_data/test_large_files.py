"""A file that nobody means well by takes neither the memory of the process nor the patience of other callers."""

import io
import threading
import time
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.cluster import Databases
from tests.support.house import House, open_house
from tests.support.registry import Registry

MOST_GROWTH_KIB = 150 * 1024
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@pytest.fixture(scope="module")
async def house(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[House]:
    """The registry alone, in a process whose memory can be watched."""
    async with open_house(databases, key_file=local_key_file, token_for=token_for, only=("registry",)) as house:
        yield house


@pytest.fixture
def registry(house: House) -> Registry:
    return Registry(house.registry, house.token_for)


def kib(pid: int) -> int:
    """What a process and its children have in memory."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in _children(task)]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    resident = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return resident + sum(kib(child) for child in children)


def _children(task: Path) -> list[int]:
    return [int(child) for child in (task / "children").read_text().split()]


class Watch:
    """What a thread beside the test sees of the process: its most memory, and whether it answers."""

    def __init__(self, house: House) -> None:
        process = house.processes["registry"]
        assert process.popen is not None
        self._pid, self._url = process.popen.pid, process.url
        self.before = self.most = kib(self._pid)
        self.answers: list[int] = []
        self._over = threading.Event()

    def watch(self) -> None:
        with httpx.Client(base_url=self._url, timeout=10) as client:
            while not self._over.is_set():
                self.answers.append(client.get("/livez").status_code)
                for _ in range(5):
                    self.most = max(self.most, kib(self._pid))
                    time.sleep(0.01)

    def end(self) -> None:
        self._over.set()


@contextmanager
def watched(house: House) -> Iterator[Watch]:
    watch = Watch(house)
    thread = threading.Thread(target=watch.watch)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()


def workbook(rows: int, columns: int) -> bytes:
    """A workbook of nothing but the number 1, which packs a thousand to one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_RELATIONS}"><sheets><sheet name="a" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_SPREADSHEET}"><sheetData>'.encode())
            row = f"<row>{'<c><v>1</v></c>' * columns}</row>".encode()
            for _ in range(rows // 100):
                sheet.write(row * 100)
            sheet.write(b"</sheetData></worksheet>")
    return file.getvalue()


async def test_a_million_rows_are_refused_within_bounds_while_others_are_answered(
    house: House, registry: Registry
) -> None:
    content = "name_kk;type;area\n" + "".join(f"№{row} мектеп;school;751310000\n" for row in range(1_000_000))

    with watched(house) as watch:
        found = await registry.hand_in(content.encode(), "organisations")

    assert found["state"] == "refused"
    assert found["report"]["errors_by_code"]["rows_too_many"] == 1
    assert watch.most - watch.before < MOST_GROWTH_KIB
    assert set(watch.answers) == {200}


async def test_a_workbook_of_sixteen_million_cells_is_refused_within_bounds_while_others_are_answered(
    house: House, registry: Registry
) -> None:
    content = workbook(16_000, 1_000)
    assert len(content) < 1 << 20

    with watched(house) as watch:
        found = await registry.hand_in(content, "organisations")

    assert found["state"] == "refused"
    assert set(found["report"]["errors_by_code"]) == {"workbook_too_large"}
    assert watch.most - watch.before < MOST_GROWTH_KIB
    assert set(watch.answers) == {200}
