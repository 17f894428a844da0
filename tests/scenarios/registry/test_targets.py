"""Targets as the akim asks about them: every figure is one of the source documents."""

from typing import Any

import pytest

from tests.support.registry import KARAGANDA, SHYMKENT, Registry

LEADING = "REG_NIS_LEADING_SCHOOLS"
SOURCE = "akimat"


async def stated(registry: Registry, indicator: str, **fields: Any) -> dict[str, Any]:
    """A target of Shymkent by its akim unless said otherwise."""
    given = {"indicator": indicator, "comparator": "ge", "stated_by_role": "akim_of_city"}
    if "organisation_id" not in fields:
        given["area"] = SHYMKENT
    return await registry.post("/v1/targets", {**given, **fields})


async def progress(registry: Registry, target: dict[str, Any], **moment: Any) -> dict[str, Any]:
    return await registry.get(f"/v1/targets/{target['id']}/progress", **moment)


async def measured(registry: Registry, target: dict[str, Any], value: float, period: str, **fields: Any) -> None:
    await registry.post(
        f"/v1/targets/{target['id']}/observations",
        {"period": period, "value": value, "source_system": SOURCE, "status": "final", **fields},
    )


@pytest.fixture(scope="module")
async def twenty(registry: Registry) -> dict[str, Any]:
    """13 → 20 without a date: the target to go by; the registry itself counts 16 active members."""
    name = {"kk": "НЗМ жетекші мектептері", "ru": "Ведущие школы НИШ"}
    network = {"code": "leading", "kind": "leading_schools", "name": name, "indicator": LEADING}
    await registry.post("/v1/networks", network)
    mentor = await registry.organisation(kind="intellectual")
    for _ in range(16):
        school = await registry.organisation()
        membership = {"organisation_id": school["id"], "role": "leading", "mentor_id": mentor["id"]}
        await registry.post("/v1/networks/leading/memberships", {**membership, "valid_from": "2024-09-01"})
    return await stated(
        registry,
        LEADING,
        baseline_value=13,
        value_low=20,
        authoritative=True,
        quote="Қазір 13 мектеп, 20-ға жеткіземіз",
    )


async def test_a4_progress_of_leading_schools_is_42_857_percent(registry: Registry, twenty: dict[str, Any]) -> None:
    found = await progress(registry, twenty)

    assert found["progress"] == pytest.approx(300 / 7, abs=1e-12)
    assert round(found["progress"], 3) == 42.857
    assert found["remaining"] == 4
    assert found["due"] is None
    assert found["required_per_month"] is None
    assert found["met"] is False
    assert (found["actual"]["value"], found["actual"]["origin"]) == (16, "registry")


async def test_a5_an_aspiration_of_40_to_50_has_two_figures_and_no_mean(
    registry: Registry, twenty: dict[str, Any]
) -> None:
    later = await stated(
        registry,
        LEADING,
        baseline_value=13,
        comparator="range",
        value_low=40,
        value_high=50,
        qualifier="aspiration",
    )

    found = await progress(registry, later)

    assert round(found["progress_low"], 3) == 8.108
    assert round(found["progress_high"], 3) == 11.111
    assert found["progress"] is None
    assert (found["remaining"], found["remaining_high"]) == (24, 34)
    assert found["conflict"] is False, "an aspiration contradicts no promise"
    assert "45" not in str({**found, "target_id": "", "used_target_id": "", "explanation": ""})


async def test_a6_two_sentences_disagree_and_the_authoritative_one_is_used_and_named(
    registry: Registry, twenty: dict[str, Any]
) -> None:
    doubled = await stated(registry, LEADING, baseline_value=13, value_low=26, quote="Олардың саны екі еселенеді")

    listed = await registry.get("/v1/targets", indicator=LEADING, area=SHYMKENT, conflict=True)
    found = await progress(registry, doubled)

    assert [(one["value_low"], one["conflict"]) for one in listed["items"]] == [(20, True), (26, True)]
    assert found["used_target_id"] == twenty["id"]
    assert found["target_id"] == doubled["id"]
    assert (found["authoritative"], found["conflict"]) == (True, True)
    assert round(found["progress"], 3) == 42.857
    assert {one["target_id"]: round(one["progress"], 3) for one in found["stated"]} == {
        twenty["id"]: 42.857,
        doubled["id"]: 23.077,
    }


