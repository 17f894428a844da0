"""The methodologies of the demo are documents the engine takes, with the weights that were proposed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import methods
from services.rating_engine.methodologies import documents
from shared.schemas.rating.methodology import MethodologyDocument

PROPOSED = Path(__file__).parents[4] / "shared/domain/METHODOLOGIES.json"
CODES = (methods.SCHOOLS, methods.COLLEGES)


def leaves(code: str) -> Iterator[dict[str, Any]]:
    for pillar in methods.document(code)["tree"]["children"]:
        yield from pillar["children"]


@pytest.mark.parametrize("code", CODES)
def test_the_engine_reads_the_document(code: str) -> None:
    document = MethodologyDocument.model_validate(methods.document(code))
    assert documents.read(document) is not None
    assert document.title is not None
    assert document.title.kk
    assert document.title.ru
    assert document.title.en


@pytest.mark.parametrize("code", CODES)
def test_weights_sum_to_100_within_and_over_the_pillars(code: str) -> None:
    pillars = methods.document(code)["tree"]["children"]
    assert sum(pillar["weight"] for pillar in pillars) == 100
    for pillar in pillars:
        assert sum(leaf["weight"] for leaf in pillar["children"]) == pillar["weight"]


@pytest.mark.parametrize("code", CODES)
def test_directions_are_those_of_the_catalogue(code: str, catalogue: dict[str, dict[str, str]]) -> None:
    for leaf in leaves(code):
        assert leaf["direction"] == catalogue[leaf["indicator"]]["polarity"]


@pytest.mark.skipif(not PROPOSED.exists(), reason=f"the proposed methodologies are not here: {PROPOSED}")
@pytest.mark.parametrize("code", CODES)
def test_weights_are_the_proposed_ones(code: str) -> None:
    proposed = json.loads(PROPOSED.read_text(encoding="utf-8"))[f"{code}-v1"]["pillars"]
    written = {
        pillar["code"]: {
            "weight": pillar["weight"],
            "indicators": {leaf["indicator"]: leaf["weight"] for leaf in pillar["children"]},
        }
        for pillar in methods.document(code)["tree"]["children"]
    }
    assert written == proposed
