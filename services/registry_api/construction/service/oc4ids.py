"""Projects in the words of the Open Contracting for Infrastructure Data Standard (OC4IDS), 0.9."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from services.registry_api.construction import repository
from services.registry_api.construction.repository import (
    ConstructionCost,
    ConstructionDate,
    ConstructionStageChange,
    listing,
)
from services.registry_api.construction.repository.listing import Wanted
from services.registry_api.construction.service import views
from shared.db.sessions import ReadSession
from shared.schemas.registry.construction_words import (
    ConstructionPartyRole,
    CostKind,
    EvidenceKind,
    FundingSource,
    Gate,
    Stage,
)

PREFIX = "bilim"
"""Makes our ids of projects unique in the world; a registered OC4IDS prefix takes its place once there is one."""
STATUS: Mapping[Stage, str] = {
    Stage.PLANNED: "identification",
    Stage.LAND: "identification",
    Stage.DESIGN: "preparation",
    Stage.CONTRACT: "preparation",
    Stage.CONSTRUCTION: "implementation",
    Stage.COMMISSIONED: "completion",
    Stage.OPERATING: "completed",
    Stage.CANCELLED: "cancelled",
}
"""The standard knows no suspension: such a project has the status of the stage it stopped at."""
ROLES: Mapping[ConstructionPartyRole, str] = {
    ConstructionPartyRole.CUSTOMER: "publicAuthority",
    ConstructionPartyRole.DESIGNER: "supplier",
    ConstructionPartyRole.BUILDER: "supplier",
    ConstructionPartyRole.SUPERVISOR: "administrativeEntity",
    ConstructionPartyRole.SPONSOR: "funder",
}
DOCUMENTS: Mapping[EvidenceKind, str] = {
    EvidenceKind.LAND_DECISION: "landAndSettlementImpact",
    EvidenceKind.DESIGN_DOCUMENTATION: "technicalSpecifications",
    EvidenceKind.CONTRACT: "contractSigned",
    EvidenceKind.CONSTRUCTION_PERMIT: "planningPermit",
    EvidenceKind.ACCEPTANCE_ACT: "completionCertificate",
    EvidenceKind.LICENCE_ANNEX: "projectEvaluation",
    EvidenceKind.SANITARY_CERTIFICATE: "completionCertificate",
    EvidenceKind.FIRE_CERTIFICATE: "completionCertificate",
    EvidenceKind.OTHER: "other",
}
SCHEMES = {"kz-bin": "KZ-BIN", "demo": "KZ-BIN-DEMO", "foreign": "FOREIGN"}


async def package(
    session: ReadSession, wanted: Wanted, *, after: UUID | None, limit: int
) -> tuple[list[dict[str, Any]], UUID | None]:
    """Projects in the order of their ids, and behind which one to go on."""
    rows = await listing.page(session, wanted, after=after, limit=limit + 1)
    shown = rows[:limit]
    ids = [row["id"] for row in shown]
    steps = views.by_project(await repository.trail(session, ConstructionStageChange, ids, known_at=wanted.known_at))
    dates = views.by_project(await repository.trail(session, ConstructionDate, ids, known_at=wanted.known_at))
    costs = views.by_project(await repository.trail(session, ConstructionCost, ids, known_at=wanted.known_at))
    made = [project(row, steps.get(row["id"], []), dates.get(row["id"], []), costs.get(row["id"], [])) for row in shown]
    return made, ids[-1] if len(rows) > limit else None


def project(
    row: Mapping[str, Any],
    steps: Sequence[ConstructionStageChange],
    dates: Sequence[ConstructionDate],
    costs: Sequence[ConstructionCost],
) -> dict[str, Any]:
    """One project; what is not known is left out, as the standard asks.

    Sums are numbers there, not text, and days are moments: the first second of the day in UTC.
    """
    stage = Stage(row["from_stage"]) if row["stage"] == Stage.SUSPENDED else Stage(row["stage"])
    title = row["name_ru"] or row["name_kk"] or row["name_en"]
    parties = _parties(row["parties"])
    document = {
        "id": f"{PREFIX}-{row['reference']}",
        "updated": _moment(row["updated_at"]),
        "title": title,
        "description": f"School for {row['design_capacity']} pupils",
        "status": STATUS[stage],
        "type": "construction",
        "sector": ["education"],
        "additionalClassifications": [{"scheme": "bilim-programme", "id": row["programme"]}]
        if row["programme"]
        else [],
        "period": _period(steps, dates),
        "locations": [_location(row)],
        "budget": _budget(row, costs),
        "parties": parties,
        "documents": _documents(row["id"], steps),
        "contractingProcesses": _contracts(row, costs, parties),
        "completion": _completion(row, costs),
        "forecasts": [_metric("capacity", "Places for pupils", row["design_capacity"], row["opens_on"])],
        "metrics": (
            [_metric("capacity", "Places for pupils", row["design_capacity"], None)] if row["built_on"] else []
        ),
    }
    return {name: value for name, value in document.items() if value not in (None, [], {})}


def _period(steps: Sequence[ConstructionStageChange], dates: Sequence[ConstructionDate]) -> dict[str, Any]:
    ends = [one for one in dates if one.gate == Gate.OPERATING]
    by_weight = sorted(ends, key=lambda one: (["agreed", "forecast", "actual"].index(one.kind), one.number))
    begun = {"startDate": _day(steps[0].effective_on)} if steps else {}
    return {**begun, **({"endDate": _day(by_weight[-1].latest)} if by_weight else {})}


def _location(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": "1", "gazetteer": {"scheme": "KZ-KATO", "identifiers": [row["area_code"]]}}
    if row["longitude"] is not None:
        found["geometry"] = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
    return found


def _budget(row: Mapping[str, Any], costs: Sequence[ConstructionCost]) -> dict[str, Any]:
    plans = [cost for cost in costs if cost.kind == CostKind.PLAN]
    amounts = [Decimal(one["amount"]) for one in row["funding"] if one["amount"] is not None]
    whole = plans[-1].amount if plans else sum(amounts, Decimal(0)) if amounts else None
    if whole is None:
        return {}
    budget: dict[str, Any] = {"amount": _value(whole)}
    if plans:
        budget["approvalDate"] = _day(plans[-1].effective_on)
    if amounts:
        budget["budgetBreakdown"] = [
            {
                "id": one["source"],
                "description": one["party"] or FundingSource(one["source"]).value,
                "amount": _value(Decimal(one["amount"])),
            }
            for one in row["funding"]
            if one["amount"] is not None
        ]
    return budget


def _parties(stated: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for number, one in enumerate(stated, start=1):
        party = {"id": f"{number}", "name": one["name"], "roles": [ROLES[ConstructionPartyRole(one["role"])]]}
        if one["value"] is not None:
            scheme = SCHEMES[one["scheme"]]
            party["id"] = f"{scheme}-{one['value']}-{number}"
            party["identifier"] = {"scheme": scheme, "id": one["value"], "legalName": one["name"]}
        found.append(party)
    return found


def _documents(project_id: UUID, steps: Sequence[ConstructionStageChange]) -> list[dict[str, Any]]:
    found = []
    for step in steps:
        for number, one in enumerate(step.evidence, start=1):
            document = {
                "id": f"{step.number}-{number}",
                "documentType": DOCUMENTS[EvidenceKind(one["kind"])],
                "title": one["reference"],
            }
            if one["url"]:
                document["url"] = one["url"]
            if one["dated"]:
                document["datePublished"] = _day(date.fromisoformat(one["dated"]))
            found.append(document)
    return found


def _contracts(
    row: Mapping[str, Any], costs: Sequence[ConstructionCost], parties: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """One contracting process, the building: its first price, and every change of it."""
    contracts = [cost for cost in costs if cost.kind == CostKind.CONTRACT]
    builders = [
        {"id": party["id"], "name": party["name"]}
        for party, stated in zip(parties, row["parties"], strict=True)
        if stated["role"] == ConstructionPartyRole.BUILDER
    ]
    if not contracts and not builders:
        return []
    summary: dict[str, Any] = {
        "nature": ["construction"],
        "title": "Construction",
        "status": "closed" if row["commissioned_on"] else "active" if contracts else "pre-award",
    }
    if builders:
        summary["suppliers"] = builders
    if contracts:
        summary["contractValue"] = _value(contracts[0].amount)
    if len(contracts) > 1:
        summary["modifications"] = [
            {
                "id": f"{number}",
                "date": _day(after.effective_on),
                "type": "value",
                "rationale": after.comment or after.reason or "",
                "oldContractValue": _value(before.amount),
                "newContractValue": _value(after.amount),
            }
            for number, (before, after) in enumerate(pairwise(contracts), start=1)
        ]
    return [{"id": f"{PREFIX}-{row['reference']}-construction", "summary": summary}]


def _completion(row: Mapping[str, Any], costs: Sequence[ConstructionCost]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row["commissioned_on"] is not None:
        found["endDate"] = _day(row["commissioned_on"])
        spent = [cost for cost in costs if cost.kind == CostKind.ACTUAL]
        if spent:
            found["finalValue"] = _value(spent[-1].amount)
        found["finalScope"] = f"School for {row['design_capacity']} pupils"
    return found


def _metric(code: str, title: str, measure: int, when: str | None) -> dict[str, Any]:
    observation: dict[str, Any] = {"id": "1", "measure": str(measure), "unit": {"name": "places"}}
    if when is not None:
        observation["notes"] = f"Opens {when}"
    return {"id": code, "title": title, "observations": [observation]}


def _value(amount: Decimal) -> dict[str, Any]:
    return {"amount": float(amount), "currency": "KZT"}


def _day(day: date) -> str:
    return _moment(datetime.combine(day, time(), UTC))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
