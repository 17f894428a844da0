"""The methodologies that come with the house are the proposed ones, computable, explained in three languages, and never
change."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.rating_engine.methodologies import built_in, documents
from services.rating_engine.methodologies.built_in import BuiltIn
from shared.schemas.rating.methodology import Leaf, MethodologyDocument, digest, leaves

DOMAIN = Path(__file__).parents[4] / "shared/domain"
REGISTRY = Path(__file__).parents[3] / "services/registry_api/indicators/reference/indicators.csv"
EACH = pytest.mark.parametrize("one", built_in.ALL, ids=lambda one: one.code)
AGREED = {
    "schools-public": (
        "09aa6216-a893-525c-8868-9f5361e93c55",
        "sha256:0ba9b711e9b7bb36de6778b7695351bd87898cbaff7eb294ed3961a4cb5d5621",
    ),
    "colleges-public": (
        "c5f56311-d400-50ab-9617-6eafb66e9010",
        "sha256:5a02111892b0edcad956908fc6a3ce1ff69b632b2195ca8eec4e67b86a838bae",
    ),
    "keleshek-readiness": (
        "296fae4d-f385-502a-8ac2-adfb00426962",
        "sha256:48dc3de6aba09027e8f0413e631d8358cb705a4cb4dbcf1c10ab1a1c3a2f51b8",
    ),
    "regional-nine-directions": (
        "acef8b23-2869-5d69-b951-d241705c7dbf",
        "sha256:dfe7f341d9477e4f9bd9753877f6dcda7477ae98daec1838f44c93150d83c699",
    ),
}
"""Digests of what was agreed. A change of a document is a new edition beside the old one, never another digest here."""


@pytest.fixture(scope="module")
def catalogue() -> dict[str, dict[str, str]]:
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def scored(one: BuiltIn) -> Iterator[Leaf]:
    for _, leaf in leaves(MethodologyDocument.model_validate(one.document)):
        yield leaf


@EACH
def test_it_can_be_computed_and_is_what_was_agreed(one: BuiltIn) -> None:
    document = MethodologyDocument.model_validate(one.document)
    assert documents.read(document).code == one.code
    assert (str(one.id), digest(document)) == AGREED[one.code]


@EACH
def test_its_weights_sum_to_a_hundred_within_and_over_the_pillars(one: BuiltIn) -> None:
    pillars = one.document["tree"]["children"]
    assert sum(pillar["weight"] for pillar in pillars) == 100
    for pillar in pillars:
        assert sum(leaf["weight"] for leaf in pillar["children"]) == pillar["weight"]


@EACH
def test_its_indicators_are_known_and_point_where_they_should(
    one: BuiltIn, catalogue: dict[str, dict[str, str]]
) -> None:
    [type_] = one.document["organisation_types"]
    for leaf in scored(one):
        definition = catalogue[leaf.indicator]
        assert leaf.direction == definition["polarity"]
        if type_ != "region":
            assert type_ in definition["organisation_types"].split(";")
    for code in one.document.get("context", ()):
        assert code in catalogue or code.startswith("GATE_")
        assert code not in {leaf.indicator for leaf in scored(one)}, "what is shown only is not scored"


@EACH
def test_every_choice_is_explained_in_three_languages_with_its_source(one: BuiltIn) -> None:
    texts = [one.document["title"], *(note.text for note in one.notes)]
    assert all(set(text) == {"kk", "ru", "en"} and all(text.values()) for text in texts)
    assert all(note.source for note in one.notes)
    subjects = [note.subject for note in one.notes]
    assert len(set(subjects)) == len(subjects) >= 6
    assert subjects[-1] == "audit"


@pytest.mark.skipif(not DOMAIN.is_dir(), reason=f"the proposed methodologies are not at {DOMAIN}")
@EACH
def test_its_weights_and_titles_are_the_proposed_ones(one: BuiltIn) -> None:
    proposed = json.loads((DOMAIN / "METHODOLOGIES.json").read_text(encoding="utf-8"))[f"{one.code}-v1"]
    with (DOMAIN / "INDICATORS.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    written: dict[str, Any] = {
        pillar["code"]: {
            "weight": pillar["weight"],
            "indicators": {leaf["indicator"]: leaf["weight"] for leaf in pillar["children"]},
        }
        for pillar in one.document["tree"]["children"]
    }
    assert written == {name.replace(" ", "-"): pillar for name, pillar in proposed["pillars"].items()}
    assert one.document["title"] == {language: proposed[f"title_{language}"] for language in ("kk", "ru", "en")}
    assert one.document["organisation_types"] == [proposed["org_type"]]
    assert {leaf.indicator for leaf in scored(one)} <= known


def test_a_college_never_stands_among_schools_and_regions_have_no_places() -> None:
    types = {one.code: one.document["organisation_types"] for one in built_in.ALL}
    ranked = {one.code for one in built_in.ALL if one.document.get("ranking", True)}
    assert types["schools-public"] == ["school"]
    assert types["colleges-public"] == ["college"]
    assert ranked == {"schools-public", "colleges-public"}
