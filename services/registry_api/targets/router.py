"""HTTP of targets."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.targets import service as targets
from services.registry_api.targets.repository import Wanted
from shared import clock
from shared.auth import Caller, requires
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.pages import Page
from shared.schemas.registry.observations import ObservationsRecorded
from shared.schemas.registry.target_progress import CascadeRead, ProgressQuery, ProgressRead, SplitRead
from shared.schemas.registry.targets import (
    TargetCreate,
    TargetHistory,
    TargetMoment,
    TargetObservationCreate,
    TargetPeriod,
    TargetRead,
    TargetsQuery,
    TargetUpdate,
)
from shared.web import conditional, export, languages, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/targets", tags=["targets"])

_PAGE = TypeAdapter(Page[TargetRead])
_TARGET = TypeAdapter(TargetRead)
_COLUMNS = tuple(name for name in TargetRead.model_fields if name not in {"age_band", "planned_change"})
_CHUNK = 1000
_READER = [requires("registry:read")]
_WRITER = [requires("registry:write")]

TargetPath = Annotated[UUID, Path(description="The target", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])]


@router.get(
    "",
    summary="List targets",
    description="All that was stated, in the order of its recording. Several that stand for one indicator, scope "
    "and date and say different things bear `conflict=true`; the one to go by is `authoritative`. Public. As CSV, XLSX "
    "or NDJSON by `Accept`, then all of them.",
    response_model=Page[TargetRead],
)
async def list_targets(request: Request, session: Reading, query: Annotated[TargetsQuery, Query()]) -> Response:
    wanted = await targets.wanted(session, query, today=day_in_kazakhstan(clock.now()))
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted), filename="targets")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await targets.page(session, wanted, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    total = await targets.count(session, wanted) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="State a target",
    description="Enters one promise as it was said: in which role, when, with a short quote and its source; never who. "
    "The ages and the territory belong to the indicator's version and the day of the baseline. The caller must reach "
    "the area or the organisation.",
    status_code=201,
    response_model=TargetRead,
    responses={409: {}},
    dependencies=_WRITER,
)
async def state_target(
    request: Request, asked: TargetCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    target_id = await targets.state(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, target_id, TargetMoment(), created=True)


@router.get(
    "/{target_id}",
    summary="Read a target",
    description="A target as it stands on a day, as is known now or was known at a moment. Public.",
    response_model=TargetRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_target(
    request: Request, session: Reading, target_id: TargetPath, query: Annotated[TargetMoment, Query()]
) -> Response:
    return await _as_it_is(request, session, target_id, query)


@router.patch(
    "/{target_id}",
    summary="Change a target",
    description="A JSON Merge Patch that is true from `effective_from` (today) on; what was said before stays for the "
    "days before. A promise that was replaced by another is stated anew with `supersedes_id`.",
    response_model=TargetRead,
    responses={409: {}},
    dependencies=_WRITER,
)
async def change_target(
    request: Request,
    session: Writing,
    actor: Caller,
    target_id: TargetPath,
    patch: Annotated[TargetUpdate, Body(media_type="application/merge-patch+json")],
    period: Annotated[TargetPeriod, Query()],
    _if_match: IfMatch = None,
) -> Response:
    target = await targets.lock(session, target_id)
    conditional.check_match(request, target.version)
    await targets.amend(session, actor, target, patch, since=period.effective_from, now=clock.now())
    return await _as_it_is(request, session, target_id, TargetMoment(as_of=period.effective_from))


@router.delete(
    "/{target_id}",
    summary="Withdraw a target",
    description="From today on it no longer stands; what it said stays readable for the days before.",
    status_code=204,
    responses={409: {}},
    dependencies=_WRITER,
)
async def withdraw_target(
    request: Request, session: Writing, actor: Caller, target_id: TargetPath, _if_match: IfMatch = None
) -> None:
    target = await targets.lock(session, target_id)
    conditional.check_match(request, target.version)
    await targets.withdraw(session, actor, target, now=clock.now())


@router.get(
    "/{target_id}/history",
    summary="Read the history of a target",
    description="All it ever said, in the order of days, as is known now or was known at a moment. Public.",
    response_model=TargetHistory,
)
async def read_target_history(
    session: Reading, target_id: TargetPath, query: Annotated[TargetMoment, Query()]
) -> TargetHistory:
    return TargetHistory.model_validate({"items": await targets.history(session, target_id, known_at=query.known_at)})


@router.get(
    "/{target_id}/progress",
    summary="Read the progress of a target",
    description="How far it is on a day: the value with its source and what other sources say, percent of the way "
    "(never capped, none without a baseline, two figures for a range), whether it is met by its comparator, what each "
    "month must bring, where it should be today, where the series leads by the due date, and why the light is as it "
    "is. Across a change of borders or of method nothing is compared unless `across_breaks=true`. Where several "
    "targets disagree, the authoritative one is used and named.",
    response_model=ProgressRead,
    dependencies=_READER,
)
async def read_target_progress(
    session: Reading, target_id: TargetPath, query: Annotated[ProgressQuery, Query()]
) -> ProgressRead:
    return await targets.progress(
        session,
        target_id,
        on=query.as_of or day_in_kazakhstan(clock.now()),
        known_at=query.known_at,
        across_breaks=query.across_breaks,
    )


@router.get(
    "/{target_id}/cascade",
    summary="Read the targets under a target",
    description="Those directly under it (district by district, school by school) and whether they add up to it by its "
    "rule, in what is promised and in what is measured; if not, by how much, and the note that tells why.",
    response_model=CascadeRead,
    dependencies=_READER,
)
async def read_target_cascade(
    session: Reading, target_id: TargetPath, query: Annotated[TargetMoment, Query()]
) -> CascadeRead:
    on = query.as_of or day_in_kazakhstan(clock.now())
    return await targets.cascade(session, target_id, on=on, known_at=query.known_at)


@router.get(
    "/{target_id}/split",
    summary="Read a target's value by area",
    description="The latest value by the areas directly under the target's area, for one period and one source: their "
    "denominators, their counts, their total, and whether that is what is reported of the whole.",
    response_model=SplitRead,
    dependencies=_READER,
)
async def read_target_split(
    session: Reading, target_id: TargetPath, query: Annotated[TargetMoment, Query()]
) -> SplitRead:
    on = query.as_of or day_in_kazakhstan(clock.now())
    return await targets.split(session, target_id, on=on, known_at=query.known_at)


@router.post(
    "/{target_id}/observations",
    summary="Record a value for a target",
    description="Records an observation of the target's scope. A value of another indicator or of another version "
    "is refused: coverage of ages 2–6 says nothing about a target for ages 1–6.",
    status_code=201,
    response_model=ObservationsRecorded,
    dependencies=_WRITER,
)
async def record_target_observation(
    request: Request,
    session: Writing,
    actor: Caller,
    target_id: TargetPath,
    asked: TargetObservationCreate,
    _key: IdempotencyKey = None,
) -> ObservationsRecorded:
    recorded = await targets.observe(session, actor, target_id, asked, now=clock.now())
    language = languages.preferred(request.headers.get("accept-language"))
    outcomes = [one.outcome for one in recorded.outcomes]
    return ObservationsRecorded.model_validate(
        {
            **{outcome: outcomes.count(outcome) for outcome in ("created", "changed", "unchanged")},
            "items": recorded.outcomes,
            "warnings": [
                {
                    "pointer": one.pointer.removeprefix("/observations/0"),
                    "code": one.code,
                    "message": one.message.in_language(language),
                }
                for one in recorded.warnings
            ],
        }
    )


async def _as_it_is(
    request: Request, session: AnySession, target_id: UUID, moment: TargetMoment, *, created: bool = False
) -> Response:
    on = moment.as_of or day_in_kazakhstan(clock.now())
    document = await targets.get(session, target_id, on=on, known_at=moment.known_at)
    body = _TARGET.dump_json(_TARGET.validate_python(document))
    tag = conditional.etag(document["version"], hashlib.sha256(body).hexdigest()[:16])
    if request.method == "GET" and conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    headers = {"ETag": tag, **({"Location": f"/v1/targets/{target_id}"} if created else {})}
    return Response(body, status_code=201 if created else 200, media_type="application/json", headers=headers)


async def _all(request: Request, wanted: Wanted) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: tuple[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await targets.page(session, wanted, after=after, limit=_CHUNK)
            yield rows[:_CHUNK]
            if len(rows) <= _CHUNK:
                return
            after = (rows[_CHUNK - 1]["id"],)


routers = (router,)
