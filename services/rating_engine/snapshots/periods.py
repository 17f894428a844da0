"""Periods one after another: school years, calendar years, halves, quarters and months."""

import re

_FORMS = (
    (re.compile(r"([0-9]{4})-H([12])", re.ASCII), 2, "{year}-H{part}"),
    (re.compile(r"([0-9]{4})-Q([1-4])", re.ASCII), 4, "{year}-Q{part}"),
    (re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII), 12, "{year}-{part:02d}"),
)
_SCHOOL_YEAR = re.compile(r"([0-9]{4})-([0-9]{4})", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


def earlier(period: str, by: int) -> str | None:
    """The period that many before; None of what is no period, and before the year 1900.

    >>> [earlier(one, 1) for one in ("2025-2026", "2025", "2025-H1", "2025-Q3", "2025-01", "soon")]
    ['2024-2025', '2024', '2024-H2', '2025-Q2', '2024-12', None]
    """
    if found := _SCHOOL_YEAR.fullmatch(period):
        first = int(found[1]) - by
        return _if_known(first, f"{first}-{first + 1}")
    if _YEAR.fullmatch(period):
        return _if_known(int(period) - by, str(int(period) - by))
    for form, parts, written in _FORMS:
        if found := form.fullmatch(period):
            year, part = divmod(int(found[1]) * parts + int(found[2]) - 1 - by, parts)
            return _if_known(year, written.format(year=year, part=part + 1))
    return None


def _if_known(year: int, period: str) -> str | None:
    return period if year >= 1900 else None
