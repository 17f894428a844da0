"""The whole pipeline of COINr over the ASEM data, from raw figures to ranks, said in one document."""

from functools import cache

import pytest

from shared.schemas.rating.simulations import SimulationRead
from tests.unit.rating.cases import Columns, Json, close, number, rows, simulate, table

ASEM = "coinr_asem"
IMPUTATION: Json = {"kind": "group_mean", "by": ["EurAsia_group"]}
WINSORISE: Json = {"kind": "winsorise", "max_points": 5, "fallback": "log"}


def meta() -> list[dict[str, str]]:
    """Indicators and aggregates with level, parent, direction, weight and denominator."""
    return [line for line in rows(f"{ASEM}/input_iMeta.csv") if line["Type"] in ("Indicator", "Aggregate")]


def raw() -> tuple[list[str], Columns, dict[str, list[str]]]:
    """Units, every numeric column with the denominators, and the groups."""
    lines = rows(f"{ASEM}/input_iData.csv")
    codes = [line["iCode"] for line in meta() if line["Type"] == "Indicator"]
    names = [*codes, "Area", "Energy", "GDP", "Population"]
    columns = {name: [number(line[name]) for line in lines] for name in names}
    return [line["uCode"] for line in lines], columns, {"EurAsia_group": [line["EurAsia_group"] for line in lines]}


def tree(**leaf: object) -> Json:
    """The index with its weights, directions and denominators; `leaf` is said of every indicator."""
    lines = meta()

    def build(line: dict[str, str]) -> Json:
        if line["Type"] == "Indicator":
            denominator = {"denominator": line["Denominator"]} if line["Denominator"] else {}
            direction = "lower" if line["Direction"] == "-1" else "higher"
            weight = float(line["Weight"])
            return {"indicator": line["iCode"], "weight": weight, "direction": direction, **denominator, **leaf}
        children = [build(other) for other in lines if other["Parent"] == line["iCode"]]
        return {"code": line["iCode"], "weight": float(line["Weight"]), "children": children}

    return build(next(line for line in lines if line["Level"] == "4"))


@cache
def rated(step: str = "all") -> SimulationRead:
    """The data after a step: the steps after it are left out and the values come out as they are."""
    units, columns, groups = raw()
    treatment = WINSORISE if step in ("treated", "all") else {"kind": "none"}
    normalisation: Json = {"kind": "min_max", "scale": [0, 100]} if step == "all" else {"kind": "identity"}
    said: Json = {} if step == "denominated" else {"imputation": IMPUTATION}
    return simulate(
        tree(treatment=treatment, normalisation=normalisation),
        columns,
        units=units,
        attributes=groups,
        screening={"min_available": 0.79},
        **said,
    )


def in_order(path: str, units: list[str]) -> Columns:
    """The columns of a case file in the order of `units`."""
    names, columns = table(f"{ASEM}/{path}", "uCode")
    places = [names.index(unit) for unit in units]
    return {code: [cells[place] for place in places] for code, cells in columns.items()}


def test_the_raw_step_is_what_came_in() -> None:
    units, columns, _ = raw()
    expected = in_order("step_Raw.csv", units)

    assert len(expected) == 49
    assert all(close(columns[code], cells) for code, cells in expected.items())


@pytest.mark.parametrize(
    ("step", "file"), [("denominated", "step_Denominated"), ("imputed", "step_Imputed"), ("imputed", "step_Screened")]
)
def test_denominated_imputed_and_screened_data_equal_coinr(step: str, file: str) -> None:
    answer = rated(step)
    expected = in_order(f"{file}.csv", answer.units)
    directions = {line["iCode"]: float(line["Direction"]) for line in meta() if line["Direction"]}

    for code, cells in expected.items():
        natural = [None if cell is None else cell * directions[code] for cell in cells]
        assert close(answer.normalised[code], natural), code


def test_treated_data_equal_coinr() -> None:
    answer = rated("treated")
    expected = in_order("step_Treated.csv", answer.units)
    directions = {line["iCode"]: float(line["Direction"]) for line in meta() if line["Direction"]}

    for code, cells in expected.items():
        natural = [None if cell is None else cell * directions[code] for cell in cells]
        assert close(answer.normalised[code], natural), code


def test_normalised_data_scores_of_every_level_and_ranks_equal_coinr() -> None:
    answer = rated()
    normalised = in_order("step_Normalised.csv", answer.units)
    aggregated = in_order("step_Aggregated.csv", answer.units)
    nodes = [line["iCode"] for line in meta() if line["Type"] == "Aggregate"]

    assert [code for code in normalised if not close(answer.normalised[code], normalised[code])] == []
    assert [code for code in nodes if not close(answer.nodes[code], aggregated[code])] == []
    assert close(answer.score, aggregated["Index"])


def test_results_as_coinr_tells_them_equal_ours() -> None:
    answer = rated()
    told = {line["uCode"]: line for line in rows(f"{ASEM}/results_scores_full.csv")}
    places = {line["uCode"]: line for line in rows(f"{ASEM}/results_ranks_full.csv")}
    values = answer.nodes | answer.normalised

    for unit, place, rank in zip(answer.units, range(51), answer.rank, strict=True):
        for code, column in values.items():
            assert abs((column[place] or 0) - float(told[unit][code])) <= 0.005 + 1e-9
            better = sum((other or 0) > (column[place] or 0) for other in column)
            assert 1 + better == int(places[unit][code])
        assert rank == int(told[unit]["Rank"])


def test_imputed_cells_are_told_and_count_as_gaps() -> None:
    answer = rated()
    before = in_order("step_Denominated.csv", answer.units)

    for code, cells in before.items():
        told = answer.filled.get(code, [None] * len(cells))
        assert told == ["imputed" if cell is None else None for cell in cells]
    gaps = [sum(cells[place] is None for cells in before.values()) for place in range(len(answer.units))]
    assert all((share < 1 - 1e-9) == (gap > 0) for share, gap in zip(answer.coverage, gaps, strict=True))


def test_screening_counts_what_was_observed_where_coinr_counts_what_was_imputed() -> None:
    """COINr screens at 90 % after imputation, when nothing is missing: its step_Screened keeps all 51 countries, five
    of which had less than 90 % of the data. Observed shares are what screening is about."""
    units, columns, groups = raw()
    answer = simulate(
        tree(normalisation={"kind": "min_max"}),
        columns,
        units=units,
        attributes=groups,
        screening={"min_available": 0.9},
        imputation=IMPUTATION,
    )

    out = {unit for unit, reason in zip(units, answer.reason, strict=True) if reason == "screened_out"}
    assert out == {"BRN", "LAO", "MMR", "BGD", "KHM"}
    stayed = [place for place, unit in enumerate(units) if unit not in out]
    alone = simulate(
        tree(normalisation={"kind": "min_max"}),
        {code: [cells[place] for place in stayed] for code, cells in columns.items()},
        units=[units[place] for place in stayed],
        attributes={"EurAsia_group": [groups["EurAsia_group"][place] for place in stayed]},
        imputation=IMPUTATION,
    )
    assert [answer.score[place] for place in stayed] == alone.score
    assert [answer.rank[place] for place in stayed] == alone.rank
