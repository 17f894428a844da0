"""How a table that somebody sends can be written."""

from enum import StrEnum

MOST_COLUMNS = 500


class FileEncoding(StrEnum):
    """Encodings that are read; left out, the encoding is recognised."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1251 = "windows-1251"
    KZ_1048 = "kz-1048"
    """Windows-1251 with the Kazakh letters (STRK1048)."""


class Delimiter(StrEnum):
    """Signs between the cells of a CSV file; left out, the sign is recognised."""

    SEMICOLON = "semicolon"
    COMMA = "comma"
    TAB = "tab"
    BAR = "bar"


class Decimal(StrEnum):
    """What a lone comma or point in a number means."""

    AUTO = "auto"
    """A comma or a point is the decimal sign; with both, the last one is."""
    COMMA = "comma"
    POINT = "point"
