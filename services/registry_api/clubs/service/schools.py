"""Clubs as a school has them."""

from datetime import date
from typing import Any
from uuid import UUID

from services.registry_api.clubs.repository import parts
from shared.db.sessions import AnySession

MOST = 50

taking_vouchers = parts.taking_vouchers
"""A part of the statements of other capabilities."""


async def of_school(session: AnySession, organisation_id: UUID, *, on: date) -> list[dict[str, Any]]:
    """Clubs of a school, those that take the voucher first."""
    return [
        {
            "id": one.id,
            "name": {"kk": one.name_kk, "ru": one.name_ru, "en": one.name_en},
            "directions": one.directions,
            "age_from": one.age_from,
            "age_to": one.age_to,
            "accepts_social_wallet": one.accepts_social_wallet,
            "phone": one.phone,
        }
        for one in await parts.of_school(session, organisation_id, on=on, limit=MOST)
    ]
