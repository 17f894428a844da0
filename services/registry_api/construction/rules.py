"""The gates of the pipeline as a table, and what follows from dates, sums and shares."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median, quantiles

from services.registry_api.construction import errors
from shared.schemas.registry.construction_words import EvidenceKind, Gate, Stage

LINE = (
    Stage.PLANNED,
    Stage.LAND,
    Stage.DESIGN,
    Stage.CONTRACT,
    Stage.CONSTRUCTION,
    Stage.COMMISSIONED,
    Stage.OPERATING,
)
"""The pipeline, gate after gate."""
UNFINISHED = LINE[:5]
"""Stages that a project can be suspended in or cancelled from: what is commissioned stands."""
OUT_OF_LINE = frozenset({Stage.SUSPENDED, Stage.CANCELLED})

EVIDENCE: Mapping[Stage, EvidenceKind] = {
    Stage.LAND: EvidenceKind.LAND_DECISION,
    Stage.DESIGN: EvidenceKind.DESIGN_DOCUMENTATION,
    Stage.CONTRACT: EvidenceKind.CONTRACT,
    Stage.CONSTRUCTION: EvidenceKind.CONSTRUCTION_PERMIT,
    Stage.COMMISSIONED: EvidenceKind.ACCEPTANCE_ACT,
    Stage.OPERATING: EvidenceKind.LICENCE_ANNEX,
}
"""The document each gate is passed with."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table."""

    before: Stage
    after: Stage


TABLE: tuple[Step, ...] = (
    *(Step(before, after) for before, after in pairwise(LINE)),
    *(Step(stage, Stage.SUSPENDED) for stage in UNFINISHED),
    *(Step(Stage.SUSPENDED, stage) for stage in UNFINISHED),
    *(Step(stage, Stage.CANCELLED) for stage in (*UNFINISHED, Stage.SUSPENDED)),
)
"""From a suspension it goes on where it stopped, which only the history of the project knows."""


def following(current: Stage, stopped_at: Stage | None) -> list[Stage]:
    """Where a project may go from `current`; `stopped_at` is where it was when it was suspended."""
    steps = [step.after for step in TABLE if step.before is current]
    if current is not Stage.SUSPENDED:
        return steps
    return [stage for stage in steps if stage in (stopped_at, Stage.CANCELLED)]


def check_step(
    current: Stage,
    wanted: Stage,
    *,
    stopped_at: Stage | None,
    evidence: Collection[EvidenceKind],
    has_reason: bool,
    pointer: str = "",
) -> None:
    """Raise `StageJump`, `EvidenceMissing` or `ReasonNeeded` unless the step may be taken.

    A gate is passed with its document; leaving the line needs a reason; going on after a suspension needs neither.
    """
    allowed = following(current, stopped_at)
    if wanted not in allowed:
        raise errors.StageJump(
            pointer=f"{pointer}/stage", current=current, wanted=wanted, allowed=", ".join(allowed) or "—"
        )
    if wanted in OUT_OF_LINE:
        if not has_reason:
            raise errors.ReasonNeeded(pointer=f"{pointer}/reason")
    elif current is not Stage.SUSPENDED and EVIDENCE[wanted] not in evidence:
        raise errors.EvidenceMissing(pointer=f"{pointer}/evidence", stage=wanted, evidence=EVIDENCE[wanted])


def shares(amounts: Sequence[Decimal | None], stated: Sequence[float | None]) -> list[float | None]:
    """The part of each source: as stated, or computed where every amount is known and they make a sum."""
    if amounts and all(amount is not None for amount in amounts):
        whole = sum((amount for amount in amounts if amount is not None), Decimal(0))
        if whole:
            return [round(float(amount / whole), 6) for amount in amounts if amount is not None]
    return list(stated)


def slip_days(agreed: date | None, actual: date | None, forecast: date | None) -> int | None:
    """Days later than first agreed: as it came to pass, else as it is foreseen; earlier is negative."""
    reached = actual or forecast
    return None if agreed is None or reached is None else (reached - agreed).days


def percent(part: float, whole: float) -> float | None:
    """100·part/whole to four decimals; None where there is no whole."""
    return round(100 * part / whole, 4) if whole else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How late things of one kind were."""

    n: int
    on_time: int
    median_days: float | None
    p80_days: float | None


def spread(slips: Sequence[int]) -> Spread:
    """The reference class: how the delays of the past are spread (linear interpolation between the ranks)."""
    if not slips:
        return Spread(0, 0, None, None)
    p80 = quantiles(slips, n=5, method="inclusive")[3] if len(slips) > 1 else float(slips[0])
    return Spread(len(slips), sum(slip <= 0 for slip in slips), float(median(slips)), float(p80))


GATES: tuple[Gate, ...] = tuple(Gate)
"""In the order of the pipeline."""
