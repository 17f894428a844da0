"""Files as people make them: every sign, encoding and language opens as the same sheet."""

import io
import itertools
import json
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from services.registry_api.imports.headings import field_of
from shared.schemas.registry.import_words import ImportKind
from shared.schemas.sheets import Delimiter, FileEncoding
from shared.sheets import cells, opening, workbooks
from shared.sheets.findings import FileFault, Finding

SIGNS = {";": Delimiter.SEMICOLON, ",": Delimiter.COMMA, "\t": Delimiter.TAB, "|": Delimiter.BAR}
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "cp1251": "windows-1251",
    "kz1048": "kz-1048",
}
HEADINGS = {
    "kk": ["Сәйкестендіргіш", "Көрсеткіш", "Кезең", "Мәні", "Ескертпе"],
    "ru": ["Идентификатор", "Показатель", "Период", "Значение", "Примечание"],
    "en": ["identifier", "indicator", "period", "value", "note"],
}
NOTES = {"kk": "Әл-Фараби атындағы мектеп", "ru": "Школа имени Абая, корпус 2", "en": "Abai School; annex 2"}
FIELDS = ["organisation", "indicator", "period", "value", "note"]


def recognised(heading: str) -> bool:
    return field_of(ImportKind.OBSERVATIONS, heading) is not None


def opened(path: Path, content: bytes, **asked: object) -> opening.Sheet:
    path.write_bytes(content)
    options = {"delimiter": None, "encoding": None, "recognised": recognised, **asked}
    return opening.open_file(path, **options)  # type: ignore[arg-type] # mixed options of a test


def quoted(cell: str, sign: str) -> str:
    return f'"{cell}"' if sign in cell else cell


@pytest.mark.parametrize(
    ("sign", "encoding", "comma", "language"),
    [
        case
        for case in itertools.product(SIGNS, ENCODINGS, (True, False), HEADINGS)
        if not (case[1] == "cp1251" and case[3] == "kk")
        if not (case[1] == "kz1048" and case[3] != "kk")
    ],
)
def test_every_sign_encoding_decimal_and_language_opens_as_the_same_sheet(
    tmp_path: Path, sign: str, encoding: str, comma: bool, language: str
) -> None:
    values = ["71,25", "-0,5"] if comma else ["71.25", "-0.5"]
    rows = [
        [f"URN {number}", "SCH_UNT_MEAN", "2025-2026", value, NOTES[language]] for number, value in enumerate(values)
    ]
    text = "\r\n".join(sign.join(quoted(cell, sign) for cell in row) for row in [HEADINGS[language], *rows])

    sheet = opened(tmp_path / "file", text.encode(encoding))

    assert (sheet.format, sheet.delimiter) == ("csv", sign)
    # Without a Kazakh letter nothing tells the two one-byte encodings apart from UTF-8 where all is ASCII.
    assert sheet.encoding == ("utf-8" if text.isascii() and encoding == "cp1251" else ENCODINGS[encoding])
    assert [field_of(ImportKind.OBSERVATIONS, heading) for heading in sheet.headings] == FIELDS
    read = list(sheet.rows())
    assert [cells.number(row[1][3]) for row in read if not isinstance(row, Finding)] == [71.25, -0.5]
    assert [row[1][4] for row in read if not isinstance(row, Finding)] == [NOTES[language]] * 2


def test_what_is_asked_for_is_used_and_not_guessed(tmp_path: Path) -> None:
    sheet = opened(
        tmp_path / "f", "a|b;c\n1|2;3\n".encode("utf-16"), delimiter=Delimiter.BAR, encoding=FileEncoding.UTF_16
    )

    assert (sheet.headings, sheet.delimiter) == (["a", "b;c"], "|")
    with pytest.raises(FileFault) as wrong:
        opened(tmp_path / "g", "мектеп;мән\n".encode("cp1251", "replace"), encoding=FileEncoding.UTF_8)
    assert wrong.value.finding.code == "encoding_unreadable"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "headings_missing"),
        (b"\n\n  \n", "headings_missing"),
        (b"\xef\xbb\xbf", "headings_missing"),
        (b"value;value\n1;2\n", "heading_repeated"),
        (b"value;;n\n1;2;3\n", "heading_empty"),
        (b"value\x00;n\n1;2\n", "file_has_nul"),
        (b"\x00" * 64, "file_has_nul"),
        (b"\xef\xbb\xbf\xff\xfe;n\n", "encoding_unreadable"),
        (b'value;n\n"1;2\n3;4\n', "file_unreadable"),
        (b"PK\x03\x04 but not an archive", "file_unreadable"),
        (b'{"value": 1}\n{"value": \n', "file_unreadable"),
        (b'{"value": [{"a": 1}]}\n', "file_unreadable"),
        (b'{"a\\u0000b": 1}\n', "control_character"),
        (b"va\x01lue;n\n1;2\n", "control_character"),
        (b";".join(b"c%d" % number for number in range(501)), "headings_too_many"),
        (b"v" * 301 + b";n\n", "cell_too_long"),
    ],
)
def test_a_file_that_cannot_be_a_sheet_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(FileFault) as fault:
        list(opened(tmp_path / "file", content).rows())

    assert fault.value.finding.code == code