async def test_a6_a_second_target_cannot_be_the_one_to_go_by(registry: Registry, twenty: dict[str, Any]) -> None:
    refused = await registry.post(
        "/v1/targets",
        {
            "indicator": LEADING,
            "area": SHYMKENT,
            "comparator": "ge",
            "value_low": 30,
            "stated_by_role": "akim_of_city",
            "authoritative": True,
        },
        expect=409,
    )

    assert refused["code"] == "authoritative_exists"
    assert refused["context"]["target_id"] == twenty["id"]


async def test_a9_a_promise_of_no_three_shift_schools_is_not_met_while_there_is_one(registry: Registry) -> None:
    zero = await stated(registry, "REG_THREE_SHIFT_SCHOOLS", comparator="zero", baseline_value=3)
    school = await registry.organisation(shift_count=3)

    with_one = await progress(registry, zero)
    etag = (await registry.call("GET", f"/v1/organisations/{school['id']}", expect=200)).headers["ETag"]
    await registry.call(
        "PATCH",
        f"/v1/organisations/{school['id']}",
        {"shift_count": 2},
        expect=200,
        params={"effective_from": "2026-09-01"},
        if_match=etag,
    )
    before, after = [await progress(registry, zero, as_of=day) for day in ("2026-08-31", "2026-09-01")]

    assert (with_one["met"], with_one["actual"]["value"], with_one["actual"]["origin"]) == (False, 1, "registry")
    assert (before["met"], before["actual"]["value"]) == (False, 1)
    assert (after["met"], after["actual"]["value"], after["progress"]) == (True, 0, 100)


async def test_a10_four_of_about_thirty_schools_are_13_333_percent(registry: Registry) -> None:
    about = await stated(
        registry, "REG_SPONSOR_BUILT_SCHOOLS", baseline_value=0, value_low=30, qualifier="about", due="2030~"
    )
    gates = ("land_decision", "design_documentation", "contract", "construction_permit", "acceptance_act")
    stages = ("land", "design", "contract", "construction", "commissioned")
    history = [
        {"stage": stage, "on": f"2025-0{month}-10", "evidence": [{"kind": kind, "reference": f"№ {month}"}]}
        for month, (stage, kind) in enumerate(zip(stages, gates, strict=True), start=1)
    ]
    projects = [
        {
            "reference": f"SHY-{number:02}",
            "name": {"kk": f"{number} мектебі", "ru": f"Школа {number}"},
            "area": SHYMKENT,
            "setting": "city",
            "design_capacity": 1500,
            "valid_from": "2024-01-10",
            "is_synthetic": True,
            "funding": [{"source": "sponsor", "share": 1.0}],
            "history": history if number < 4 else [],
        }
        for number in range(30)
    ]
    await registry.post("/v1/construction-project-batches", {"projects": projects})

    found = await progress(registry, about)

    assert round(found["progress"], 3) == 13.333
    assert found["approximate"] is True
    assert (found["remaining"], found["actual"]["value"], found["actual"]["origin"]) == (26, 4, "registry")


@pytest.mark.parametrize(
    ("period", "value", "way", "regressed", "met"),
    [
        ("2021-Q3", 85.0, 40.0, False, False),
        ("2021-Q4", 83.0, -40.0, True, False),
        ("2022-Q1", 87.0, 120.0, False, True),
    ],
)
async def test_e2_preschool_coverage_goes_forth_back_and_beyond(
    registry: Registry, coverage: dict[str, Any], period: str, value: float, way: float, regressed: bool, met: bool
) -> None:
    await measured(registry, coverage, value, period)
    year, quarter = period.split("-Q")
    as_of = f"{year}-{int(quarter) * 3:02}-30"

    found = await progress(registry, coverage, as_of=as_of)

    assert (found["progress"], found["regressed"], found["met"]) == (way, regressed, met)
    assert found["comparable"] is True
    assert found["light"] == {40.0: "amber", -40.0: "red", 120.0: "green"}[way]


