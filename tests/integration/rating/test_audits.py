"""A methodology is agreed with its audit: of exactly its document, never changed, every grave finding answered."""

import asyncio
import json
from typing import Any

import pytest

from tests.integration.rating.conftest import Town, agree, document, run
from tests.integration.rating.test_ratings import draft, publish


async def attach(town: Town, methodology: dict[str, Any], run_id: str) -> Any:
    return await town.house.rating.post(f"/v1/methodologies/{methodology['id']}/audit", json={"run_id": run_id})


async def test_a_methodology_without_an_audit_is_not_agreed_and_is_told_how_to_get_one(town: Town) -> None:
    methodology = await draft(town, "unaudited")

    answer = await town.house.rating.post(f"/v1/methodologies/{methodology['id']}/agree", json={})
    none = await town.house.rating.get(f"/v1/methodologies/{methodology['id']}/audit")

    assert (answer.status_code, answer.json()["code"]) == (409, "audit_missing")
    assert f"/v1/methodologies/{methodology['id']}/audit" in answer.json()["detail"]
    assert (none.status_code, none.json()["code"]) == (404, "audit_not_found")


async def test_an_audit_measures_every_part_and_lists_the_ten_steps(town: Town) -> None:
    uncertainty = {"replicates": 50, "seed": 1, "weights": {"kind": "uniform", "spread": 0.2}}
    methodology = await draft(town, "audited", uncertainty=uncertainty)
    done = await run(town, methodology)

    made = await attach(town, methodology, done["id"])
    again = await attach(town, methodology, done["id"])
    read = await town.house.rating.get(f"/v1/methodologies/{methodology['id']}/audit")
    same = await town.house.rating.get(read.url.path, headers={"If-None-Match": read.headers["etag"]})
    named = await town.house.rating.get(made.headers["location"])

    assert made.status_code == 201, made.text
    audit = made.json()
    assert audit == again.json() == read.json() == named.json()
    assert same.status_code == 304
    assert (audit["units"], audit["rated"], audit["is_current"]) == (6, 6, True) or audit["rated"] == 5
    assert audit["result_digest"] == done["result_digest"]
    assert {part["code"] for part in audit["parts"]} == {
        "outcomes",
        "conditions",
        "SCH_UNT_MEAN",
        "SCH_TEXTBOOK_PROVISION",
        "TCH_PD_3Y_SHARE",
    }
    nominal = {part["code"]: part["nominal"] for part in audit["parts"]}
    assert nominal["SCH_TEXTBOOK_PROVISION"] == pytest.approx(0.3)
    assert "indicator_without_values" in {finding["code"] for finding in audit["findings"]}
    assert all(finding["text"][language] for finding in audit["findings"] for language in ("kk", "ru", "en"))
    steps = {step["code"]: step for step in audit["steps"]}
    assert [step["number"] for step in audit["steps"]] == list(range(1, 11))
    assert steps["robustness"]["answered"] is True
    assert f"/v1/runs/{done['id']}/uncertainty" in [one["at"] for one in steps["robustness"]["evidence"]]
    assert steps["selection"]["answered"] is False
    assert steps["selection"]["findings"] == ["indicator_without_values"]


async def test_findings_that_stop_are_answered_in_writing_and_the_answer_is_kept(town: Town) -> None:
    flat = {"kind": "goalposts", "low": 0, "high": 10, "scale": [0, 100], "cap": True}
    tree = {
        "code": "index",
        "children": [
            {"indicator": "SCH_UNT_MEAN", "normalisation": flat},
            {"indicator": "SCH_TEXTBOOK_PROVISION", "normalisation": flat | {"low": 50, "high": 100}},
        ],
    }
    methodology = await draft(town, "constant", tree=tree)
    address = f"/v1/methodologies/{methodology['id']}"
    audit = (await attach(town, methodology, (await run(town, methodology))["id"])).json()

    unanswered = await town.house.rating.post(f"{address}/agree", json={})
    unknown = await town.house.rating.post(
        f"{address}/agree", json={"accepted_findings": {"no_such_finding": "Because"}}
    )
    reason = {"indicator_constant": "All are above the norm; it stays for new schools"}
    agreed = await town.house.rating.post(f"{address}/agree", json={"accepted_findings": reason})

    assert [finding["subject"] for finding in audit["findings"] if finding["severity"] == "stops"] == ["SCH_UNT_MEAN"]
    assert (unanswered.status_code, unanswered.json()["code"]) == (409, "audit_findings_unanswered")
    assert unanswered.json()["context"] == {"codes": "indicator_constant"}
    assert (unknown.status_code, unknown.json()["code"]) == (422, "finding_unknown")
    assert unknown.json()["errors"][0]["pointer"] == "/accepted_findings/no_such_finding"
    assert agreed.status_code == 200, agreed.text
    shown = (await town.house.rating.get(address)).json()
    assert (shown["audit_digest"], shown["accepted_findings"]) == (audit["digest"], reason)


async def test_an_audit_of_a_document_that_has_changed_since_does_not_count(town: Town) -> None:
    methodology = await draft(town, "moved-on")
    address = f"/v1/methodologies/{methodology['id']}"
    done = await run(town, methodology)
    await attach(town, methodology, done["id"])
    tag = (await town.house.rating.get(address)).headers["etag"]
    other = document("moved-on", missing={"policy": "require"})
    await town.house.rating.put(address, json=other, headers={"If-Match": tag})

    late = await attach(town, methodology, done["id"])
    refused = await town.house.rating.post(f"{address}/agree", json={})
    old = await town.house.rating.get(f"{address}/audit")

    assert (late.status_code, late.json()["code"]) == (409, "audit_of_another_document")
    assert refused.json()["code"] == "audit_missing"
    assert old.json()["is_current"] is False


async def test_the_run_of_another_version_is_no_ground_for_an_audit(town: Town) -> None:
    first, second = await draft(town, "one-of-two"), await draft(town, "one-of-two")

    answer = await attach(town, second, (await run(town, first))["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "audit_of_another_document")


async def test_the_run_that_was_audited_may_be_published_once_the_version_is_agreed(town: Town) -> None:
    methodology = await draft(town, "one-run")
    done = await run(town, methodology)
    await attach(town, methodology, done["id"])
    await town.house.rating.post(f"/v1/methodologies/{methodology['id']}/agree", json={})

    answer = await publish(town, done)

    assert answer.status_code == 201, answer.text


async def test_a_methodology_without_any_data_has_a_stated_answer(town: Town) -> None:
    tree = {"code": "index", "children": [{"indicator": "TCH_PD_3Y_SHARE"}]}
    methodology = await draft(town, "no-data", tree=tree)

    audit = await attach(town, methodology, (await run(town, methodology))["id"])

    assert [finding["code"] for finding in audit.json()["findings"]] == ["nothing_rated"]
    assert "NaN" not in json.dumps(audit.json())
    assert (await agree(town, methodology)).status_code == 200


async def test_two_who_attach_the_same_run_at_once_have_the_same_audit(town: Town) -> None:
    methodology = await draft(town, "twice-at-once")
    done = await run(town, methodology)

    answers = await asyncio.gather(*(attach(town, methodology, done["id"]) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
