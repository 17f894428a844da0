"""Observations of the demo are what the registry takes, with the gaps of real reports."""

from collections import defaultdict

import pytest

from deploy.demo import directions, measures
from deploy.demo.measures import Row
from deploy.demo.stories import facts
from deploy.demo.world import SEED, World
from services.registry_api.observations import rules
from shared.schemas.registry.indicators import PeriodKind
from shared.schemas.registry.observations import MissingReason


@pytest.fixture(scope="module")
def rows(region: World) -> list[Row]:
    return [row for year in measures.YEARS for row in measures.observations(SEED, region.home, year)]


def test_each_row_names_an_indicator_a_period_that_suits_it_and_a_plausible_value_or_a_reason(
    rows: list[Row], catalogue: dict[str, dict[str, str]]
) -> None:
    reasons = set(MissingReason)
    for row in [*rows, *facts(), *directions.observed()]:
        definition = catalogue[row.indicator]
        period = rules.period(row.period)
        assert period is not None, row
        assert rules.suits(period, PeriodKind(definition["period_kind"])), row
        assert (row.value is None) == (row.reason in reasons), row
        assert row.variance is None or row.variance > 0
        if row.value is not None:
            low, high = float(definition["plausible_min"]), float(definition["plausible_max"])
            assert low <= row.value <= high, row


def test_each_organisation_is_observed_once_by_each_indicator_and_period(rows: list[Row]) -> None:
    said = [(row.subject, row.indicator, row.period) for row in rows]
    assert len(set(said)) == len(said)


def test_each_indicator_is_measured_of_the_types_it_is_meant_for(
    region: World, rows: list[Row], catalogue: dict[str, dict[str, str]]
) -> None:
    types = {place.key: place.type for place in region.home}
    for row in rows:
        assert types[row.subject] in catalogue[row.indicator]["organisation_types"].split(";"), row


def test_a_quarter_of_the_schools_is_sampled_each_year_and_none_twice_running(rows: list[Row]) -> None:
    sampled: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.indicator == "SCH_MODO_G9" and row.reason != "not_sampled":
            sampled[row.period].add(row.subject)
    drawn = [sampled[year] for year in measures.YEARS]
    assert [len(one) / 433 for one in drawn] == pytest.approx([0.25] * 3, abs=0.02)
    assert not drawn[0] & drawn[1]
    assert not drawn[1] & drawn[2]


def test_about_two_in_a_hundred_do_not_report(region: World, rows: list[Row]) -> None:
    silent = {(row.subject, row.period) for row in rows if row.reason == "not_reported"}
    assert len(silent) / (len(region.home) * len(measures.YEARS)) == pytest.approx(0.02, abs=0.01)