def test_rows_that_are_too_short_or_too_long_are_named_and_blank_ones_are_skipped(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "file", b"value;n;note\n1;2;a\n;;\n3;4\n5;6;b;;\n7;8;c;d\n")

    found = list(sheet.rows())

    assert [(one.row, one.code) for one in found if isinstance(one, Finding)] == [(4, "row_ragged"), (6, "row_ragged")]
    assert [one for one in found if not isinstance(one, Finding)] == [(2, ["1", "2", "a"]), (5, ["5", "6", "b"])]


def test_headings_alone_are_a_sheet_without_rows(tmp_path: Path) -> None:
    assert list(opened(tmp_path / "file", b"value;n").rows()) == []


def test_a_leading_sep_line_of_excel_is_obeyed(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "file", b"sep=|\nvalue|n\n1|2\n")

    assert (sheet.headings, list(sheet.rows())) == (["value", "n"], [(2, ["1", "2"])])


def test_quoted_cells_may_hold_signs_and_line_breaks(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "file", b'note;value\n"a;b\nc ""d""";1\ne;2\n')

    assert list(sheet.rows()) == [(2, ['a;b\nc "d"', "1"]), (3, ["e", "2"])]


def test_objects_one_a_line_are_flattened(tmp_path: Path) -> None:
    lines = [
        {"name": {"kk": "Мектеп", "ru": "Школа"}, "languages_of_instruction": ["kk", "ru"], "design_capacity": 300},
        {"name": {"kk": "Лицей"}, "selective": True, "latitude": None},
    ]

    sheet = opened(tmp_path / "file", "\n".join(json.dumps(line) for line in lines).encode())

    assert sheet.format == "ndjson"
    assert sheet.headings == [
        *("name.kk", "name.ru", "languages_of_instruction", "design_capacity", "selective", "latitude"),
    ]
    assert list(sheet.rows()) == [
        (1, ["Мектеп", "Школа", "kk;ru", "300", "", ""]),
        (2, ["Лицей", "", "", "", "true", ""]),
    ]


def workbook(rows: list[list[object]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet("Бос")
    sheet = book.add_worksheet("Деректер")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    book.close()
    return file.getvalue()


def test_a_workbook_opens_like_any_sheet_and_whole_numbers_stay_whole(tmp_path: Path) -> None:
    content = workbook([["Показатель", "Значение", "n", "Период"], ["SCH_UNT_MEAN", 71.25, 300, "2025-2026"]])

    sheet = opened(tmp_path / "file", content)

    assert (sheet.format, sheet.headings) == ("xlsx", ["Показатель", "Значение", "n", "Период"])
    assert list(sheet.rows()) == [(2, ["SCH_UNT_MEAN", "71.25", "300", "2025-2026"])]


def bomb(*, members: int, bytes_each: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as member:
                for _ in range(bytes_each // (1 << 20) or 1):
                    member.write(bytes(min(bytes_each, 1 << 20)))
    return file.getvalue()


@pytest.mark.parametrize(("members", "bytes_each"), [(1, 300 << 20), (1001, 10)])
def test_a_workbook_that_unpacks_to_a_mountain_is_refused_before_it_is_opened(
    tmp_path: Path, members: int, bytes_each: int
) -> None:
    content = bomb(members=members, bytes_each=bytes_each)
    started = time.monotonic()

    with pytest.raises(FileFault) as fault:
        opened(tmp_path / "file", content)

    assert fault.value.finding.code == "workbook_too_large"
    assert time.monotonic() - started < 2
    assert len(content) < 1 << 20


def test_a_workbook_that_lies_about_its_size_dies_behind_its_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED_BYTES", 1 << 40)  # as if its table of contents had lied

    with pytest.raises(FileFault) as fault:
        opened(tmp_path / "file", bomb(members=1, bytes_each=300 << 20))

    assert fault.value.finding.code in ("workbook_too_large", "file_unreadable")
