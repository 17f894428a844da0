"""`/v1/calendar-exceptions`: HTTP only."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.working_days import service
from shared import clock
from shared.auth import requires
from shared.schemas.pages import Page, PageQuery
from shared.schemas.rating.working_days import CalendarExceptionCreate, CalendarExceptionRead
from shared.web import pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/calendar-exceptions", tags=["appeals"])
routers: tuple[Router, ...] = (router,)
_PAGE = TypeAdapter(Page[CalendarExceptionRead])


@router.post("", status_code=201, summary="Declare a day worked or free", dependencies=[requires("rating:publish")])
async def create_calendar_exception(
    body: CalendarExceptionCreate, session: Writing, response: Response, key: IdempotencyKey = None
) -> CalendarExceptionRead:
    """Windows and answers are counted in working days: the five-day week without the public holidays of Kazakhstan.
    A day off that was moved by a decision the calendar does not know yet is declared here; the last declaration about
    a day counts. Deadlines that are set already do not move."""
    made = await service.declare(session, day=body.day, is_worked=body.is_worked, basis=body.basis, now=clock.now())
    response.headers["Location"] = "/v1/calendar-exceptions"
    return CalendarExceptionRead.model_validate(made)


@router.get("", response_model=Page[CalendarExceptionRead], summary="List days declared worked or free")
async def list_calendar_exceptions(
    request: Request, query: Annotated[PageQuery, Query()], session: Reading
) -> Response:
    """All declarations, the latest first. Public: whoever waits for an answer may count the days."""
    of = {"list": "calendar-exceptions"}
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await service.page(session, after=UUID(str(after[0])) if after else None, limit=query.limit + 1)
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.id])
    return pages.answer(request, _PAGE, page, next_cursor=cursor)
