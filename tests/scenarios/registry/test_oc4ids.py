"""The pipeline in OC4IDS, held against what the standard's reference (0.9) says of the parts we give.

The official schema is not shipped with this house; what stands here was written from its published reference and
covers only the fields that we give, so that a misspelt one, a wrong type or a word outside a closed list is noticed.
"""

from typing import Any

import jsonschema_rs

from tests.scenarios.registry.test_construction import PROJECTS, passed, project
from tests.support.registry import SHYMKENT, Registry, demo_number


def only(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def many(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}


TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
MOMENT = {"type": "string", "format": "date-time"}
VALUE = only({"amount": {"type": "number"}, "currency": {"const": "KZT"}}, "amount", "currency")
PERIOD = only({"startDate": MOMENT, "endDate": MOMENT})
REFERENCE = only({"id": TEXT, "name": TEXT}, "id", "name")
METRIC = only(
    {
        "id": TEXT,
        "title": TEXT,
        "observations": many(
            only({"id": TEXT, "measure": TEXT, "unit": only({"name": TEXT}, "name"), "notes": TEXT}, "id")
        ),
    },
    "id",
)
PROJECT = only(
    {
        "id": TEXT,
        "updated": MOMENT,
        "title": TEXT,
        "description": TEXT,
        "status": {"enum": ["identification", "preparation", "implementation", "completion", "completed", "cancelled"]},
        "type": {"enum": ["construction", "rehabilitation", "replacement"]},
        "sector": many(TEXT),
        "additionalClassifications": many(only({"scheme": TEXT, "id": TEXT})),
        "period": PERIOD,
        "locations": many(
            only(
                {
                    "id": TEXT,
                    "gazetteer": only({"scheme": TEXT, "identifiers": many(TEXT)}),
                    "geometry": only(
                        {"type": {"const": "Point"}, "coordinates": {"type": "array", "items": {"type": "number"}}}
                    ),
                },
                "id",
            )
        ),
        "budget": only(
            {
                "amount": VALUE,
                "approvalDate": MOMENT,
                "budgetBreakdown": many(only({"id": TEXT, "description": TEXT, "amount": VALUE}, "id")),
            }
        ),
        "parties": many(
            only(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "roles": many(TEXT),
                    "identifier": only({"scheme": TEXT, "id": TEXT, "legalName": TEXT}),
                }
            )
        ),
        "documents": many(
            only({"id": TEXT, "documentType": TEXT, "title": TEXT, "url": TEXT, "datePublished": MOMENT}, "id")
        ),
        "contractingProcesses": many(
            only(
                {
                    "id": TEXT,
                    "summary": only(
                        {
                            "nature": many({"enum": ["design", "construction", "supervision"]}),
                            "title": TEXT,
                            "status": {"enum": ["pre-award", "active", "closed"]},
                            "suppliers": many(REFERENCE),
                            "contractValue": VALUE,
                            "modifications": many(
                                only(
                                    {
                                        "id": TEXT,
                                        "date": MOMENT,
                                        "type": TEXT,
                                        "rationale": TEXT,
                                        "oldContractValue": VALUE,
                                        "newContractValue": VALUE,
                                    },
                                    "id",
                                )
                            ),
                        }
                    ),
                },
                "id",
            )
        ),
        "completion": only({"endDate": MOMENT, "finalValue": VALUE, "finalScope": TEXT}),
        "forecasts": many(METRIC),
        "metrics": many(METRIC),
    },
    "id",
)
PACKAGE = only(
    {
        "uri": {"type": "string", "format": "uri"},
        "version": {"type": "string", "pattern": r"^(\d+\.)(\d+)$"},
        "publishedDate": MOMENT,
        "publisher": only({"name": TEXT}, "name"),
        "projects": {"type": "array", "items": PROJECT, "uniqueItems": True},
        "next": {"type": ["string", "null"]},
    },
    "uri",
    "version",
    "publishedDate",
    "publisher",
    "projects",
)


async def test_d6_the_pipeline_is_given_in_oc4ids(registry: Registry) -> None:
    builder = {"role": "builder", "name": "ТОО «Құрылысшы»", "scheme": "demo", "value": demo_number(900)}
    whole = project(
        "OC-1",
        programme="oc4ids",
        location={"latitude": 42.34, "longitude": 69.59},
        funding=[{"source": "sponsor", "amount": "6000000000.00"}, {"source": "state", "amount": "3400000000.00"}],
        parties=[builder, {"role": "customer", "name": "Управление строительства"}],
        history=passed("commissioned"),
    )
    made = await registry.post(PROJECTS, whole)
    await registry.post(PROJECTS, project("OC-2", programme="oc4ids", history=passed("design")))
    stopped = await registry.post(PROJECTS, project("OC-3", programme="oc4ids", history=passed("construction")))
    await registry.post(f"{PROJECTS}/{stopped['id']}/stage-changes", {"stage": "suspended", "reason": "funding"})
    for cost in (
        {"kind": "plan", "amount": "9400000000.00"},
        {"kind": "contract", "amount": "9400000000.00"},
        {"kind": "contract", "amount": "9800000000.50", "reason": "prices", "comment": "Доп. соглашение № 2"},
        {"kind": "actual", "amount": "9800000000.50"},
    ):
        await registry.post(f"{PROJECTS}/{made['id']}/costs", cost)

    package = await registry.get(f"{PROJECTS}/oc4ids", caller=registry.headers(None), programme="oc4ids")

    jsonschema_rs.validator_for(PACKAGE, validate_formats=True).validate(package)
    by_id = {one["id"]: one for one in package["projects"]}
    assert {name: one["status"] for name, one in by_id.items()} == {
        "bilim-OC-1": "completion",
        "bilim-OC-2": "preparation",
        "bilim-OC-3": "implementation",
    }
    first = by_id["bilim-OC-1"]
    assert first["locations"][0]["gazetteer"] == {"scheme": "KZ-KATO", "identifiers": [SHYMKENT]}
    assert first["budget"]["amount"] == {"amount": 9400000000.0, "currency": "KZT"}
    assert [one["amount"]["amount"] for one in first["budget"]["budgetBreakdown"]] == [6000000000.0, 3400000000.0]
    (contract,) = first["contractingProcesses"]
    assert contract["summary"]["contractValue"]["amount"] == 9400000000.0
    assert contract["summary"]["modifications"][0]["newContractValue"]["amount"] == 9800000000.5
    assert {supplier["id"] for supplier in contract["summary"]["suppliers"]} <= {one["id"] for one in first["parties"]}
    assert [one["roles"] for one in first["parties"]] == [["supplier"], ["publicAuthority"]]
    assert len(first["documents"]) == 5
    assert first["completion"]["finalValue"]["amount"] == 9800000000.5


async def test_a_package_leads_on_to_the_next_one(registry: Registry) -> None:
    for number in range(3):
        await registry.post(PROJECTS, project(f"OCP-{number}", programme="oc4ids-pages"))

    first = await registry.get(f"{PROJECTS}/oc4ids", programme="oc4ids-pages", limit=2)
    second = await registry.get(f"{PROJECTS}/oc4ids", programme="oc4ids-pages", limit=2, after=first["next"])

    assert [one["id"] for one in [*first["projects"], *second["projects"]]] == [
        f"bilim-OCP-{number}" for number in range(3)
    ]
    assert second["next"] is None
