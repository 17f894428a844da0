"""Criteria and standings as the wire tells them."""

from collections.abc import Mapping

from services.rating_engine.attestations.criteria import CHOICES, CRITERIA, LEGAL_BASIS, LOWEST, ROUNDING, Part
from services.rating_engine.attestations.rules import Outcome, Standing
from shared.errors import Text
from shared.schemas.base import TextOut
from shared.schemas.rating.attestations import (
    AttestationChoice,
    AttestationCriteria,
    AttestationRead,
    CriterionKind,
    CriterionRead,
    CriterionResult,
    LevelRead,
    MeasuredPart,
    PartRead,
)


def criteria(measured: Mapping[int, tuple[Part, ...]]) -> AttestationCriteria:
    """All criteria with their thresholds."""
    return AttestationCriteria(
        legal_basis=LEGAL_BASIS,
        rounding=ROUNDING,
        criteria=[
            CriterionRead(
                number=number,
                kind=CriterionKind.MEASURED if number in measured else CriterionKind.DOCUMENTARY,
                parts=[_part(part) for part in measured.get(number, ())],
            )
            for number in CRITERIA
        ],
        choices=[AttestationChoice(subject=subject, text=_told(text)) for subject, text in CHOICES.items()],
    )


def standing(unit: str, found: Standing) -> AttestationRead:
    """How one school stands."""
    still_open = found.open
    return AttestationRead(
        unit=unit,
        criteria=[_result(one) for one in found.outcomes],
        given=len(CRITERIA) - len(still_open),
        open=still_open,
        complete=not still_open,
        mean=found.mean,
        result=found.result,
        low=None if found.result is None else found.result == LOWEST,
    )


def _part(part: Part) -> MeasuredPart:
    return MeasuredPart(
        code=part.code,
        indicator=part.indicator,
        title=_told(part.title),
        unit=part.unit,
        levels=[LevelRead(level=level, at_least=cut) for level, cut in zip((5, 4, 3), part.cuts, strict=True)],
    )


def _result(one: Outcome) -> CriterionResult:
    return CriterionResult(
        number=one.number,
        kind=CriterionKind.MEASURED if one.parts else CriterionKind.DOCUMENTARY,
        level=one.level,
        parts=[
            PartRead(
                code=part.part.code,
                indicator=part.part.indicator,
                value=part.known.value,
                n=part.known.n,
                rounded=part.rounded,
                level=part.level,
                cut=part.cut,
                reason=part.known.reason,
            )
            for part in one.parts
        ],
    )


def _told(text: Text) -> TextOut:
    return TextOut(kk=text.kk, ru=text.ru, en=text.en)