async def test_e2_a_value_for_ages_2_to_6_is_refused(registry: Registry, coverage: dict[str, Any]) -> None:
    refused = await registry.post(
        f"/v1/targets/{coverage['id']}/observations",
        {"indicator": "REG_PRE_COVERAGE_2_6", "period": "2021-Q3", "value": 95.9, "source_system": "NEDB"},
        expect=422,
    )

    assert coverage["age_band"] == {"youngest": 1, "oldest": 6}
    assert refused["code"] == "indicator_not_of_target"
    assert refused["context"]["given_ages"] == "2–6"
    assert refused["errors"][0]["pointer"] == "/indicator"


@pytest.fixture(scope="module")
async def coverage(registry: Registry) -> dict[str, Any]:
    """84 → 86.5 % of the children of Karaganda region aged 1 to 6."""
    return await stated(
        registry,
        "REG_PRE_COVERAGE_1_6",
        area=KARAGANDA,
        baseline_value=84,
        baseline_on="2021-08",
        value_low=86.5,
        stated_on="2021-08-20",
        stated_by_role="akim_of_region",
        source_url="https://www.zakon.kz/5079779",
    )


async def test_e3_libraries_of_99_of_100_are_not_all(registry: Registry) -> None:
    area = "610000000"
    code = "SCH_LIBRARY_RENEWAL"
    schools = [(await registry.organisation(area=area))["id"] for _ in range(60)]
    colleges = [(await registry.organisation(area=area, type="college"))["id"] for _ in range(40)]
    await registry.observe(
        *(
            {"organisation_id": one, "indicator": code, "period": "2022", "value": 100.0}
            for one in [*schools, *colleges[1:]]
        )
    )
    target = await stated(
        registry, code, area=area, comparator="all", each_at_least=100, due="2022-12-31", stated_on="2021-08"
    )

    found = await progress(registry, target, as_of="2023-01-01")

    assert (found["met"], found["value_low"], found["actual"]["value"]) == (False, 100, 99)
    assert found["completion"]["laggards"] == [colleges[0]]
    assert found["completion"]["laggard_count"] == 1
    assert found["completion"]["by_type"] == [
        {"organisation_type": "college", "done": 39, "of": 40, "share": 97.5},
        {"organisation_type": "school", "done": 60, "of": 60, "share": 100.0},
    ]
    assert (found["completion"]["done"], found["completion"]["of"]) == (99, 100)
    assert (found["overdue"], found["light"]) == (True, "red")
    await measured(registry, target, 100, "2022", organisation_id=colleges[0])
    assert (await progress(registry, target, as_of="2023-01-01"))["met"] is True


async def test_e4_supplementary_education_stands_at_43_005_percent(registry: Registry) -> None:
    code = "SCH_SUPPL_COVERAGE"
    target = await stated(registry, code, area=KARAGANDA, baseline_value=66.7, value_low=86)
    await measured(registry, target, 75.0, "2021-2022", n=200_000)

    found = await progress(registry, target, as_of="2022-05-01")

    assert round(found["progress"], 3) == 43.005
    assert (found["achieved_change"]["absolute"], found["achieved_change"]["unit"]) == (8.3, "points")


async def test_e4_a_pupil_of_three_clubs_counts_once(registry: Registry) -> None:
    code = "SCH_SUPPL_COVERAGE"
    target = await stated(registry, code, area="590000000", baseline_value=66.7, value_low=86)
    enrolments = {"indicator": "SCH_VOUCHER_USE", "period": "2022-03", "value": 98.0, "source_system": "clubs"}

    definition = await registry.get(f"/v1/indicators/{code}")
    refused = await registry.post(f"/v1/targets/{target['id']}/observations", enrolments, expect=422)

    assert definition["formula"].startswith("distinct pupils")
    assert refused["code"] == "indicator_not_of_target"
    assert (await progress(registry, target))["light"] == "no_data"


