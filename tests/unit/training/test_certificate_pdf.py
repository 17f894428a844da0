"""The printed page: same bytes, every letter, a code that can be read, and nothing in a name that the printer obeys."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdf
import pytest

from services.training_api.credentials.pdf import Page, pictured, printed
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import CertificateKind
from shared.schemas.training.educators import NameParts, PersonName
from tests.support.pictures import codes

_ADDRESS = "https://training.bilim.example/v1/verify?number=ORLEU-2026-000001"
_PAGE = Page(
    kind=CertificateKind.CERTIFICATE,
    number="ORLEU-2026-000001",
    name=PersonName(
        kk=NameParts(family="Үлгіұлы", given="Мысал", patronymic="Әкесіұлы"),
        ru=NameParts(family="Примеров", given="Образец", patronymic=None),
    ),
    title=TextOut(kk="Заманауи зертхана", ru="Современная лаборатория", en=None),
    provider=TextOut(kk="«Өрлеу» орталығы", ru="Центр «Өрлеу»", en=None),
    academic_hours=36,
    issued_on=date(2026, 1, 9),
    valid_until=date(2029, 1, 9),
    supersedes=None,
    address=_ADDRESS,
    created_at=datetime(2026, 1, 9, 10, tzinfo=UTC),
)
_REFERENCE = replace(_PAGE, kind=CertificateKind.ATTENDANCE_REFERENCE, number="ORLEU-R-2026-000001", valid_until=None)


def _named(family: str) -> Page:
    parts = NameParts(family=family, given="Мысал", patronymic=None)
    return replace(_PAGE, name=PersonName(kk=parts, ru=None))


def _text(page: Page) -> str:
    """The text layer with single spaces, without the places where a long word may be broken."""
    pages = pypdf.PdfReader(io.BytesIO(printed(page))).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().replace("\u200b", "").split())


def test_the_same_certificate_gives_the_same_bytes_and_another_one_others() -> None:
    assert printed(_PAGE) == printed(_PAGE)
    assert printed(_PAGE) != printed(replace(_PAGE, academic_hours=72))


def test_it_is_an_archival_pdf() -> None:
    made = printed(_PAGE)

    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in made


def test_the_text_layer_has_every_kazakh_letter_small_and_great() -> None:
    letters = "әғқңөұүһі"

    text = _text(_named(f"Аты{letters} {letters.upper()}"))

    assert [letter for letter in letters + letters.upper() if letter not in text] == []


def test_both_languages_title_hours_dates_number_provider_and_address_are_on_the_page() -> None:
    text = _text(_PAGE)

    for part in (
        *("Үлгіұлы Мысал Әкесіұлы", "Примеров Образец", "«Заманауи зертхана»", "«Современная лаборатория»"),
        *("36 академиялық сағат", "36 академических часов", "09.01.2026", "09.01.2029", "№ ORLEU-2026-000001"),
        *("«Өрлеу» орталығы", "Центр «Өрлеу»", "СЕРТИФИКАТ", _ADDRESS),
    ):
        assert part in text, part


def test_a_reference_of_attendance_is_another_page_and_says_that_it_is_no_certificate() -> None:
    text = _text(_REFERENCE)

    assert "СЕРТИФИКАТ" not in text
    assert "Справка о прослушивании курса" in text
    assert "справка не заменяет сертификат" in text
    assert "Действителен до" not in text


@pytest.mark.parametrize("page", [_PAGE, _REFERENCE], ids=["certificate", "reference"])
def test_the_code_on_the_page_leads_to_the_public_verification(page: Page) -> None:
    assert codes(pictured(page, ppi=80)) == [_ADDRESS]


@pytest.mark.parametrize(
    "family",
    ["#panic()", "*Жуан* _көлбеу_", "[x](y) \\ \"'`$1+1$ @a <b>", "#import", "//түсінік", "= тақырып", "${data} {{x}}"],
)
def test_a_name_is_text_whatever_it_looks_like(family: str) -> None:
    assert " ".join(family.split()) in _text(_named(family))


@pytest.mark.parametrize("family", ["Ж" * 300, "Сөз " * 70, "Ә" * 40, "W" * 300])
def test_a_long_name_stays_on_the_page(family: str) -> None:
    long = replace(_named(family.strip()), title=TextOut(kk="Ұзақ атау " * 30, ru="Название " * 33, en=None))

    assert "".join(family.split()) in "".join(_text(long).split())


def test_a_superseding_certificate_names_the_one_it_stands_in_place_of() -> None:
    assert "Взамен № ORLEU-2026-000001" in _text(replace(_PAGE, number="ORLEU-2026-000002", supersedes=_PAGE.number))
