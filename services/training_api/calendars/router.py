"""HTTP of calendars."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from services.training_api.access_log import service as access_log
from services.training_api.calendars import service as calendars
from services.training_api.calendars.service import Owned, Shown
from services.training_api.dependencies import Key, answer_written
from shared import clock
from shared.auth import Caller, requires
from shared.db.engine import WRITE_LANES
from shared.db.sessions import WriteSession
from shared.errors import Text
from shared.schemas.training.calendars import (
    CalendarToken,
    SessionCalendarQuery,
    SubscriptionCreate,
    SubscriptionList,
    SubscriptionMade,
    SubscriptionQuery,
    SubscriptionRead,
)
from shared.web import calendar, conditional
from shared.web.calendar import Entry
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, authorship_of, database_of

of_educators = Router("/v1/educators", tags=["calendars"])
of_trainers = Router("/v1/trainers", tags=["calendars"])
of_rooms = Router("/v1/rooms", tags=["calendars"])
feeds = Router(calendars.PATH, tags=["calendars"])
subscriptions = Router("/v1/calendar-subscriptions", tags=["calendars"])
routers: tuple[Router, ...] = (of_educators, of_trainers, of_rooms, feeds, subscriptions)

_NAME = Text(kk="Сабақтар", ru="Занятия", en="Sessions")
_COHORT = Text(kk="Ағым: {code}", ru="Поток: {code}", en="Cohort: {code}")
_CANCELLED = Text(kk="Болмайды.", ru="Отменено.", en="Cancelled.")
_OFFERED = Text(
    kk="Орын ұсынылды, жауап күтілуде.", ru="Место предложено, ждём ответа.", en="A seat is offered and not yet taken."
)
_WHAT = (
    "As iCalendar (RFC 5545): one UID for a session and its owner for ever, a SEQUENCE that grows with every change; "
    "what was cancelled, or given up, stays as `CANCELLED`. No other person is named in it. Without `since` the last "
    "year and all that is to come; of more than 1,000 sessions those that come last."
)


class _CalendarResponse(Response):
    """Tells the document which media type it is."""

    media_type = calendar.MEDIA_TYPE


def _answers() -> dict[int | str, dict[str, object]]:
    content = {calendar.MEDIA_TYPE: {"schema": {"type": "string"}}}
    return {
        200: {"description": "The calendar", "content": content},
        304: {"description": "Not changed since it was read"},
    }


async def _unrepeated(request: Request, actor: Caller) -> AsyncIterator[WriteSession]:
    async with database_of(request).writing(authorship_of(request, actor)) as session:
        yield session


Unrepeated = Annotated[WriteSession, Depends(_unrepeated, scope="function", max_concurrency=WRITE_LANES)]
"""A transaction whose answer is not kept for a repetition: there is a secret in it."""
Asked = Annotated[SessionCalendarQuery, Query()]
SubscriptionPath = Annotated[UUID, Path(description="The address", examples=["0198c0de-0000-7000-8000-000000000701"])]


@of_educators.get(
    "/{educator_id}/calendar.ics",
    summary="Read the calendar of a teacher",
    description=f"The sessions somebody holds or held a seat for, if within your reach. The reading is "
    f"written down for the person to see. {_WHAT}",
    response_class=_CalendarResponse,
    responses=_answers(),
    dependencies=[requires("training:read")],
)
async def read_educator_calendar(
    request: Request,
    session: Writing,
    actor: Caller,
    educator_id: Annotated[UUID, Path(description="The person", examples=["0198c0de-0000-7000-8000-000000000401"])],
    query: Asked,
) -> Response:
    now = clock.now()
    found = await calendars.of_educator(session, actor, educator_id, since=query.since, now=now)
    await access_log.note(session, [educator_id], shown="educator_calendar", now=now)
    return await _answer(request, found, query)


@of_trainers.get(
    "/{trainer_id}/calendar.ics",
    summary="Read the calendar of a trainer",
    description=f"The sessions a trainer was given. {_WHAT}",
    response_class=_CalendarResponse,
    responses=_answers(),
    dependencies=[requires("training:read")],
)
async def read_trainer_calendar(
    request: Request,
    session: Reading,
    trainer_id: Annotated[UUID, Path(description="The trainer", examples=["0198c0de-0000-7000-8000-000000000341"])],
    query: Asked,
) -> Response:
    found = await calendars.of_trainer(session, trainer_id, since=query.since, now=clock.now())
    return await _answer(request, found, query)


@of_rooms.get(
    "/{room_id}/calendar.ics",
    summary="Read the calendar of a room",
    description=f"What is held in a room, for the screen at its door. Public. {_WHAT}",
    response_class=_CalendarResponse,
    responses=_answers(),
)
async def read_room_calendar(
    request: Request,
    session: Reading,
    room_id: Annotated[UUID, Path(description="The room", examples=["0198c0de-0000-7000-8000-000000000331"])],
    query: Asked,
) -> Response:
    found = await calendars.of_room(session, room_id, since=query.since, now=clock.now())
    return await _answer(request, found, query)


@feeds.get(
    "/{token}",
    summary="Read a calendar by its address",
    description="For phones, which cannot send a token of their own: the secret in the address stands for it, until it "
    f"is revoked. Public. {_WHAT}",
    response_class=_CalendarResponse,
    responses=_answers(),
)
async def read_calendar_feed(
    request: Request,
    session: Reading,
    token: Annotated[
        CalendarToken,
        Path(description="The secret of the address", examples=["k3Jq0Zr5b1mVw8YtUe2nXa7sLd4hGf6pQc9oRi1uTyE"]),
    ],
    query: Asked,
) -> Response:
    return await _answer(request, await calendars.by_token(session, token, since=query.since, now=clock.now()), query)


@subscriptions.post(
    "",
    summary="Give out an address of a calendar",
    description="The answer holds the secret; it is shown this once, and only its digest is kept. For teachers by "
    "their workplace (`training:enrol`), for trainers and rooms by who runs courses there (`training:manage`). No "
    "`Idempotency-Key` is taken: the kept answer would hold the secret.",
    status_code=201,
    response_model=SubscriptionMade,
    dependencies=[requires("training:enrol")],
)
async def give_calendar_address(body: SubscriptionCreate, session: Unrepeated, actor: Caller) -> Response:
    made = await calendars.subscribe(session, actor, body, now=clock.now())
    answer = answer_written(made, status=201, location=f"/v1/calendar-subscriptions/{made.id}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@subscriptions.get(
    "",
    summary="List the addresses of a calendar",
    description="Those that work and those that were revoked, the newest first; without their secrets.",
    responses={404: {}},
    dependencies=[requires("training:enrol")],
)
async def list_calendar_addresses(
    session: Reading, actor: Caller, query: Annotated[SubscriptionQuery, Query()]
) -> SubscriptionList:
    found = await calendars.subscriptions(session, actor, query.owner_kind, query.owner_id)
    return SubscriptionList(items=found)


@subscriptions.post(
    "/{subscription_id}/revoke",
    summary="Revoke an address of a calendar",
    description="Nobody reads the calendar under it any more. Again changes nothing.",
    response_model=SubscriptionRead,
    dependencies=[requires("training:enrol")],
)
async def revoke_calendar_address(
    session: Writing, actor: Caller, subscription_id: SubscriptionPath, _key: Key = None
) -> Response:
    return answer_written(await calendars.revoke(session, actor, subscription_id, now=clock.now()))


async def _answer(request: Request, found: Owned, query: SessionCalendarQuery) -> Response:
    method: calendar.Method = "CANCEL" if query.method == "cancel" else "PUBLISH"
    entries = [_entry(one, found.owner_id, query.language) for one in found.sessions]
    if method == "CANCEL":
        entries = [entry for entry in entries if entry.status == "CANCELLED"]
    tag = conditional.etag(hashlib.sha256(repr((query.language, method, entries)).encode()).hexdigest()[:32])
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    # A millisecond an entry: the process has others to answer meanwhile.
    name = _NAME.in_language(query.language)
    answer = await asyncio.to_thread(calendar.answer, name, entries, method=method)
    answer.headers["ETag"] = tag
    return answer


def _entry(one: Shown, owner_id: UUID, language: Literal["kk", "ru", "en"]) -> Entry:
    programme = _first(language, one.programme_kk, one.programme_ru, one.programme_en)
    told = [_COHORT.filled({"code": one.cohort_code})]
    if one.is_cancelled:
        told.append(_CANCELLED)
    elif one.is_offered:
        told.append(_OFFERED)
    place = [_first(language, one.host_kk, one.host_ru, one.host_en), one.room]
    return Entry(
        uid=f"{one.id}.{owner_id}@bilim",
        sequence=one.sequence,
        summary=f"{programme}: {one.title}" if one.title else programme,
        # In UTC, which every program understands without a definition of the zone.
        starts=one.starts_at.astimezone(UTC),
        ends=one.ends_at.astimezone(UTC),
        changed_at=one.changed_at,
        status="CANCELLED" if one.is_cancelled else "TENTATIVE" if one.is_offered else "CONFIRMED",
        description="\n".join(text.in_language(language) for text in told),
        location=", ".join(part for part in place if part),
    )


def _first(language: Literal["kk", "ru", "en"], kk: str | None, ru: str | None, en: str | None) -> str:
    """The text in that language or, failing that, in the first it has: Kazakh, Russian, English."""
    return {"kk": kk, "ru": ru, "en": en}[language] or kk or ru or en or ""