@pytest.mark.parametrize(
    ("value", "met", "gap", "period"), [(20.0, True, 0.0, "2024-2025"), (19.99, False, 0.01, "2025-2026")]
)
async def test_e6_dual_training_is_met_at_20_and_misses_it_by_0_01_at_19_99(
    registry: Registry, value: float, met: bool, gap: float, period: str
) -> None:
    area = "550000000"
    target = await stated(registry, "COL_DUAL_COVERAGE", area=area, value_low=20, qualifier="at_least")
    await measured(registry, target, value, period)

    found = await progress(registry, target, as_of=f"{period[5:]}-08-31")

    assert (found["met"], found["remaining"]) == (met, gap)
    assert found["progress"] is None
    assert found["regressed"] is None


async def test_e11_housing_of_40_of_120_is_33_3_percent_and_its_districts_make_the_whole(registry: Registry) -> None:
    code = "REG_SERVICE_HOUSING"
    target = await stated(registry, code, comparator="ge", value_low=100, area="750000000")
    districts = {"751110000": (10, 30), "751210000": (25, 60), "751310000": (5, 30)}
    await registry.observe(
        *(
            {"area": area, "indicator": code, "period": "2026-H1", "value": given * 100 / need, "n": need}
            for area, (given, need) in {**districts, "750000000": (40, 120)}.items()
        )
    )

    found = await registry.get(f"/v1/targets/{target['id']}/split")

    assert round(found["total"]["value"], 1) == 33.3
    assert (found["total"]["count"], found["total"]["n"]) == (40, 120)
    assert {part["area"]: (part["count"], part["n"]) for part in found["parts"]} == districts
    assert found["reconciles"] is True
    assert round((await progress(registry, target))["actual"]["value"], 1) == 33.3


async def test_f1_places_are_no_pupils(registry: Registry) -> None:
    for code, kk, ru in (("SCN_PLACES", "Орындар", "Места"), ("SCN_PUPILS", "Оқушылар", "Ученики")):
        await registry.post(
            "/v1/indicators",
            {
                "code": code,
                "level": "area",
                "pillar": "access",
                "name": {"kk": kk, "ru": ru},
                "unit": "count",
                "polarity": "higher",
                "formula": f"sum({code})",
                "period_kind": "calendar_year",
            },
        )
    taught = await stated(registry, "SCN_PUPILS", value_low=460_000, stated_by_role="head_of_state")
    path = f"/v1/targets/{taught['id']}/observations"
    places = {"indicator": "SCN_PLACES", "period": "2025", "value": 460_000, "source_system": "plan"}

    refused = await registry.post(path, places, expect=422)
    await registry.observe({**places, "area": SHYMKENT})

    assert refused["code"] == "indicator_not_of_target"
    assert (await progress(registry, taught))["met"] is None


async def test_f3_sources_that_differ_stand_side_by_side_and_the_one_used_is_named(registry: Registry) -> None:
    target = await stated(registry, "KEL_RURAL_SHARE", area="710000000", value_low=38)
    for source, value, period in (("source_document", 38.71, "2025-Q4"), ("qazmonitor", 40.0, "2025-Q3")):
        await measured(registry, target, value, period, source_system=source)

    found = await progress(registry, target, as_of="2026-01-15")
    named = await stated(registry, "KEL_RURAL_SHARE", area="710000000", value_low=38, source_system="qazmonitor")

    assert (found["actual"]["source_system"], found["actual"]["value"]) == ("source_document", 38.71)
    assert [(one["source_system"], one["value"]) for one in found["others"]] == [("qazmonitor", 40.0)]
    assert (await progress(registry, named, as_of="2026-01-15"))["actual"]["value"] == 40.0


