"""Every SQL statement about rules that were set aside."""

from uuid import UUID

from services.training_api.eligibility.models import KeptOverride
from shared.db.sessions import AnySession


async def override_of(session: AnySession, enrolment_id: UUID) -> KeptOverride | None:
    return await session.get(KeptOverride, enrolment_id)
