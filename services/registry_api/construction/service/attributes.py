"""What is told of a project, as columns; what is wrong with it, as problems."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from services.registry_api.construction import errors
from services.registry_api.organisations import identifiers
from shared.errors import Problem
from shared.schemas.registry.construction import ConstructionParty, ConstructionProjectAttributes, Funding
from shared.schemas.registry.organisation_words import IdentifierScheme

_TOLERANCE = 1e-6
"""How far shares may be from a whole: they are written with a few decimals."""


def columns(asked: ConstructionProjectAttributes) -> dict[str, Any]:
    """The columns of a state."""
    return {
        "name_kk": asked.name.kk,
        "name_ru": asked.name.ru,
        "name_en": asked.name.en,
        "programme": asked.programme,
        "area_code": asked.area,
        "setting": asked.setting.value if asked.setting else None,
        "design_capacity": asked.design_capacity,
        "gross_area_m2": asked.gross_area_m2,
        "languages_of_instruction": list(asked.languages_of_instruction),
        "latitude": asked.location.latitude if asked.location else None,
        "longitude": asked.location.longitude if asked.location else None,
        "funding": [one.model_dump(mode="json") for one in asked.funding],
        "funding_sources": sorted({one.source.value for one in asked.funding}),
        "parties": [one.model_dump(mode="json") for one in asked.parties],
    }


def document(state: Any) -> dict[str, Any]:
    """The body that would make this state: what a patch is merged into."""
    point = None if state.latitude is None else {"latitude": state.latitude, "longitude": state.longitude}
    name = {"kk": state.name_kk, "ru": state.name_ru, "en": state.name_en}
    return {
        "name": {language: text for language, text in name.items() if text},
        "programme": state.programme,
        "area": state.area_code,
        "setting": state.setting,
        "design_capacity": state.design_capacity,
        "gross_area_m2": state.gross_area_m2,
        "languages_of_instruction": list(state.languages_of_instruction),
        "location": point,
        "funding": list(state.funding),
        "parties": list(state.parties),
    }


def faults(asked: ConstructionProjectAttributes) -> Iterator[tuple[str, Problem]]:
    """What is wrong, each with its place."""
    yield from _faults_of_funding(asked.funding)
    for place, party in enumerate(asked.parties):
        yield from ((f"/parties/{place}{where}", fault) for where, fault in _faults_of_party(party))


def _faults_of_funding(funding: list[Funding]) -> Iterator[tuple[str, Problem]]:
    sources = [one.source for one in funding]
    for place, source in enumerate(sources):
        if source in sources[:place]:
            yield f"/funding/{place}/source", errors.SourceRepeated()
    stated = [one.share for one in funding]
    amounts = [one.amount for one in funding]
    whole = sum(share for share in stated if share is not None)
    if whole > 1 + _TOLERANCE or (stated and None not in stated and whole < 1 - _TOLERANCE):
        yield "/funding", errors.SharesDoNotAddUp()
    elif stated and None not in stated and None not in amounts:
        known = [Decimal(amount) for amount in amounts if amount is not None]
        total = sum(known)
        parts = zip(known, (share for share in stated if share is not None), strict=True)
        if total and any(abs(float(amount / total) - share) > 0.01 for amount, share in parts):
            yield "/funding", errors.SharesDoNotAddUp()


def _faults_of_party(party: ConstructionParty) -> Iterator[tuple[str, Problem]]:
    if (party.scheme is None) != (party.value is None):
        yield "/value", errors.PartyIdentifierIncomplete()
    elif party.scheme is not None and party.value is not None:
        try:
            identifiers.check(IdentifierScheme(party.scheme), party.value, secret=None)
        except Problem as fault:
            yield "/value", fault
