"""Printing documents as PDF/A-2b: the same document gives the same bytes."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

import segno

from shared.schemas.base import TextOut
from shared.schemas.training.certificates import CertificateKind
from shared.schemas.training.educators import NameParts, PersonName

if TYPE_CHECKING:
    from typst import Compiler

KEYWORD = "bilim-certificate:"
_TEMPLATE = Path(__file__).with_name("document.typ")
_STANDARD: Literal["a-2b"] = "a-2b"
_LONGEST_WORD = 34
_BREAK = "\u200b"
_NAME_SIZES = ((36, 26), (70, 19), (140, 14), (280, 11))
_TEXT_SIZES = ((220, 12), (500, 10.5), (900, 9))
_SMALLEST = 7.5
_MASK = 2
_one_at_a_time = Lock()

_HEADINGS = {
    CertificateKind.CERTIFICATE: TextOut(kk="СЕРТИФИКАТ", ru="СЕРТИФИКАТ", en=None),
    CertificateKind.ATTENDANCE_REFERENCE: TextOut(
        kk="Курсты тыңдағаны туралы анықтама", ru="Справка о прослушивании курса", en=None
    ),
}
_SENTENCES = {
    CertificateKind.CERTIFICATE: (
        "«{title}» бағдарламасы бойынша көлемі {hours} академиялық сағат курсты аяқтап, қорытынды бағалаудан өтті",
        "завершил(а) обучение по программе «{title}» в объёме {hours} академических часов и прошёл(ла) итоговое "
        "оценивание",
    ),
    CertificateKind.ATTENDANCE_REFERENCE: (
        "«{title}» бағдарламасы бойынша көлемі {hours} академиялық сағат курсты тыңдады",
        "прослушал(а) курс по программе «{title}» в объёме {hours} академических часов",
    ),
}
_NO_CERTIFICATE = (
    "Қорытынды бағалаудан өтпеген; анықтама сертификатты алмастырмайды",
    "Без итогового оценивания; справка не заменяет сертификат",
)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that stands on the page."""

    kind: CertificateKind
    number: str
    name: PersonName
    title: TextOut
    provider: TextOut
    academic_hours: int
    issued_on: date
    valid_until: date | None
    supersedes: str | None
    address: str
    """Where the document is verified; the code on the page says the same."""
    created_at: datetime


def printed(page: Page) -> bytes:
    """The document. CPU work of some milliseconds; one at a time in a process."""
    with _one_at_a_time:
        made = _compiler().compile(
            format="pdf",
            sys_inputs=_inputs(page),
            pdf_standards=[_STANDARD],
            timestamp=int(page.created_at.timestamp()),
        )
    assert isinstance(made, bytes)
    return made


def pictured(page: Page, *, ppi: float) -> bytes:
    """The same page as a picture (PNG)."""
    with _one_at_a_time:
        made = _compiler().compile(format="png", ppi=ppi, sys_inputs=_inputs(page))
    assert isinstance(made, bytes)
    return made


def _inputs(page: Page) -> dict[str, str]:
    return {"data": json.dumps(_said(page), ensure_ascii=False)}


@cache
def _compiler() -> "Compiler":
    import typst  # 80 MB of library, for those who print

    return typst.Compiler(str(_TEMPLATE), ignore_system_fonts=True)


def _said(page: Page) -> dict[str, object]:
    name = {"kk": _whole(page.name.kk or page.name.ru), "ru": _whole(page.name.ru or page.name.kk)}
    title = {
        "kk": page.title.kk or page.title.ru or page.title.en,
        "ru": page.title.ru or page.title.kk or page.title.en,
    }
    provider = {"kk": page.provider.kk or page.provider.ru or "", "ru": page.provider.ru or page.provider.kk or ""}
    spoken = dict(zip(("kk", "ru"), _SENTENCES[page.kind], strict=True))
    sentence = {
        language: text.format(title=_breakable(title[language] or ""), hours=page.academic_hours)
        for language, text in spoken.items()
    }
    notes = list(_NO_CERTIFICATE) if page.kind is CertificateKind.ATTENDANCE_REFERENCE else []
    if page.supersedes is not None:
        notes.append(f"№ {page.supersedes} орнына берілді / Взамен № {page.supersedes}")
    return {
        "kind": page.kind.value,
        "number": page.number,
        "keyword": KEYWORD + page.number,
        "heading": {"kk": _HEADINGS[page.kind].kk, "ru": _HEADINGS[page.kind].ru},
        "name": {language: _breakable(text) for language, text in name.items()},
        "name-size": _size(max(map(len, name.values())), _NAME_SIZES),
        "text-size": _size(max(map(len, sentence.values())), _TEXT_SIZES),
        "provider": {language: _breakable(text) for language, text in provider.items()},
        "sentence": sentence,
        "notes": notes,
        "issued": f"{page.issued_on:%d.%m.%Y}",
        "until": f"{page.valid_until:%d.%m.%Y}" if page.valid_until else None,
        "address": page.address,
        "qr": _code(page.address),
    }


def _code(address: str) -> str:
    # Any of the eight masks can be read; weighing them all up would take as long as all the rest.
    code = segno.make(address, error="m", micro=False, mask=_MASK, boost_error=False)
    return code.svg_inline(border=2, dark="#1f2a44", light="#ffffff")


def _whole(parts: NameParts | None) -> str:
    assert parts is not None
    return " ".join(filter(None, (parts.family, parts.given, parts.patronymic)))


def _breakable(text: str) -> str:
    """A word that no line can hold may be broken anywhere."""
    return " ".join(_BREAK.join(word) if len(word) > _LONGEST_WORD else word for word in text.split(" "))


def _size(length: int, sizes: tuple[tuple[int, float], ...]) -> float:
    return next((size for longest, size in sizes if length <= longest), _SMALLEST)
