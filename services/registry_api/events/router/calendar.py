"""Events as a calendar that people subscribe to."""

import asyncio
import hashlib
from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Request, Response

from services.registry_api.events import rules
from services.registry_api.events import service as events
from services.registry_api.events.service import Dated
from shared import clock
from shared.errors import Text
from shared.schemas.registry.events import CalendarQuery, EventStatus
from shared.web import calendar, conditional
from shared.web.calendar import Entry
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/calendar.ics", tags=["events"])

_NAME = Text(kk="Білім іс-шаралары", ru="Мероприятия образования", en="Education events")
_IMPRECISE = Text(
    kk="Күні дәл белгіленбеген ({when}): {first} – {last} аралығында, ұзақтығы {days} күн.",
    ru="Точная дата не указана ({when}): между {first} и {last}, дней: {days}.",
    en="The exact date is not set ({when}): between {first} and {last}, days: {days}.",
)
_REASON = Text(kk="Себебі: {reason}", ru="Причина: {reason}", en="Reason: {reason}")
_POSTPONED = Text(kk="Кейінге қалдырылды.", ru="Перенесено.", en="Postponed.")
_CANCELLED = Text(kk="Болмайды.", ru="Отменено.", en="Cancelled.")


class _CalendarResponse(Response):
    """Tells the document which media type it is."""

    media_type = calendar.MEDIA_TYPE


@router.get(
    "",
    summary="Subscribe to the calendar of events",
    description="Events as iCalendar (RFC 5545), for people's own programs: a UID that stays, a SEQUENCE that grows "
    "with every change of name, day, place or status. A cancelled event stays in it as `CANCELLED`. An event whose "
    "day is not known spans the days it may be on and says so. Without `from` the last year and all that is to come; "
    "of more than 1,000 events those that come last. Public.",
    response_class=_CalendarResponse,
    responses={
        200: {"description": "The calendar", "content": {calendar.MEDIA_TYPE: {"schema": {"type": "string"}}}},
        304: {"description": "Not changed since it was read"},
    },
)
async def get_calendar(request: Request, session: Reading, query: Annotated[CalendarQuery, Query()]) -> Response:
    found = await events.for_calendar(session, query, now=clock.now())
    entries = [_entry(event, language=query.language) for event in found]
    tag = conditional.etag(hashlib.sha256(repr((query.language, entries)).encode()).hexdigest()[:32])
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    # A millisecond an entry: the process has others to answer meanwhile.
    answer = await asyncio.to_thread(calendar.answer, _NAME.in_language(query.language), entries)
    answer.headers["ETag"] = tag
    return answer


def _entry(event: Dated, *, language: Literal["kk", "ru", "en"]) -> Entry:
    days = rules.days(event.when, event.duration_days)
    return Entry(
        uid=f"{event.id}@bilim",
        sequence=event.sequence,
        summary=_in_language(event.title, language),
        starts=days.earliest,
        ends=days.ends_by,
        changed_at=event.told_at,
        status=_status(event),
        description=_description(event, days.earliest, days.ends_by, language),
        location=_in_language(event.place, language),
        categories=(event.kind,),
    )


def _status(event: Dated) -> Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]:
    match event.status:
        case EventStatus.CANCELLED:
            return "CANCELLED"
        case EventStatus.POSTPONED:
            return "TENTATIVE"
        case EventStatus.HELD:
            return "CONFIRMED"
        case EventStatus.PLANNED:
            return "CONFIRMED" if rules.is_day(event.when) else "TENTATIVE"


def _description(event: Dated, first: date, last: date, language: str) -> str:
    told: list[Text] = []
    if event.status is EventStatus.CANCELLED:
        told.append(_CANCELLED)
    if event.status is EventStatus.POSTPONED:
        told.append(_POSTPONED)
    if event.reason is not None:
        told.append(_REASON.filled({"reason": event.reason}))
    if not rules.is_day(event.when):
        told.append(
            _IMPRECISE.filled(
                {
                    "when": event.when,
                    "first": first.isoformat(),
                    "last": last.isoformat(),
                    "days": event.duration_days,
                }
            )
        )
    return "\n".join(text.in_language(language) for text in told)


def _in_language(text: dict[str, str], language: str) -> str:
    """The text in that language or, failing that, in the first it has: Kazakh, Russian, English."""
    return text.get(language) or next((text[code] for code in ("kk", "ru", "en") if text.get(code)), "")
