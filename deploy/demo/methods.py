"""The methodologies of the two public ratings, as documents that the rating engine takes.

Weights are those of the proposed public ratings of schools and colleges. Where order No. 114-NK of 30 April 2026 on
state attestation sets levels 5, 4, 3 and 2, its cut points are used, each at the half below it, since the order rounds
to whole percent first; a whole school is held against the middle of the cut points for primary and for secondary.
"""

from collections.abc import Mapping
from typing import Any

BASIS = "Demonstration: the weights of the proposed public rating; cut points of order No. 114-NK of 30 April 2026"
_LEVELS = [0.0, 33.3333, 66.6667, 100.0]
_SCALE = [0.0, 100.0]
Leaf = tuple[float, str, dict[str, Any]]
"""Weight, direction, and how the values are treated and normalised."""


def _posts(low: float, high: float) -> dict[str, Any]:
    return {"normalisation": {"kind": "goalposts", "low": low, "high": high, "scale": _SCALE, "cap": True}}


def _log_posts(low: float, high: float) -> dict[str, Any]:
    return {"normalisation": {"kind": "log_goalposts", "low": low, "high": high, "scale": _SCALE, "cap": True}}


def _cuts(*cuts: float) -> dict[str, Any]:
    return {"normalisation": {"kind": "thresholds", "cuts": list(cuts), "levels": _LEVELS}}


_HEAVY_TAIL = {"treatment": {"kind": "log"}, "normalisation": {"kind": "min_max", "scale": _SCALE}}
"""Where a few values are many times the usual one."""
_PERCENT = _posts(0, 100)
_EXPERTS = _cuts(29.5, 39.5, 50.5)
_ONCE_IN_THREE_YEARS = _cuts(79.5, 89.5, 99.5)

