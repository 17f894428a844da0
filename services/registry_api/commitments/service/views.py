"""What callers see of a commitment, made of its row, its lights and the parties of its memorandum."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.commitments import lights
from services.registry_api.commitments.models import CommitmentOverride, CommitmentReport
from services.registry_api.commitments.repository import listing
from services.registry_api.memoranda import service as memoranda
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.registry.commitment_words import CommitmentLight, CommitmentStatus, EvidenceReview

Row = Mapping[str, Any]
LANGUAGES = ("kk", "ru", "en")


def trusts(actor: Actor | None) -> bool:
    """Whether the caller sees more than the public does."""
    return actor is not None and actor.has(Scope.REGISTRY_READ)


@dataclass(frozen=True, slots=True)
class Signals:
    """Both lights of a commitment on a day."""

    delivery: lights.Delivery
    freshness: lights.Freshness


@dataclass(slots=True)
class Told:
    """What was reported of a commitment and what was set by hand, as far as lights depend on it."""

    progress: list[lights.Progress]
    reported_on: list[date]
    overrides: list[lights.Override]

    def override_of(self, on: date) -> lights.Override | None:
        """The latest one that holds on the day."""
        holding = (one for one in reversed(self.overrides) if one.since <= on < one.expires_on)
        return next(holding, None)


async def told(session: AnySession, ids: Sequence[UUID], *, known_at: datetime | None) -> dict[UUID, Told]:
    """What was told of each of these commitments, asked at once."""
    found = {id_: Told([], [], []) for id_ in ids}
    if not ids:
        return found
    for report in await listing.reports(session, ids, known_at=known_at):
        one = found[report.commitment_id]
        one.reported_on.append(day_in_kazakhstan(report.submitted_at))
        if report.value is not None and _was_accepted(report, known_at):
            one.progress.append(lights.Progress(report.on, report.value))
    for one in found.values():
        one.reported_on.sort()
    for override in await listing.overrides(session, ids, known_at=known_at):
        found[override.commitment_id].overrides.append(_override(override))
    return found


def _was_accepted(report: CommitmentReport, known_at: datetime | None) -> bool:
    if report.review != EvidenceReview.ACCEPTED:
        return False
    return known_at is None or (report.reviewed_at is not None and report.reviewed_at <= known_at)


def _override(row: CommitmentOverride) -> lights.Override:
    return lights.Override(CommitmentLight(row.light), row.reason, row.since, row.expires_on, row.set_by)


def signals(row: Row, said: Told, *, on: date) -> Signals:
    """Both lights of a row on a day."""
    written = CommitmentStatus(row["written"])
    return Signals(
        lights.delivery(written, way(row), said.progress, said.override_of(on), due=row["due_latest"], on=on),
        lights.freshness(
            written, row["report_every_days"], said.reported_on, since=max(row["since"], row["step_on"]), on=on
        ),
    )


def way(row: Row) -> lights.Way | None:
    """What the commitment is measured by."""
    measure = row["measure"]
    if measure is None:
        return None
    return lights.Way(
        baseline=float(measure["baseline"]),
        target=float(measure["target"]),
        since=date.fromisoformat(measure["since"]),
        due=row["due_latest"],
        steps=[(date.fromisoformat(step["by"]), float(step["value"])) for step in measure["steps"]],
        amber_from=float(measure["amber_from"]),
        red_from=float(measure["red_from"]),
    )


def party(party_id: UUID, parties: Mapping[UUID, Mapping[str, Any]]) -> dict[str, Any]:
    """A party by its name; nothing but its identifier once it is no party any more."""
    known = parties.get(party_id)
    if known is None:
        return {"id": party_id, "organisation_id": None, "name": {}, "kind": "other"}
    return {name: known[name] for name in ("organisation_id", "name", "kind")} | {"id": party_id}


def parties_of(brief: memoranda.Brief) -> dict[UUID, Mapping[str, Any]]:
    """The parties of a memorandum by their identifiers."""
    return {UUID(str(one["id"])): one for one in brief.parties}


def summary(row: Row, brief: memoranda.Brief, seen: Signals) -> dict[str, Any]:
    """A commitment as `CommitmentSummary`."""
    parties = parties_of(brief)
    is_overdue = row["status"] != row["written"]
    return {
        "id": row["id"],
        "memorandum_id": row["memorandum_id"],
        "obligor": party(row["obligor"], parties),
        "beneficiaries": [party(one, parties) for one in row["beneficiary_parties"]],
        "beneficiary_organisations": row["beneficiary_organisations"],
        "text": {code: row[f"text_{code}"] for code in LANGUAGES},
        "due": row["due"],
        "status": row["status"],
        "status_since": date.fromordinal(row["due_latest"].toordinal() + 1) if is_overdue else row["step_on"],
        "delivery": seen.delivery.light,
    }


def whole(row: Row, brief: memoranda.Brief, seen: Signals) -> dict[str, Any]:
    """A commitment as `CommitmentRead` for those who may see all of it."""
    return {
        **summary(row, brief, seen),
        **{name: row[name] for name in ("owner", "owner_role", "report_every_days", "evidence_count", "version")},
        "measure": row["measure"],
        "delivery_light": _delivery(seen.delivery),
        "freshness_light": {
            **{name: getattr(seen.freshness, name) for name in ("light", "reason", "last_report_on", "days_since")},
            "explanation": seen.freshness.explanation._asdict(),
            "report_every_days": row["report_every_days"],
        },
    }


_NUMBERS = ("expected", "actual", "expected_share", "actual_share", "gap", "measured_on", "override")


def _delivery(found: lights.Delivery) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in ("light", "computed", "reason", "computed_reason", *_NUMBERS)},
        "explanation": found.explanation._asdict(),
    }


def matching(brief: memoranda.Brief, obligor: str) -> Collection[UUID]:
    """The parties that a caller means: by id, by their organisation's id, by what they are, or by their part."""
    wanted = obligor.lower()
    return [
        party_id
        for party_id, one in parties_of(brief).items()
        if wanted in {str(party_id), str(one["organisation_id"]), str(one["kind"]), str(one["role"])}
    ]
