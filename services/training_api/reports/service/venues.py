"""Seats and waiting lists by venue, as they are now."""

from collections.abc import Sequence
from typing import Any

from services.training_api.reports import repository
from services.training_api.reports.repository import Seats
from shared.db.sessions import AnySession
from shared.schemas.training.reports import VenueReport, VenueReportQuery


async def venues(session: AnySession, query: VenueReportQuery, *, after: Sequence[Any] | None) -> list[VenueReport]:
    """Venues of cohorts that are open, closed or under way."""
    return [_read(one) for one in await repository.venues(session, query, after=after)]


async def venues_count(session: AnySession, query: VenueReportQuery) -> int:
    """How many there are."""
    return await repository.venues_count(session, query)


def _read(one: Seats) -> VenueReport:
    return VenueReport.model_validate(
        {
            "venue_id": one.venue_id,
            "organisation_id": one.organisation_id,
            "name": {"kk": one.name_kk, "ru": one.name_ru, "en": one.name_en},
            "area": one.area,
            "cohort_id": one.cohort_id,
            "cohort_code": one.cohort_code,
            "cohort_status": one.cohort_status,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "programme_code": one.programme_code,
            "subjects": one.subjects,
            "seats": one.seats,
            "free": one.free,
            "offered": one.offered,
            "taken": one.seats - one.free - one.offered,
            "waiting": one.waiting,
            "attendance_gaps": f"/v1/reports/attendance-gaps?cohort_id={one.cohort_id}",
        }
    )