_SCHOOLS: Mapping[str, tuple[float, Mapping[str, Leaf]]] = {
    "outcomes": (34, {
        "SCH_UNT_MEAN": (10, "higher", _posts(30, 125)),
        "SCH_UNT_PASS_RATE": (6, "higher", _PERCENT),
        "SCH_UNT_PARTICIPATION": (4, "higher", _posts(20, 100)),
        "SCH_MODO_G4": (4, "higher", _posts(10, 100)),
        "SCH_MODO_G9": (6, "higher", _posts(10, 100)),
        "SCH_OLYMPIAD_PRIZES": (4, "higher", _HEAVY_TAIL),
    }),
    "teachers": (20, {
        "TCH_EXPERT_PLUS_SHARE": (7, "higher", _EXPERTS),
        "TCH_PD_3Y_SHARE": (6, "higher", _ONCE_IN_THREE_YEARS),
        "TCH_RELEVANT_EDU_SHARE": (4, "higher", _cuts(79.5, 89.5, 99.5)),
        "TCH_TURNOVER": (3, "lower", _posts(0, 60)),
    }),
    "inclusion_wellbeing": (14, {
        "SEN_SUPPORT_COVERAGE": (5, "higher", _PERCENT),
        "SCH_INCLUSIVE_CONDITIONS": (4, "higher", _PERCENT),
        "SCH_PUPILS_PER_PSYCHOLOGIST": (5, "lower", _log_posts(50, 3000)),
    }),
    "extracurricular_reading": (12, {
        "SCH_SUPPL_COVERAGE": (7, "higher", _posts(5, 100)),
        "SCH_LIBRARY_RENEWAL": (2, "higher", _HEAVY_TAIL),
        "SCH_TEXTBOOK_PROVISION": (3, "higher", _cuts(79.5, 94.5, 99.5)),
    }),
    "conditions": (8, {
        "SCH_SHIFT_COUNT": (3, "lower", _posts(1, 3)),
        "SCH_MODERN_SUBJECT_ROOMS": (3, "higher", _PERCENT),
        "SCH_PUPILS_PER_DEVICE": (2, "lower", _log_posts(0.5, 60)),
    }),
    "public_voice": (12, {
        "ORG_PARENT_SATISFACTION": (8, "higher", _PERCENT),
        "ORG_SITE_OPENNESS": (4, "higher", _posts(2, 5)),
    }),
}  # fmt: skip
_COLLEGES: Mapping[str, tuple[float, Mapping[str, Leaf]]] = {
    "outcomes": (35, {
        "COL_EMPLOYMENT_RATE": (18, "higher", _posts(20, 81)),
        "COL_WAGE_RATIO": (9, "higher", _posts(0.3, 2.5)),
        "COL_DROPOUT": (8, "lower", _posts(0, 40)),
    }),
    "practice": (30, {
        "COL_DUAL_COVERAGE": (12, "higher", _posts(0, 20)),
        "COL_DEMO_EXAM_SHARE": (8, "higher", _PERCENT),
        "COL_DEMO_EXAM_PASS": (6, "higher", _PERCENT),
        "COL_EMPLOYER_PARTNERS": (4, "higher", _HEAVY_TAIL),
    }),
    "teachers": (15, {
        "TCH_EXPERT_PLUS_SHARE": (5, "higher", _EXPERTS),
        "TCH_PD_3Y_SHARE": (5, "higher", _ONCE_IN_THREE_YEARS),
        "COL_INDUSTRY_PLACEMENT": (5, "higher", _PERCENT),
    }),
    "inclusion_wellbeing": (8, {
        "SCH_INCLUSIVE_CONDITIONS": (5, "higher", _PERCENT),
        "SCH_PUPILS_PER_PSYCHOLOGIST": (3, "lower", _log_posts(50, 3000)),
    }),
    "public_voice": (12, {
        "ORG_PARENT_SATISFACTION": (8, "higher", _PERCENT),
        "ORG_SITE_OPENNESS": (4, "higher", _posts(2, 5)),
    }),
}  # fmt: skip
SCHOOLS, COLLEGES = "schools-public", "colleges-public"
_TITLES = {
    SCHOOLS: {
        "kk": "Мектептердің қоғамдық рейтингі",
        "ru": "Общественный рейтинг школ",
        "en": "Public rating of schools",
    },
    COLLEGES: {
        "kk": "Колледждердің қоғамдық рейтингі",
        "ru": "Общественный рейтинг колледжей",
        "en": "Public rating of colleges",
    },
}
NOTE = {
    "kk": "Көрсетілім: барлық мектеп, колледж және көрсеткіш ойдан шығарылған.",
    "ru": "Демонстрация: все школы, колледжи и показатели вымышлены.",
    "en": "Demonstration: every school, college and figure is made up.",
}
"""Stands under every edition of the demo."""


def document(code: str) -> dict[str, Any]:
    """The methodology of that code."""
    pillars, type_, peers = (
        (_SCHOOLS, "school", ["setting"]) if code == SCHOOLS else (_COLLEGES, "college", ["ownership"])
    )
    return {
        "code": code,
        "title": _TITLES[code],
        "organisation_types": [type_],
        "tree": {
            "code": "index",
            "aggregation": {"kind": "weighted_arithmetic"},
            "children": [_pillar(name, weight, leaves) for name, (weight, leaves) in pillars.items()],
        },
        "missing": {"policy": "renormalise", "min_coverage": 0.6, "min_node_coverage": 0.5},
        "peer_groups": {"by": peers, "minimum": 10},
        "precision": {"min_n": 5},
        "bands": {"kind": "quantiles", "labels": ["A", "B", "C", "D", "E"]},
    }


def _pillar(name: str, weight: float, leaves: Mapping[str, Leaf]) -> dict[str, Any]:
    return {
        "code": name,
        "weight": weight,
        "aggregation": {"kind": "weighted_arithmetic"},
        "children": [
            {"indicator": indicator, "weight": share, "direction": direction, **treated}
            for indicator, (share, direction, treated) in leaves.items()
        ],
    }
