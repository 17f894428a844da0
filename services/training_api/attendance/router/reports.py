"""HTTP of reports on attendance."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.attendance import service as attendance
from services.training_api.dependencies import answer_list, seen_by
from shared import clock
from shared.auth import Actor, Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.attendance import AnomalyQuery, AnomalyRead, GapQuery, GapRead
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, database_of

router = Router("/v1/reports", tags=["attendance"])
_ANOMALIES = TypeAdapter(Page[AnomalyRead])
_GAPS = TypeAdapter(Page[GapRead])
_READER = [requires("training:read")]
_CHUNK = 1000


@router.get(
    "/attendance-anomalies",
    summary="Report what looks odd about attendance",
    description="At sessions of providers within your reach: `one_device` (three people or more on one device of their "
    "own), `two_places` (one person or device at two venues within 15 minutes, or 60 where the areas differ), "
    "`all_by_hand` (three people or more, none by a code), `over_length` (more minutes than the session has), "
    "`not_expected` (scans of people without a seat there), `burst` (ten comings in ten seconds), `many_refused` (ten "
    "refusals of one device), `clock_drift` (a device's clock two minutes from the codes it sent). It accuses nobody. "
    "As CSV, XLSX or NDJSON by `Accept`, then all of it.",
    response_model=Page[AnomalyRead],
    dependencies=_READER,
)
async def report_attendance_anomalies(
    request: Request, session: Reading, actor: Caller, query: Annotated[AnomalyQuery, Query()]
) -> Response:
    now = clock.now()
    format_ = export.wanted(request)
    if format_ != "json":
        columns = tuple(AnomalyRead.model_fields)
        first = await attendance.anomalies(session, actor, query, now=now, after=None, limit=_CHUNK)
        chunks = _odd(request, actor, query, first)
        return await export.respond(format_, columns, chunks, filename="attendance-anomalies")
    return await answer_list(
        request,
        query,
        _ANOMALIES,
        of={"list": "attendance-anomalies", **seen_by(actor)},
        parse=[date.fromisoformat, UUID, str, str],
        fetch=lambda after: attendance.anomalies(session, actor, query, now=now, after=after, limit=query.limit),
        count=lambda: attendance.count_anomalies(session, actor, query, now=now),
        keys=_odd_keys,
    )


@router.get(
    "/attendance-gaps",
    summary="Report who missed sessions",
    description="People within your reach who have not been at one session or more that is over; with `never=true` "
    "those who have not been at a single one. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[GapRead],
    dependencies=_READER,
)
async def report_attendance_gaps(
    request: Request, session: Reading, actor: Caller, query: Annotated[GapQuery, Query()]
) -> Response:
    now = clock.now()
    format_ = export.wanted(request)
    if format_ != "json":
        columns = tuple(GapRead.model_fields)
        first = await attendance.gaps(session, actor, query, now=now, after=None, limit=_CHUNK)
        chunks = _missed(request, actor, query, first)
        return await export.respond(format_, columns, chunks, filename="attendance-gaps")
    return await answer_list(
        request,
        query,
        _GAPS,
        of={"list": "attendance-gaps", **seen_by(actor)},
        parse=[UUID],
        fetch=lambda after: attendance.gaps(session, actor, query, now=now, after=after, limit=query.limit),
        count=lambda: attendance.count_gaps(session, actor, query, now=now),
        keys=lambda gap: [gap.enrolment_id],
    )


def _odd_keys(one: AnomalyRead) -> list[object]:
    return [one.held_on, one.session_id, one.kind.value, one.subject]


async def _odd(
    request: Request, actor: Actor, query: AnomalyQuery, rows: list[AnomalyRead]
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    now = clock.now()
    async with database_of(request).reading() as session:
        while True:
            yield [row.model_dump(mode="json") for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = _odd_keys(rows[_CHUNK - 1])
            rows = await attendance.anomalies(session, actor, query, now=now, after=after, limit=_CHUNK)


async def _missed(
    request: Request, actor: Actor, query: GapQuery, rows: list[GapRead]
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    now = clock.now()
    async with database_of(request).reading() as session:
        while True:
            yield [row.model_dump(mode="json") for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = [rows[_CHUNK - 1].enrolment_id]
            rows = await attendance.gaps(session, actor, query, now=now, after=after, limit=_CHUNK)
