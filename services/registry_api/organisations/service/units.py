"""Organisations and their sub-units for other capabilities: who belongs to whom, and who is who in a few words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.registry_api.organisations.repository import units
from shared.db.sessions import AnySession
from shared.schemas.registry.organisation_words import OrganisationStatus


@dataclass(frozen=True, slots=True)
class Portrayed:
    """An organisation as others name it."""

    name: dict[str, str | None]
    type: str
    kind: str | None
    parent_id: UUID | None
    area: str | None


async def under(
    session: AnySession, organisation_id: UUID, *, on: date, known_at: datetime | None = None
) -> list[UUID]:
    """The organisation and all its sub-units on a day, at any depth; it alone if nothing is known of it."""
    return await units.under(session, organisation_id, on=on, known_at=known_at)


async def portrayed(
    session: AnySession, ids: Collection[UUID], *, on: date, known_at: datetime | None = None
) -> dict[UUID, Portrayed]:
    """Those of `ids` that are organisations, as they are on a day or, failing that, as first known."""
    if not ids:
        return {}
    return {
        row["id"]: Portrayed(
            name={code: row[f"name_{code}"] for code in ("kk", "ru", "en")},
            type=row["type"],
            kind=row["kind"],
            parent_id=row["parent_id"],
            area=row["area_code"],
        )
        for row in await units.portrayed(session, ids, on=on, known_at=known_at)
        if row["status"] != OrganisationStatus.CREATED_IN_ERROR
    }
