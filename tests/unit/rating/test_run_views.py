"""The views of a methodology, as a run keeps them."""

import json

import numpy as np

from services.rating_engine.core.types import Column, Dataset, Leaf, Methodology, Node, StatusChange, ValueAdded
from services.rating_engine.runs.views import views

METHOD = Methodology(
    code="m",
    tree=Node("i", (Leaf("x"),)),
    value_added=(ValueAdded("v", "x", "before"),),
    status_change=(StatusChange("s", "x", (2.0,), ("low", "high"), (0.0,), ("down", "up"), (("a", "b"), ("c", "d"))),),
)


def _data(before: list[float]) -> Dataset:
    x = Column(np.array([1.0, 2, 3, 5]), previous=np.array([2.0, 1, np.nan, 1]))
    return Dataset(("a", "b", "c", "d"), {"x": x, "before": Column(np.array(before))})


def test_a_run_keeps_all_three_measures_and_the_labels_of_the_grid() -> None:
    kept = {one.kind: json.loads(one.content) for one in views(_data([1, 2, 3, 4]), METHOD)}

    assert kept["status_change"]["views"]["s"]["label"] == ["a", "d", None, "d"]
    assert set(kept["value_added"]["outcomes"]["v"]) == {"attainment", "progress", "contextual_progress"}
    assert kept["value_added"]["outcomes"]["v"]["attainment"]["raw"] == [1, 2, 3, 5]
    assert kept["value_added"]["unit"] == ["a", "b", "c", "d"]


def test_too_few_units_to_fit_do_not_stop_a_run() -> None:
    kept = {one.kind: json.loads(one.content) for one in views(_data([1, 2, np.nan, np.nan]), METHOD)}

    assert kept["value_added"]["impossible"] == {"code": "v", "units": 2, "needed": 3}


def test_a_methodology_without_views_leaves_nothing() -> None:
    assert list(views(_data([1, 2, 3, 4]), Methodology("m", METHOD.tree))) == []
