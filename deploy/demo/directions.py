"""What the home region promised in the nine directions, where it began, and how far it has come: all of it made up.

Psychological help has a promise and no figure yet, so that its direction shows what «no data» looks like.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from deploy.demo.country import HOME
from deploy.demo.measures import Row


class Promise(NamedTuple):
    """One promise in numbers with the value it began from and the last one."""

    indicator: str
    baseline: float
    target: float
    period: str
    actual: float | None
    n: int


PROMISES: Sequence[Promise] = (
    Promise("REG_PRE_COVERAGE_1_6", 84.0, 90.0, "2026-Q3", 88.2, 52_000),
    Promise("ORG_PARENT_SATISFACTION", 70.0, 80.0, "2025-2026", 74.6, 21_400),
    Promise("SCH_LIBRARY_RENEWAL", 5.0, 20.0, "2025", 9.3, 466),
    Promise("SCH_SUPPL_COVERAGE", 66.7, 86.0, "2025-2026", 75.0, 118_000),
    Promise("REG_COL_DEMO_EXAM", 40.0, 100.0, "2025-2026", 96.0, 33),
    Promise("COL_DUAL_COVERAGE", 12.0, 20.0, "2025-2026", 23.6, 28_900),
    Promise("SEN_SUPPORT_COVERAGE", 80.0, 90.0, "2025-2026", 85.4, 6_100),
    Promise("REG_FAMILY_PLACEMENT", 82.0, 92.0, "2026-H1", 81.5, 1_450),
    Promise("SCH_PSY_SUPPORT_COVERAGE", 85.0, 95.0, "2025-2026", None, 0),
    Promise("TCH_PD_3Y_SHARE", 80.0, 95.0, "2025-2026", 88.0, 14_300),
    Promise("REG_SERVICE_HOUSING", 20.0, 50.0, "2026-H1", 33.3, 120),
)
BEGAN, DUE, STATED = "2024", "2027", "2024-08"


def targets() -> Iterator[dict[str, Any]]:
    """The promises as the registry takes them."""
    for one in PROMISES:
        yield {
            "indicator": one.indicator,
            "area": HOME,
            "baseline_value": one.baseline,
            "baseline_on": BEGAN,
            "comparator": "ge",
            "value_low": one.target,
            "due": DUE,
            "stated_by_role": "akim_of_region",
            "stated_on": STATED,
            "authoritative": True,
        }


def observed() -> list[Row]:
    """The last values."""
    return [Row(HOME, one.indicator, one.period, one.actual, None, one.n) for one in PROMISES if one.actual is not None]
