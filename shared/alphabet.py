"""Kazakh order and Kazakh search, the same on every server whatever its locale.

No embedded PostgreSQL carries ICU, and code-point order puts ә ғ қ ң ө ұ ү һ і after я. So a name is stored with
two keys made here: one to sort by (compared byte by byte) and one to search in (Kazakh letters folded to the Russian
letters people type instead).
"""

import re
import unicodedata

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
"""The 42 letters in their official order."""

_NUMBER_WIDTH = 9
_ORDER = {letter: chr(0x0400 + place) for place, letter in enumerate(ALPHABET)}
_FOLD = str.maketrans("әғқңөұүһіё", "агкноуухие")
_LOOKALIKES = str.maketrans("aeopcxyihkmtb", "аеорсхуіһкмтв")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_MIXED = re.compile(r"[а-яёәғқңөұүһі]")
_SCHOOL_NUMBER = re.compile(r"(?:№|#|\bno?\.?)\s*(\d{1,5})\b", re.IGNORECASE)


def _words(text: str) -> list[str]:
    """Words and numbers of `text` in lower case, composed, with Latin look-alikes inside Cyrillic words mended."""
    lowered = unicodedata.normalize("NFKC", text.replace("№", " ")).casefold()
    return [word.translate(_LOOKALIKES) if _MIXED.search(word) else word for word in _WORD.findall(lowered)]


def sort_key(text: str) -> str:
    """The key by which `text` files in a Kazakh list; compare with `COLLATE "C"`.

    Punctuation and quotation marks do not count; numbers compare by value.

    >>> sorted(["№101 мектеп", "№9 мектеп", "№46 мектеп"], key=sort_key)
    ['№9 мектеп', '№46 мектеп', '№101 мектеп']
    >>> sorted(["Яблоко", "Өскемен", "Орал", "«Әлем»", "Бала"], key=sort_key)
    ['«Әлем»', 'Бала', 'Орал', 'Өскемен', 'Яблоко']
    """
    parts = []
    for word in _words(text):
        parts.append(word.zfill(_NUMBER_WIDTH) if word.isdecimal() else "".join(_ORDER.get(c, c) for c in word))
    return " ".join(parts)


def search_key(text: str) -> str:
    """`text` folded for searching: Kazakh letters become their Russian look-alikes, marks disappear.

    >>> search_key("«Бауыржан Момышұлы атындағы №46»")
    'бауыржан момышулы атындагы 46'
    """
    return " ".join(search_tokens(text))


def search_tokens(text: str) -> list[str]:
    """The folded words of a search or a name, in their order."""
    return [word.translate(_FOLD) for word in _words(text)]


def school_number(text: str) -> int | None:
    """The number a school bears in its name, if it bears one: 46 for «№46», None for «Әлем» гимназиясы."""
    found = _SCHOOL_NUMBER.search(text)
    return int(found.group(1)) if found else None
