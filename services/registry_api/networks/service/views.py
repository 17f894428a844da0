"""What callers see of networks and memberships, made of rows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.registry_api.networks.models import Membership, Network

Row = Mapping[str, Any]
_PERIOD = ("mentor_id", "granted_by")


def brief(organisation_id: UUID, row: Row, prefix: str = "") -> dict[str, Any]:
    """An organisation as `OrganisationBrief`, from columns whose labels begin with `prefix`."""
    names = {code: row[f"{prefix}name_{code}"] for code in ("kk", "ru", "en")}
    return {
        "id": organisation_id,
        "name": names if any(names.values()) else None,
        "type": row[f"{prefix}type"],
        "kind": row[f"{prefix}kind"],
        "area": row[f"{prefix}place"],
    }


def network(one: Network) -> dict[str, Any]:
    """A network as `NetworkSummary`, and of `NetworkRead` all but its operator."""
    return {
        **{name: getattr(one, name) for name in ("id", "code", "kind", "indicator", "term_months", "basis")},
        **{name: getattr(one, name) for name in ("mentoring", "eligibility", "version", "updated_at")},
        "name": {"kk": one.name_kk, "ru": one.name_ru, "en": one.name_en},
        "area": one.area_code,
    }


def operator(row: Row) -> dict[str, Any]:
    """An operator as `OperatorRead`."""
    told = {name: row[name] for name in ("basis", "valid_from", "valid_to", "recorded_at")}
    return {**told, "organisation": brief(row["organisation_id"], row)}


def membership(row: Row) -> dict[str, Any]:
    """A membership as `MembershipSummary`, and of `MembershipRead` all but its periods."""
    return {
        **{name: row[name] for name in ("network", "role", "status", "valid_from", "valid_to", "granted_by")},
        **{name: row[name] for name in ("ended_reason", "override_reason", "trace", "basis", "recorded_at")},
        "id": row["membership_id"],
        "organisation": brief(row["organisation_id"], row, "member_"),
        "mentor": brief(row["mentor_id"], row, "mentor_") if row["mentor_id"] else None,
        "area": row["area_code"],
    }


def period(part: Membership) -> dict[str, Any]:
    """A part of a membership as `MembershipPeriod`."""
    return {
        **{name: getattr(part, name) for name in _PERIOD},
        "valid_from": part.valid.lower,
        "valid_to": part.valid.upper,
        "recorded_at": part.recorded.lower,
    }


def event(one: Network, row: Membership) -> dict[str, Any]:
    """What the change feed tells of a membership, ready for JSON."""
    return {
        "id": str(row.membership_id),
        "network": one.code,
        "organisation_id": str(row.organisation_id),
        "role": row.role,
        "mentor_id": str(row.mentor_id) if row.mentor_id else None,
        "area": row.area_code,
        "valid_from": row.valid.lower.isoformat() if row.valid.lower else None,
        "valid_to": row.valid.upper.isoformat() if row.valid.upper else None,
    }
