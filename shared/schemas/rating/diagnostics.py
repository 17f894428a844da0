"""What a run tells of itself: its doubts, the choices that move it, and whether its parts hang together."""

from typing import Any
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Out
from shared.schemas.rating.audits import AuditFinding, AuditNode, AuditOutside, AuditPart
from shared.schemas.rating.explanations import PlaceByChoices
from shared.schemas.rating.simulations import FactorRead, SensitivityFactor

MOST_UNITS = 200_000


class NoiseSummary(Out):
    """Sampling noise alone, under the official method."""

    replicates: int = Field(description="How many draws", ge=1, le=10_000, examples=[500])
    outside_interval: float = Field(description="Share of the official places outside p05 to p95", examples=[0.01])
    mean_shift: float = Field(description="Mean absolute difference from the official place", examples=[2.1])


class StandingSummary(Out):
    """How sure the places are, by the data."""

    evidence: dict[str, int] = Field(
        description="Organisations by how much evidence there is", examples=[{"strong": 310, "weak": 12}]
    )
    misordered: float | None = Field(
        description="Share of pairs expected to stand in different bands in the wrong order", examples=[0.02]
    )
    widest_set: int = Field(description="The widest set of places that noise does not rule out", examples=[41])
    mean_set: float | None = Field(description="Their mean width", examples=[17.5])


class UnitUncertainty(PlaceByChoices):
    """How far the choices of the method move one organisation."""

    organisation_id: UUID = Field(description="The organisation")
    sampling: PlaceByChoices | None = Field(
        default=None, description="The same over sampling noise alone, where `data_noise` is declared"
    )


class RunUncertainty(Out):
    """How much the places owe to noise and to choices; the parameters of every replicate are the artefact
    `parameters`."""

    run_id: UUID = Field(description="The run")
    digest: str | None = Field(description="Digest of what is kept of the choices", max_length=71)
    replicates: int | None = Field(description="How often it was rated; null when the method declares no choices")
    seed: int | None = Field(description="Seed of the draws: with it every replicate can be made again")
    outside_interval: float | None = Field(description="Share of the official places outside p05 to p95")
    mean_shift: float | None = Field(description="Mean absolute difference from the official place")
    combinations: dict[str, int] = Field(
        description="How many replicates used each combination", examples=[{"official": 512}]
    )
    factors: dict[str, FactorRead] = Field(description="What each declared factor does", examples=[{}])
    sampling: NoiseSummary | None = Field(description="Noise alone, when `data_noise` is declared")
    standing: StandingSummary | None = Field(description="By the variances of the data; null where they carry none")
    units: list[UnitUncertainty] | None = Field(
        description="Every rated organisation, by id; null for those who do not work on ratings, and where the method "
        "declares no choices",
        max_length=MOST_UNITS,
    )


class UnitSensitivity(Out):
    """The choice that moves one organisation most."""

    organisation_id: UUID = Field(description="The organisation")
    factor: str | None = Field(description="The choice; null where nothing moves it", max_length=100)
    first_order: float | None = Field(description="Share of the variance of its place due to that choice alone")
    total: float | None = Field(description="Share that choice takes part in")
    shift: float | None = Field(description="Mean absolute difference from its official place", examples=[3.2])


class RunSensitivity(Out):
    """Which choices move the places."""

    run_id: UUID = Field(description="The run")
    digest: str = Field(description="Digest of what is kept", max_length=71)
    runs: int = Field(description="How many ratings were computed", examples=[768])
    variance: float = Field(description="Variance of the mean absolute shift", examples=[1.7])
    moved_nothing: list[str] = Field(description="Choices that moved nothing anywhere", max_length=100)
    factors: dict[str, SensitivityFactor] = Field(description="By choice", examples=[{}])
    units: list[UnitSensitivity] = Field(description="Every organisation, by id", max_length=MOST_UNITS)


class ArtefactRead(Out):
    """What one step of the method left behind."""

    kind: str = Field(description="The step", max_length=40, examples=["coherence"])
    digest: str = Field(description="SHA-256 of its canonical JSON", max_length=71, examples=["sha256:" + "0" * 64])


class RunDiagnostics(Out):
    """Whether the parts hang together, what was withheld, and the names of everything that was kept."""

    run_id: UUID = Field(description="The run")
    units: int = Field(description="Organisations looked at", ge=0, examples=[433])
    rated: int = Field(description="Organisations with a score", ge=0, examples=[412])
    findings: list[AuditFinding] = Field(description="What was remarked, the gravest first", max_length=20_000)
    parts: list[AuditPart] = Field(description="Every indicator and node in its place", max_length=2_000)
    composites: list[AuditNode] = Field(description="Every node with its children", max_length=2_000)
    outside: list[AuditOutside] = Field(description="Correlation with size, intake and place", max_length=2_000)
    withheld: dict[str, Any] = Field(
        description="How much the public is not told, and the least that is left unsure of any protected value",
        examples=[{"primary": 3, "complementary": 2, "unpublished": 0, "narrowest": 1.4}],
    )
    artefacts: list[ArtefactRead] = Field(description="Everything the steps left behind", max_length=50)
