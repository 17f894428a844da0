"""Pure decisions about quality: what makes two findings the same, and how lines of a report come together."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

COUNTS = ("expected", "reported", "valued", "implausible")


def fingerprint(
    rule: str, organisation_id: UUID | None, area: str | None, indicator: str, period: str, source: str | None
) -> str:
    """What a finding is known by from one check to the next."""
    parts = (rule, organisation_id or "", area or "", indicator, period, source or "")
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:40]


def line(key: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts put together, as `CompletenessLine` reads them."""
    kept = list(rows)
    counts = {name: sum(row[name] for row in kept) for name in COUNTS}
    return {
        "key": key,
        **counts,
        "completeness": counts["reported"] / counts["expected"] if counts["expected"] else None,
        "plausibility": 1 - counts["implausible"] / counts["valued"] if counts["valued"] else None,
    }
