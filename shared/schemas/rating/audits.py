"""Audits on the wire: whether the parts of a methodology hang together, and what answers each step of the handbook."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import In, Out, TextOut

MOST_PARTS = 2_000
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$", max_length=71)]
Row = list[float | None]


class Severity(StrEnum):
    """What a finding asks of whoever agrees."""

    STOPS = "stops"
    """An answer in writing."""
    WARNS = "warns"
    """To be read."""
    NOTES = "notes"
    """To be known."""


class AuditCreate(In):
    """Which run to look at."""

    run_id: UUID = Field(
        description="A finished run of this version, made of exactly its present document",
        examples=["01a20034-2d1f-7e31-9195-f778672b15af"],
    )


class AuditQuery(In):
    """Which audit of the version to read."""

    digest: Digest | None = Field(
        default=None, description="The audit with this digest; default: the last one", examples=["sha256:" + "0" * 64]
    )


class AuditFinding(Out):
    """One remark."""

    code: str = Field(description="What was found", max_length=64, examples=["indicator_constant"])
    severity: Severity = Field(description="What it asks of whoever agrees")
    subject: str = Field(description="The indicator, node or attribute", max_length=100, examples=["SCH_SHIFT_COUNT"])
    other: str | None = Field(description="The second of a pair, or the node above", max_length=100)
    value: float | None = Field(description="What was measured", examples=[0.95])
    limit: float | None = Field(description="What it is held against", examples=[0.92])
    text: TextOut = Field(description="The same as a sentence")


class AuditPart(Out):
    """An indicator or a node in its place; null where a statistic does not exist."""

    code: str = Field(description="Its code", max_length=64, examples=["SCH_UNT_MEAN"])
    parent: str = Field(description="The node above", max_length=64, examples=["outcomes"])
    is_node: bool = Field(description="Whether it is a node")
    nominal: float = Field(description="Its share of the weight of the whole", examples=[0.1])
    among: float = Field(description="Its share of the weight of its siblings", examples=[0.3])
    missing: float = Field(description="Share of all organisations without a value", examples=[0.05])
    present: int = Field(description="Rated organisations with a value", ge=0, le=1_000_000, examples=[412])
    distinct: int = Field(description="Different values among them", ge=0, le=1_000_000, examples=[380])
    commonest: float = Field(description="Share of them with the most frequent value", examples=[0.01])
    with_parent: float | None = Field(description="Correlation with the node above", examples=[0.7])
    with_index: float | None = Field(description="Correlation with the score", examples=[0.6])
    influence: float | None = Field(
        description="Share of the variance of the score that fixing it would remove (correlation ratio)", examples=[0.4]
    )
    effective: float | None = Field(
        description="Its share of the influences of its siblings, to be held against `among`", examples=[0.35]
    )


class AuditNode(Out):
    """A node as a composite of its children."""

    code: str = Field(description="The node", max_length=64, examples=["outcomes"])
    children: list[str] = Field(description="What it is made of", max_length=500, examples=[["SCH_UNT_MEAN"]])
    alpha: float | None = Field(description="Cronbach's alpha of the children", examples=[0.71])
    correlations: list[Row] | None = Field(
        description="Between the children, in their order; null for more than 100",
        max_length=100,
        examples=[[[1, 0.4]]],
    )
    eigenvalues: list[float] = Field(
        description="Of that matrix, the greatest first", max_length=100, examples=[[1.8, 0.2]]
    )
    data_weights: dict[str, list[float] | None] = Field(
        description="What the data alone would say, by method: a diagnosis that no rating uses. `entropy`, `gini`, "
        "`standard_deviation`, `critic`, `lopcow` and `first_component` look at the common scale; `merec`, `cilos` and "
        "`idocriw` at the natural values after treatment, costs where the direction is `lower` (of a node at its "
        "score), and are null where a value is not above 0 or the method has no solution. `equal_influence`: the "
        "weights by which a weighted sum goes with each of its children alike; null where that takes a weight below 0. "
        "Only organisations count that have every child; of fewer than three nothing is said",
        examples=[{"entropy": [0.6, 0.4], "merec": [0.55, 0.45], "cilos": None}],
    )
    judgement: dict[str, float | list[float]] | None = Field(
        description="Where the children were compared in pairs: weights, λ_max, consistency index and ratio. Where a "
        "panel gave out points: weights, the standard deviation, the least and the most of the members' shares, and "
        "how many members there were",
        examples=[{"consistency_ratio": 0.04}],
    )


class AuditOutside(Out):
    """How the score goes with something that is not scored."""

    name: str = Field(
        description="An attribute, an indicator of context, or `n`: the observations behind the values", max_length=100
    )
    kind: str = Field(
        description="`rank_correlation` or `correlation_ratio`", max_length=20, examples=["rank_correlation"]
    )
    value: float | None = Field(description="Null where it does not exist", examples=[0.12])
    units: int = Field(description="Rated organisations of which it is known", ge=0, le=1_000_000, examples=[412])


class AuditEvidence(Out):
    """What answers a step."""

    kind: str = Field(
        description="`setting` of the document, `artefact` of the run, `audit`: this one",
        max_length=20,
        examples=["setting"],
    )
    at: str = Field(
        description="JSON pointer into the document or the audit, or the address of what is kept",
        max_length=300,
        examples=["/tree"],
    )
    digest: str | None = Field(description="Of what is kept, if it has one", max_length=71)


class AuditStep(Out):
    """One of the ten steps of the handbook of OECD and JRC (2008)."""

    number: int = Field(description="From 1", ge=1, le=10, examples=[5])
    code: str = Field(description="Its name", max_length=40, examples=["normalisation"])
    title: TextOut = Field(description="What it asks")
    answered: bool = Field(description="Whether the methodology or the run answers it")
    evidence: list[AuditEvidence] = Field(description="Where the answer stands", max_length=20)
    findings: list[str] = Field(description="Codes of the findings that belong to it", max_length=50)


class CoherenceRead(Out):
    """Whether the parts of a methodology hang together on given data."""

    units: int = Field(description="Organisations looked at", ge=0, le=1_000_000, examples=[433])
    rated: int = Field(description="Organisations with a score", ge=0, le=1_000_000, examples=[412])
    findings: list[AuditFinding] = Field(description="The gravest first", max_length=20_000)
    parts: list[AuditPart] = Field(description="Every indicator and node in its place", max_length=MOST_PARTS)
    composites: list[AuditNode] = Field(description="Every node with its children", max_length=MOST_PARTS)
    indicators: list[str] = Field(description="All indicators", max_length=500, examples=[["SCH_UNT_MEAN"]])
    between: list[Row] | None = Field(
        description="Correlations between all indicators, in that order; null for more than 100",
        max_length=100,
        examples=[[[1]]],
    )
    outside: list[AuditOutside] = Field(description="Size, intake and place", max_length=MOST_PARTS)


class MethodologyAuditRead(CoherenceRead):
    """An audit of one document on the data of one run; it never changes."""

    id: UUID = Field(description="Identifier")
    digest: str = Field(description="SHA-256 of the audit", max_length=71, examples=["sha256:" + "0" * 64])
    methodology_id: UUID = Field(description="The version")
    methodology_digest: str = Field(description="The document that was audited", max_length=71)
    is_current: bool = Field(description="Whether that is still the document of the version")
    run_id: UUID = Field(description="The run that was looked at")
    snapshot_digest: str = Field(description="Its data", max_length=71)
    result_digest: str = Field(description="Its result", max_length=71)
    engine_version: str = Field(description="The core that computed both", max_length=40, examples=["2.0.0"])
    created_at: datetime = Field(description="When it was attached")
    attached_by: str = Field(description="Who attached it", max_length=300)
    steps: list[AuditStep] = Field(description="The ten steps and what answers each", min_length=10, max_length=10)
