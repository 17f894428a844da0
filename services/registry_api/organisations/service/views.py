"""What callers and followers see of an organisation, made of its state and its identifiers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.registry_api.organisations import attributes, identifiers
from shared.auth import Actor, Scope
from shared.schemas.registry.organisation_words import IdentifierScheme

Row = Mapping[str, Any]
_SUMMARY = (
    "id",
    "type",
    "kind",
    "status",
    "school_number",
    "ownership",
    "levels",
    "languages_of_instruction",
    "setting",
    "multigrade",
    "boarding",
    "selective",
    "shift_count",
    "design_capacity",
    "programme_tags",
    "parent_id",
    "is_synthetic",
    "valid_from",
    "valid_until",
)


def trusts(actor: Actor | None) -> bool:
    """Whether the caller sees more than the public does."""
    return actor is not None and actor.has(Scope.REGISTRY_READ)


def summary(row: Row) -> dict[str, Any]:
    """An organisation in a list."""
    return {
        **{name: row[name] for name in _SUMMARY},
        "name": names(row),
        "short_name": names(row, "short_name")
        if any(row[f"short_name_{code}"] for code in ("kk", "ru", "en"))
        else None,
        "area": row["area_code"],
        "location": None if row["latitude"] is None else {"latitude": row["latitude"], "longitude": row["longitude"]},
        "head_post": None if row["head_held"] is None else {"held": row["head_held"], "since": row["head_since"]},
        "distance_km": row.get("distance_km"),
    }


def names(row: Row, which: str = "name") -> dict[str, str | None]:
    """The name in its three languages."""
    return {code: row[f"{which}_{code}"] for code in ("kk", "ru", "en")}


def whole(row: Row, held: Iterable[Row], *, trusted: bool) -> dict[str, Any]:
    """An organisation as `OrganisationRead`; strangers see an allow list of fields and schemes."""
    document = {
        **summary(row),
        **attributes.nested(row, "address", "contacts"),
        "legal_form": row["legal_form"],
        "identifiers": [identifier(one) for one in held if trusted or is_public(one)],
    }
    if trusted:
        document |= {"version": row["version"], "recorded_at": row["recorded_at"]}
    return document


def is_public(held: Row) -> bool:
    """Whether everybody may see this identifier."""
    return IdentifierScheme(held["scheme"]) in identifiers.PUBLIC


def identifier(held: Row) -> dict[str, Any]:
    """An identifier as `IdentifierRead`; a person's number has no value to show."""
    return {name: held[name] for name in ("scheme", "value", "valid_from", "valid_until")}


def event(row: Row, held: Iterable[Row], area_path: Sequence[str]) -> dict[str, Any]:
    """What the change feed tells: the whole public state, ready for JSON."""
    return {
        "id": str(row["id"]),
        "type": row["type"],
        "kind": row["kind"],
        "status": row["status"],
        "name": names(row),
        "area": row["area_code"],
        "area_path": list(area_path),
        "ownership": row["ownership"],
        "setting": row["setting"],
        "languages": list(row["languages_of_instruction"]),
        "identifiers": [{"scheme": one["scheme"], "value": one["value"]} for one in held if is_public(one)],
        "is_synthetic": row["is_synthetic"],
        "valid_from": row["valid_from"].isoformat() if row["valid_from"] else None,
    }
