"""The Human Development Index of 2014: goalposts, caps, logarithms and a geometric mean over an arithmetic one."""

from tests.unit.rating.cases import Columns, Json, close, rows, simulate

HDI: Json = {
    "code": "hdi",
    "aggregation": {"kind": "weighted_geometric"},
    "children": [
        {
            "indicator": "life_expectancy",
            "normalisation": {"kind": "goalposts", "low": 20, "high": 85, "cap": True},
        },
        {
            "code": "education",
            "aggregation": {"kind": "weighted_arithmetic"},
            "children": [
                {
                    "indicator": "expected_years",
                    "normalisation": {"kind": "goalposts", "low": 0, "high": 18, "cap": True},
                },
                {
                    "indicator": "mean_years",
                    "normalisation": {"kind": "goalposts", "low": 0, "high": 15, "cap": True},
                },
            ],
        },
        {
            "indicator": "gni_pc",
            "normalisation": {"kind": "log_goalposts", "low": 100, "high": 75000, "cap": True},
        },
    ],
}
INPUTS = ("life_expectancy", "expected_years", "mean_years", "gni_pc")


def _input() -> tuple[list[str], Columns]:
    lines = rows("hdi_2014/hdi_2014_input.csv")
    return [line["country"] for line in lines], {name: [float(line[name]) for line in lines] for name in INPUTS}


def test_all_188_countries_have_their_published_index() -> None:
    countries, columns = _input()
    published = [float(line["hdi_published"]) for line in rows("hdi_2014/hdi_2014_input.csv")]

    rated = simulate(HDI, columns, units=countries)

    assert len(countries) == 188
    assert all(
        score is not None and abs(score - value) <= 0.0015 for score, value in zip(rated.score, published, strict=True)
    )


def test_the_published_values_rank_as_published() -> None:
    lines = rows("hdi_2014/hdi_2014_input.csv")
    published = [float(line["hdi_published"]) for line in lines]

    rated = simulate({"code": "hdi", "children": [{"indicator": "value"}]}, {"value": published})

    assert rated.rank == [int(line["hdi_rank"]) for line in lines]


def test_components_and_index_equal_the_independent_computation() -> None:
    countries, columns = _input()
    lines = rows("hdi_2014/hdi_2014_expected.csv")

    rated = simulate(HDI, columns, units=countries)

    assert close(rated.score, [float(line["hdi_computed"]) for line in lines], 1e-12)
    assert close(rated.normalised["life_expectancy"], [float(line["health_index"]) for line in lines], 1e-12)
    assert close(rated.nodes["education"], [float(line["education_index"]) for line in lines], 1e-12)
    assert close(rated.normalised["gni_pc"], [float(line["income_index"]) for line in lines], 1e-12)

    rounded = simulate(
        {"code": "hdi", "children": [{"indicator": "v"}]}, {"v": [round(v or 0, 3) for v in rated.score]}
    )
    assert rounded.rank == [int(line["rank_computed"]) for line in lines]


def test_the_arithmetic_index_equals_the_independent_computation() -> None:
    countries, columns = _input()
    arithmetic = HDI | {"aggregation": {"kind": "weighted_arithmetic"}}

    rated = simulate(arithmetic, columns, units=countries)

    expected = [float(line["hdi_arithmetic"]) for line in rows("hdi_2014/hdi_2014_expected.csv")]
    assert close(rated.score, expected, 1e-12)
