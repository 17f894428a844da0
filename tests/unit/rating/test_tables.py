"""What a table may not say, and how it is named by its content."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.rating_engine.simulations import service as simulations
from services.rating_engine.simulations import tables
from services.rating_engine.snapshots.freeze import Frozen
from shared.errors import Problem
from shared.schemas.rating.methodology import MethodologyDocument
from shared.schemas.rating.simulations import MOST_UNITS, SimulationCreate, Table
from tests.unit.rating.cases import Json, simulate

TREE: Json = {"code": "i", "children": [{"indicator": "x"}, {"indicator": "y"}]}
TABLE: Json = {"units": ["a", "b"], "columns": {"x": [1, 2], "y": [3, None]}}


def _refusal(table: Json, tree: Json = TREE, **more: Any) -> tuple[str, list[tuple[str, str]]]:
    """The problem's code, and pointer and code of each of its errors."""
    body = {"methodology": {"code": "m", "tree": tree} | more, "table": table}
    with pytest.raises(Problem) as caught:
        simulations.simulate(SimulationCreate.model_validate(body))
    assert caught.value.status == 422
    return caught.value.code, [(error.pointer, error.code) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"units": ["a", "a"]}, [("/table/units/1", "unit_repeated")]),
        (
            {"columns": {"x": [1], "y": [3, 4, 5]}},
            [("/table/columns/x", "length_mismatch"), ("/table/columns/y", "length_mismatch")],
        ),
        ({"n": {"x": [1]}}, [("/table/n/x", "length_mismatch")]),
        ({"variance": {"z": [1, 1]}}, [("/table/variance/z", "column_unknown")]),
        ({"attributes": {"setting": ["urban"]}}, [("/table/attributes/setting", "length_mismatch")]),
    ],
)
def test_a_table_that_does_not_hold_together_is_refused(change: Json, expected: list[tuple[str, str]]) -> None:
    assert _refusal(TABLE | change) == ("table_refused", expected)


def test_every_indicator_and_peer_attribute_needs_its_column() -> None:
    assert _refusal(TABLE | {"columns": {"x": [1, 2]}}) == (
        "column_missing",
        [("/methodology/tree/children/1/indicator", "column_missing")],
    )
    assert _refusal(TABLE, peer_groups={"by": ["setting"]}) == (
        "column_missing",
        [("/methodology/peer_groups/by/0", "attribute_missing")],
    )


def test_a_negative_value_under_a_geometric_mean_is_refused_where_it_is_met() -> None:
    inner = {"code": "p", "aggregation": {"kind": "weighted_geometric"}, "children": [{"indicator": "x"}]}

    refusal = _refusal(TABLE | {"columns": {"x": [1, -2]}}, {"code": "i", "children": [inner]})

    assert refusal == ("value_below_zero", [("/methodology/tree/children/0/aggregation", "value_below_zero")])


@pytest.mark.parametrize("reference", ["nobody", "b"])
def test_a_reference_without_a_value_is_refused(reference: str) -> None:
    leaf = {"indicator": "y", "normalisation": {"kind": "distance_to_reference", "reference": reference}}

    code, errors = _refusal(TABLE, {"code": "i", "children": [leaf]})

    assert code == "reference_missing"
    assert errors == [("/methodology/tree/children/0/normalisation/reference", "reference_missing")]


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), -float("inf"), True, "7", 1.1e308, 10**400, [1]])
def test_a_cell_is_a_finite_number_or_null(cell: Any) -> None:
    with pytest.raises(ValidationError):
        SimulationCreate.model_validate(
            {"methodology": {"code": "m", "tree": TREE}, "table": TABLE | {"columns": {"x": [cell, 1]}}}
        )


def test_no_more_than_twenty_thousand_units() -> None:
    units = [f"u{place}" for place in range(MOST_UNITS + 1)]
    columns = {"x": [1.0] * len(units)}
    with pytest.raises(ValidationError):
        SimulationCreate.model_validate(
            {"methodology": {"code": "m", "tree": TREE}, "table": {"units": units, "columns": columns}}
        )

    tree = {"code": "i", "children": [{"indicator": "x"}]}
    assert simulate(tree, {"x": columns["x"][1:]}).rank == [1] * MOST_UNITS


def test_copeland_over_too_many_units_is_sent_to_a_run() -> None:
    tree = {"code": "i", "aggregation": {"kind": "copeland"}, "children": [{"indicator": "x"}, {"indicator": "y"}]}
    count = 16_000
    columns = {"x": [1.0] * count, "y": [2.0] * count}

    code, _ = _refusal({"units": [f"u{place}" for place in range(count)], "columns": columns}, tree)

    assert code == "simulation_too_large"


