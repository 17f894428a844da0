"""The columnar table of indicators that the registry and training give and the rating engine takes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Date, Finite, Out

MOST_ORGANISATIONS = 200_000
"""More rows than any country has organisations of education."""


class MissingReason(StrEnum):
    """Why there is no value: the rating treats an indicator that does not apply unlike one that was not reported."""

    NOT_SAMPLED = "not_sampled"
    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"
    SUPPRESSED = "suppressed"
    BELOW_MIN_N = "below_min_n"
    LOW_COVERAGE = "low_coverage"
    UNDER_APPEAL = "under_appeal"
    INVALIDATED = "invalidated"


Attribute = str | bool | list[str] | None
"""What is known of an organisation: a word, yes or no, or several words (its languages, the path of its area)."""


class IndicatorColumn(Out):
    """One indicator: four arrays, each as long as `organisations` and in the same order."""

    value: list[Finite | None] = Field(
        description="The values; null where there is none", max_length=MOST_ORGANISATIONS, examples=[[90.0, None]]
    )
    n: list[int | None] = Field(
        description="How many units each value rests on (teachers, graduates …)",
        max_length=MOST_ORGANISATIONS,
        examples=[[100, 3]],
    )
    variance: list[Finite | None] = Field(
        description="Sampling variance of each value, in the square of its unit; null where unknown",
        max_length=MOST_ORGANISATIONS,
        examples=[[9.3, None]],
    )
    reason: list[MissingReason | None] = Field(
        description="Why a value is missing; null where there is a value",
        max_length=MOST_ORGANISATIONS,
        examples=[[None, "below_min_n"]],
    )


class IndicatorTable(Out):
    """Indicators of many organisations at one moment, ordered by organisation id."""

    organisations: list[UUID] = Field(
        description="The organisations, in ascending order of id",
        max_length=MOST_ORGANISATIONS,
        examples=[["0198c0de-0000-7000-8000-000000000001", "0198c0de-0000-7000-8000-000000000002"]],
    )
    attributes: dict[str, list[Attribute]] = Field(
        description="What is known of each organisation (type, setting …), by name; in the order of `organisations`",
        examples=[{"type": ["school", "school"], "setting": ["urban", "rural"]}],
    )
    columns: dict[str, IndicatorColumn] = Field(
        description="The indicators by code",
        examples=[{"TCH_PD_3Y_SHARE": {"value": [90.0, None], "n": [100, 3], "variance": [9.3, None],
                                       "reason": [None, "below_min_n"]}}],
    )  # fmt: skip
    as_of: Date = Field(description="The day the table speaks of", examples=["2026-09-01"])
    digest: str = Field(
        description="SHA-256 of everything above in canonical JSON: the same data have the same digest",
        pattern=r"^sha256:[0-9a-f]{64}$",
        max_length=71,
        examples=["sha256:" + "0" * 64],
    )


def digest_of(
    organisations: Sequence[UUID],
    attributes: Mapping[str, Sequence[Attribute]],
    columns: Mapping[str, IndicatorColumn],
    as_of: date,
) -> str:
    """The digest of a table: SHA-256 over its canonical JSON (sorted keys, no spaces, shortest round-trip floats)."""
    content: dict[str, Any] = {
        "organisations": [str(organisation) for organisation in organisations],
        "attributes": {name: list(values) for name, values in attributes.items()},
        "columns": {code: column.model_dump(mode="json") for code, column in columns.items()},
        "as_of": as_of.isoformat(),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def sealed(
    organisations: Sequence[UUID],
    attributes: Mapping[str, Sequence[Attribute]],
    columns: Mapping[str, IndicatorColumn],
    as_of: date,
) -> IndicatorTable:
    """The table with its digest."""
    return IndicatorTable(
        organisations=list(organisations),
        attributes={name: list(values) for name, values in attributes.items()},
        columns=dict(columns),
        as_of=as_of,
        digest=digest_of(organisations, attributes, columns, as_of),
    )
