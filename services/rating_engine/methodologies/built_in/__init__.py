"""The methodologies that come with the house: agreed, with the reason of every choice. An agreed one never changes; a
better one is the next edition beside it."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from services.rating_engine.methodologies.built_in import (
    colleges_public,
    keleshek_readiness,
    regional_nine_directions,
    schools_public,
)
from services.rating_engine.methodologies.built_in.words import Document, Note, text

__all__ = ["ALL", "BASIS", "BuiltIn", "by_code"]

BASIS = "Built in with the service; the notes name the law or source of every choice"
_SPACE = uuid5(NAMESPACE_URL, "https://bilim.kz/methodologies")


AUDIT = Note(
    "audit",
    text(
        "Теориялық негіз, көрсеткіштерді таңдау, қалыптау, салмақ, біріктіру мен белгісіздік — құжаттың өзінде. "
        "Дерекке байланысты қадамдар (бос орындар, корреляция, салмақтың нақты әсері, сезімталдық) алғашқы есептеумен "
        "тексеріледі: аудит POST /v1/methodologies/{id}/audit арқылы тіркеледі, әр есептеу "
        "/v1/runs/{id}/diagnostics жауабында айтады.",
        "Теоретическая основа, отбор показателей, нормирование, веса, агрегирование и неопределённость — в самом "
        "документе. Шаги, которым нужны данные (пропуски, корреляции, действительное влияние весов, чувствительность), "
        "проверяются с первым расчётом: аудит прикладывается через POST /v1/methodologies/{id}/audit, каждый расчёт "
        "говорит о себе в /v1/runs/{id}/diagnostics.",
        "Framework, choice of indicators, normalisation, weights, aggregation and uncertainty are answered by the "
        "document itself. The steps that need data (gaps, correlations, effective weights, sensitivity) are due with "
        "the first run: its audit is attached by POST /v1/methodologies/{id}/audit, and every run tells of itself in "
        "/v1/runs/{id}/diagnostics.",
    ),
    "OECD/JRC Handbook on composite indicators (2008), ten steps",
)
"""Which steps of the handbook the method answers by itself, and which the first data answer."""


class BuiltIn(NamedTuple):
    """One methodology as it was agreed."""

    code: str
    document: Document
    notes: Sequence[Note]

    @property
    def id(self) -> UUID:
        """The same in every house."""
        return uuid5(_SPACE, f"{self.code}/1")


ALL: tuple[BuiltIn, ...] = tuple(
    BuiltIn(one.CODE, one.DOCUMENT, (*one.NOTES, AUDIT))
    for one in (schools_public, colleges_public, keleshek_readiness, regional_nine_directions)
)


def by_code(code: str) -> BuiltIn:
    """The one of that code; raises KeyError."""
    return {one.code: one for one in ALL}[code]
