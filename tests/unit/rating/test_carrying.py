"""What a snapshot takes from earlier periods, from documents and from targets."""

from datetime import date
from uuid import UUID

import numpy as np
import pytest

from services.rating_engine.snapshots import freeze, gates
from services.rating_engine.snapshots.carrying import carried
from services.rating_engine.snapshots.freeze import Carried, Frozen
from services.rating_engine.snapshots.periods import earlier
from services.rating_engine.snapshots.regions import unit
from shared.schemas.rating.population import CarryForward, Gate
from shared.schemas.registry.construction_history import StageChangeRead
from shared.schemas.tables import IndicatorColumn, IndicatorTable, MissingReason

SCHOOLS = [UUID(int=number) for number in range(1, 6)]
DAY = date(2026, 11, 1)
MODO = "SCH_MODO_G9"
_SILENT, _LEFT_OUT = MissingReason.NOT_REPORTED, MissingReason.NOT_SAMPLED


def column(values: list[float | None], reason: MissingReason = _LEFT_OUT) -> IndicatorColumn:
    return IndicatorColumn(
        value=values,
        n=[None if value is None else 20 for value in values],
        variance=[None if value is None else 4.0 for value in values],
        reason=[reason if value is None else None for value in values],
    )


def snapshot(one: IndicatorColumn) -> Frozen:
    return Frozen("2025-2026", DAY, SCHOOLS, {"type": ["school"] * 5}, {MODO: one}, {MODO: "registry"})


class Registry:
    """Gives the years it has, the organisations in another order, and remembers what was asked."""

    def __init__(self, **years: list[float | None]) -> None:
        self._years = years
        self.asked: list[str] = []

    async def __call__(self, codes: list[str], period: str) -> IndicatorTable:
        self.asked.append(period)
        values = self._years.get(f"y{period[:4]}", [None] * 5)
        return IndicatorTable(
            organisations=list(reversed(SCHOOLS)),
            attributes={},
            columns={code: column(list(reversed(values))) for code in codes},
            as_of=DAY,
            digest="sha256:" + "0" * 64,
        )


async def test_a_school_that_was_not_drawn_keeps_its_latest_value_for_three_years() -> None:
    registry = Registry(y2024=[None, 61.0, None, None, None], y2023=[None, 55.0, 62.0, None, None], y2021=[1.0] * 5)

    found = await carried(snapshot(column([60.0, None, None, None, None])), {MODO: CarryForward(periods=3)}, registry)

    assert registry.asked == ["2024-2025", "2023-2024", "2022-2023"]
    assert found.columns[MODO].value == [60.0, 61.0, 62.0, None, None]
    assert found.columns[MODO].reason == [None, None, None, _LEFT_OUT, _LEFT_OUT]
    assert found.columns[MODO].variance == [4.0, 4.0, 4.0, None, None], "the core widens, by the age"
    assert found.carried == {MODO: {SCHOOLS[1]: Carried("2024-2025", 1), SCHOOLS[2]: Carried("2023-2024", 2)}}
    age = found.dataset().columns[MODO].age
    assert age is not None
    assert age.tolist() == [0, 1, 2, 0, 0]


async def test_who_did_not_report_is_not_helped_by_what_was_reported_before() -> None:
    registry = Registry(y2024=[70.0] * 5)

    found = await carried(snapshot(column([60.0] + [None] * 4, _SILENT)), {MODO: CarryForward(periods=3)}, registry)

    assert registry.asked == []
    assert found.columns[MODO].reason.count(_SILENT) == 4


async def test_a_snapshot_tells_what_it_carried_and_is_the_same_when_read_again() -> None:
    found = await carried(
        snapshot(column([60.0, None, None, None, None])), {MODO: CarryForward(periods=1)}, Registry(y2024=[50.0] * 5)
    )

    again = freeze.parse(freeze.unpack(freeze.pack(found.content())))

    assert again.carried == found.carried
    assert again.content() == found.content()
    plain = snapshot(column([60.0] * 5))
    assert b"carried" not in plain.content(), "snapshots without it keep their names"
    assert np.array_equal(again.dataset().columns[MODO].values, found.dataset().columns[MODO].values, equal_nan=True)


def test_who_gave_what_is_read_without_the_data() -> None:
    named = Frozen("2025-2026", DAY, SCHOOLS[:1], {"name_ru": ['Школа "sources":{"a":"b"}']}, {}, {"sources": "x"})
    empty = Frozen("2025-2026", DAY, [], {}, {}, {})

    for frozen in (snapshot(column([1.0] * 5)), named, empty):
        assert freeze.sources_of(frozen.content()) == frozen.sources


@pytest.mark.parametrize(
    ("period", "by", "before"),
    [
        ("2025-2026", 3, "2022-2023"),
        ("2025", 2, "2023"),
        ("2025-H1", 3, "2023-H2"),
        ("2025-Q1", 5, "2023-Q4"),
        ("2025-02", 14, "2023-12"),
        ("1900-1901", 1, None),
        ("spring", 1, None),
    ],
)
def test_periods_have_those_before_them(period: str, by: int, before: str | None) -> None:
    assert earlier(period, by) == before


def test_a_gate_is_passed_by_a_document_dated_until_the_day() -> None:
    def step(number: int, stage: str, on: str, *documents: str) -> StageChangeRead:
        evidence = [{"kind": kind, "reference": "№ 1"} for kind in documents]
        told = {"number": number, "to_stage": stage, "effective_on": on, "evidence": evidence}
        return StageChangeRead.model_validate(told | {"recorded_at": "2026-01-01T00:00:00Z"})

    steps = [
        step(1, "construction", "2025-01-01", "construction_permit"),
        step(2, "commissioned", "2026-05-01", "acceptance_act", "sanitary_certificate"),
        step(3, "operating", "2026-12-01", "licence_annex", "fire_certificate"),
    ]

    assert gates.passed(steps, as_of=date(2025, 6, 1)) == frozenset()
    assert gates.passed(steps, as_of=DAY) == {Gate.COMMISSIONED, Gate.SANITARY_CERTIFICATE}
    assert gates.passed(steps, as_of=date(2026, 12, 1)) == set(Gate)


def test_a_region_has_one_id_in_every_rating() -> None:
    assert unit("390000000") == unit("390000000") != unit("350000000")
