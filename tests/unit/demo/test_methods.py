"""The demo publishes the built-in methodologies, and has what they ask for."""

import pytest

from deploy.demo import directions, measures, methods, promises
from deploy.demo.people import RATED_ON
from deploy.demo.world import SEED, World
from services.rating_engine.methodologies import built_in
from services.rating_engine.snapshots import gates
from shared.schemas.rating.methodology import MethodologyDocument, leaves
from shared.schemas.rating.population import Gate
from shared.schemas.registry.construction_history import StageHistory

OF_TYPE = {methods.SCHOOLS: "school", methods.COLLEGES: "college", methods.KELESHEK: "school"}


def scored(code: str) -> set[str]:
    document = MethodologyDocument.model_validate(built_in.by_code(code).document)
    return {leaf.indicator for _, leaf in leaves(document)}


def test_every_built_in_methodology_is_published() -> None:
    assert {one.code for one in built_in.ALL} == {
        methods.SCHOOLS,
        methods.COLLEGES,
        methods.KELESHEK,
        methods.DIRECTIONS,
    }
    for text in (methods.NOTE, methods.NO_APPEALS):
        assert set(text) == {"kk", "ru", "en"}


@pytest.mark.parametrize("code", sorted(OF_TYPE))
def test_every_indicator_it_scores_is_observed_at_home(region: World, code: str) -> None:
    wanted = [
        place
        for place in region.home
        if place.type == OF_TYPE[code] and (code != methods.KELESHEK or place.key in region.keleshek)
    ]
    rows = measures.observations(SEED, wanted, measures.YEARS[-1])
    assert scored(code) <= {row.indicator for row in rows if row.value is not None}


def test_the_home_region_promised_something_in_every_direction_and_one_has_no_data_yet() -> None:
    promised = {target["indicator"] for target in directions.targets()}
    assert promised == scored(methods.DIRECTIONS)
    assert promised - {row.indicator for row in directions.observed()} == {"SCH_PSY_SUPPORT_COVERAGE"}


def test_one_school_of_the_national_project_at_home_lacks_a_certificate(region: World) -> None:
    at_home = [project for project in promises.construction() if promises.teaches_at_home(project)]
    assert len(at_home) == len(region.keleshek)
    proven = [
        gates.passed(
            StageHistory.model_validate(
                {
                    "items": [
                        {
                            "number": number,
                            "to_stage": step["stage"],
                            "effective_on": step["on"],
                            "evidence": step["evidence"],
                            "recorded_at": "2026-11-01T00:00:00+05:00",
                        }
                        for number, step in enumerate(project["history"], start=1)
                    ]
                }
            ).items,
            as_of=RATED_ON,
        )
        for project in at_home
    ]
    assert [set(Gate) - passed for passed in proven] == [{Gate.FIRE_CERTIFICATE}, *[set[Gate]()] * 4]