def test_columns_nobody_asked_for_are_left_aside_but_named_by_the_digest() -> None:
    more = simulate(TREE, {"x": [1, 2], "y": [3, 4], "z": [0, None]})
    less = simulate(TREE, {"x": [1, 2], "y": [3, 4]})

    assert more.score == less.score
    assert set(more.normalised) == {"x", "y"}
    assert more.data_digest != less.data_digest


def test_the_digest_of_the_data_forgets_the_order_of_units_and_nothing_else() -> None:
    def digest(units: list[str], x: list[float | None], **more: Any) -> str:
        return simulate({"code": "i", "children": [{"indicator": "x"}]}, {"x": x}, units=units, **more).data_digest

    first = digest(["a", "b", "c"], [1, None, 3])

    assert first == digest(["c", "a", "b"], [3, 1, None])
    assert first == digest(["a", "b", "c"], [1.0, None, 3.0])
    assert digest(["a", "b"], [0.0, 1]) == digest(["a", "b"], [-0.0, 1])
    others = [
        digest(["a", "b", "c"], [1, 3, None]),
        digest(["a", "b", "d"], [1, None, 3]),
        digest(["a", "b", "c"], [1, None, 3], n={"x": [1, 1, 1]}),
        digest(["a", "b", "c"], [1, None, 3], variance={"x": [1, 1, 1]}),
        digest(["a", "b", "c"], [1, None, 3], attributes={"s": ["u", None, ""]}),
        digest(["a", "b", "c"], [1, None, 3], attributes={"s": ["u", "", None]}),
    ]
    assert len({first, *others}) == len(others) + 1


def test_values_resting_on_too_few_observations_are_missing() -> None:
    answer = simulate(TREE, {"x": [1, 2], "y": [3, 4]}, n={"y": [4, 5]}, precision={"min_n": 5})

    assert answer.normalised["y"] == [None, 4]
    assert answer.coverage == [0.5, 1]


def test_peers_are_compared_with_one_another_and_small_groups_with_everyone() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "normalisation": {"kind": "percentile_rank"}}]}
    settings = ["u", "u", "u", "r", "r", "r", "s", None]

    answer = simulate(
        tree,
        {"x": [1, 2, 3, 10, 20, 30, 15, 15]},
        attributes={"setting": settings},
        peer_groups={"by": ["setting"], "minimum": 3},
    )

    assert answer.score == [0, 0.5, 1, 0, 0.5, 1, 4 / 7, 4 / 7]


def test_attributes_are_taken_as_the_registry_gives_them_and_folded_as_a_run_folds_them() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "normalisation": {"kind": "percentile_rank"}}]}
    given = {
        "languages": [["ru", "kk"], ["kk", "ru"], ["kk"], ["kk"], [], None],
        "is_boarding": [True, True, False, False, True, False],
        "setting": ["urban", "urban", "rural", "rural", "urban", None],
    }
    folded = {
        "languages": ["kk,ru", "kk,ru", "kk", "kk", "", None],
        "is_boarding": ["true", "true", "false", "false", "true", "false"],
        "setting": given["setting"],
    }
    frozen = Frozen("2025", date(2025, 9, 1), [], given, {}, {}).dataset()  # type: ignore[arg-type]
    document = MethodologyDocument.model_validate({"code": "m", "tree": tree})
    columns = {"x": [1.0, 2, 30, 40, 5, 6]}
    table = Table.model_validate({"units": list("abcdef"), "columns": columns, "attributes": given})

    rated = simulate(tree, columns, attributes=given, peer_groups={"by": list(given), "minimum": 2})

    assert tables.read(table, document).attributes == frozen.attributes
    assert {name: list(words) for name, words in frozen.attributes.items()} == folded
    assert rated.score[:4] == [0, 1, 0, 1]
    assert rated == simulate(tree, columns, attributes=folded, peer_groups={"by": list(given), "minimum": 2})


@pytest.mark.parametrize("cell", [1, 0.5, {"a": "b"}, [1], [None], [["kk"]], "a\nb", ["kk"] * 101, "x" * 301])
def test_an_attribute_is_a_word_yes_or_no_or_several_words(cell: Any) -> None:
    with pytest.raises(ValidationError):
        Table.model_validate({"units": ["a"], "columns": {"x": [1]}, "attributes": {"setting": [cell]}})