async def test_f4_a_break_in_the_series_is_marked_and_nothing_is_compared_across_it(registry: Registry) -> None:
    target = await stated(
        registry,
        "REG_PRE_COVERAGE_1_6",
        area="390000000",
        baseline_value=89.8,
        baseline_on="2018",
        value_low=95,
    )
    await measured(registry, target, 84.0, "2021-Q2", break_in_series=True)

    found = await progress(registry, target, as_of="2021-08-20")
    asked = await progress(registry, target, as_of="2021-08-20", across_breaks=True)

    assert (found["comparable"], found["progress"], found["met"]) == (False, None, None)
    assert found["breaks"] == [{"on": "2021-06-30", "kind": "declared"}]
    assert (found["light"], found["light_reason"]) == ("amber", "not_comparable")
    assert (asked["comparable"], asked["regressed"], asked["met"]) == (False, True, False)


async def test_f4_karaganda_of_2021_is_not_karaganda_of_2026(registry: Registry, coverage: dict[str, Any]) -> None:
    await measured(registry, coverage, 86.0, "2026-Q1")

    found = await progress(registry, coverage, as_of="2026-04-01")

    assert (coverage["territory_version"], found["actual"]["territory_version"]) == (1, 2)
    assert found["breaks"] == [{"on": "2022-06-08", "kind": "territory"}]
    assert (found["comparable"], found["progress"]) == (False, None)


async def test_f5_a_target_may_be_undated_approximate_or_a_range(registry: Registry, twenty: dict[str, Any]) -> None:
    read = await registry.get(f"/v1/targets/{twenty['id']}", caller=registry.headers(None))

    assert (read["due"], read["stated_on"], read["valid_from"]) == (None, None, None)


async def test_f6_a_due_date_by_the_end_of_a_year_is_kept_as_it_was_said(registry: Registry) -> None:
    target = await stated(
        registry,
        "SCH_TEXTBOOK_PROVISION",
        area="110000000",
        baseline_value=80,
        baseline_on="2021",
        value_low=98,
        due="2022~",
        stated_on="2021-W33",
    )
    await measured(registry, target, 90, "2021-2022")

    found = await progress(registry, target, as_of="2022-07-01")

    assert (target["due"], target["due_latest"], target["valid_from"]) == ("2022~", "2022-12-31", "2021-08-16")
    assert (found["approximate"], found["overdue"]) == (True, False)
    assert found["required_per_month"] == pytest.approx(8 / (183 / 30.436875))
    assert found["trajectory"]["expected"] == pytest.approx(80 + 18 * 182 / 365)
    assert (await progress(registry, target, as_of="2023-01-01"))["overdue"] is True


@pytest.mark.parametrize(
    ("comparator", "bounds", "met", "missed"),
    [
        ("ge", {"value_low": 20}, 20.0, 19.99),
        ("le", {"value_low": 20}, 20.0, 20.01),
        ("eq", {"value_low": 20}, 20.0, 20.5),
        ("zero", {}, 0.0, 1.0),
        ("range", {"value_low": 40, "value_high": 50}, 45.0, 39.0),
        ("all", {}, 100.0, 96.0),
    ],
)
async def test_f7_each_comparator_decides_for_itself(
    registry: Registry, comparator: str, bounds: dict[str, Any], met: float, missed: float
) -> None:
    target = await stated(registry, "REG_PRE_PRIVATE_SHARE", area="230000000", comparator=comparator, **bounds)
    answers = []
    for value in (met, missed):
        await measured(registry, target, value, "2025-Q1")
        answers.append((await progress(registry, target, as_of="2025-06-30"))["met"])

    assert answers == [True, False]


async def test_f8_points_are_not_percent(registry: Registry) -> None:
    target = await stated(registry, "SCH_SUPPL_COVERAGE", area="270000000", baseline_value=66.7, value_low=86)

    planned = target["planned_change"]

    assert (planned["absolute"], planned["unit"]) == (19.3, "points")
    assert round(planned["percent"], 1) == 28.9