def test_reasons_come_in_any_case_and_small_numbers_in_two_spellings() -> None:
    def told(*reasons: str | None) -> Table:
        units = [f"u{place}" for place in range(len(reasons))]
        columns = {"x": [None] * len(reasons)}
        return Table.model_validate({"units": units, "columns": columns, "reason": {"x": list(reasons)}})

    loud = told("NOT_REPORTED", "Not_Applicable", "SUPPRESSED_SMALL_N", "suppressed_small_n", None)
    plain = told("not_reported", "not_applicable", "suppressed", "suppressed", None)

    assert loud == plain
    assert tables.digest(loud) == tables.digest(plain)
    for wrong in ("unknown", "", 7, ["not_reported"]):
        with pytest.raises(ValidationError):
            told(wrong)  # type: ignore[arg-type]
    no_list: Any
    for no_list in ("not_reported", {"a": 1}, None, 5):
        with pytest.raises(ValidationError):
            Table.model_validate({"units": ["a"], "columns": {"x": [None]}, "reason": {"x": no_list}})


def test_what_is_left_out_is_off() -> None:
    answer = simulate({"code": "i", "children": [{"indicator": "x"}]}, {"x": [2, None]})

    assert answer.model_dump(mode="json", exclude={"methodology_digest", "data_digest"}) == {
        "units": ["u0", "u1"],
        "score": [2.0, None],
        "rank": [1, None],
        "status": ["rated", "not_rated"],
        "reason": [None, "no_data"],
        "band": [None, None],
        "above_cut": None,
        "nodes": {"i": [2.0, None]},
        "normalised": {"x": [2.0, None]},
        "contributions": {"x": [2.0, None]},
        "filled": {},
        "limited": None,
        "coverage": [1.0, 0.0],
        "band_probability": None,
        "band_between": None,
        "misordered": None,
        "standing": None,
        "value_added": None,
        "status_change": None,
        "uncertainty": None,
        "sensitivity": None,
        "coherence": None,
        "best_light": None,
        "funnel": None,
        "several_years": None,
        "disclosure": None,
        "explanation": None,
    }


def test_reasons_and_last_values_are_part_of_the_name_only_where_there_are_any() -> None:
    plain = Table(units=["a", "b"], columns={"x": [1.0, None]})
    told = plain.model_copy(update={"reason": {"x": [None, "not_reported"]}})
    other = plain.model_copy(update={"reason": {"x": [None, "not_sampled"]}})
    last = plain.model_copy(update={"previous": {"x": [None, 2.0]}})
    turned = Table(units=["b", "a"], columns={"x": [None, 1.0]}, previous={"x": [2.0, None]})

    digests = [tables.digest(table) for table in (plain, told, other, last)]

    assert len(set(digests)) == 4
    assert tables.digest(turned) == digests[3]
    assert digests[0] == tables.digest(plain.model_copy(update={"reason": {}, "previous": {}}))


def test_tables_without_earlier_years_keep_the_name_they_had() -> None:
    plain = Table.model_validate({"units": ["b", "a"], "columns": {"x": [1, None]}})
    whole = plain.model_copy(
        update={
            "n": {"x": [3.0, 4.0]},
            "variance": {"x": [1.0, 2.0]},
            "attributes": {"s": ["u", None]},
            "reason": {"x": [None, "not_reported"]},
            "previous": {"x": [1.0, 2.0]},
            "shares": {"x": 100.0},
        }
    )

    assert tables.digest(plain) == "sha256:4c0112b492cd8495ff2a507bab4acec0820fef049efd65e6d0c8e0a9e2ab603c"
    assert tables.digest(whole) == "sha256:6179a2a501b1d6b3a19170c87f9f5e6b3e2a7a8721de130452d12ae394f30c3d"


def test_earlier_years_are_part_of_the_name_whatever_order_the_units_came_in() -> None:
    def named(units: list[str], values: list[list[float | None]], variance: list[list[float | None]]) -> str:
        history = {"x": {"values": values, "variance": variance}}
        columns = {"x": [1.0] * len(units)}
        return tables.digest(Table.model_validate({"units": units, "columns": columns, "history": history}))

    first = named(["a", "b"], [[1, 2], [3, None]], [[5, 6], [7, None]])

    assert first == named(["b", "a"], [[2, 1], [None, 3]], [[6, 5], [None, 7]])
    others = [
        named(["a", "b"], [[3, None], [1, 2]], [[7, None], [5, 6]]),
        named(["a", "b"], [[5, 6], [7, None]], [[1, 2], [3, None]]),
        named(["a", "b"], [[1, 2], [3, 0]], [[5, 6], [7, None]]),
        named(["a", "b"], [[1, 2], [3, None]], [[5, 6], [8, None]]),
    ]
    assert len({first, *others}) == 5
