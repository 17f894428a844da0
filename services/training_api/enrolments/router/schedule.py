"""HTTP of what sets the hours of a cohort: its days, and its sessions with their trainers."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Request, Response

from services.training_api.cohorts import service as cohorts
from services.training_api.dependencies import Key, answer_one, answer_written
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.router.cohort import CohortPath
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.cohorts import CohortRead, CohortUpdate
from shared.schemas.training.sessions import SessionCancel, SessionCreate, SessionRead, SessionUpdate
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

runs = Router("/v1/cohorts", tags=["cohorts"])
sessions = Router("/v1/sessions", tags=["cohorts"])
_MANAGER = [requires("training:manage")]
SessionPath = Annotated[UUID, Path(description="The session", examples=["0198c0de-0000-7000-8000-000000000321"])]
TrainerPath = Annotated[UUID, Path(description="The trainer", examples=["0198c0de-0000-7000-8000-000000000341"])]


@runs.patch(
    "/{cohort_id}",
    summary="Change a cohort",
    description="Changes what the patch names while the cohort is a draft or open. Other days are other hours for "
    "everybody in it: refused with 409 `double_booking` where somebody has no time then, and with 409 "
    "`sessions_outside` where a session would be left out.",
    response_model=CohortRead,
    dependencies=_MANAGER,
)
async def change_cohort(
    request: Request,
    session: Writing,
    actor: Caller,
    cohort_id: CohortPath,
    patch: Annotated[CohortUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    cohort = await enrolments.change_cohort(
        session,
        actor,
        cohort_id,
        patch,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(cohort, version=cohort.version)


@runs.post(
    "/{cohort_id}/sessions",
    summary="Add a session",
    description="Adds a meeting on one of the cohort's days. On a public holiday it is added with the warning "
    "`public_holiday`: such courses are held. Once a venue has sessions, its learners are busy during these and no "
    "longer all day.",
    status_code=201,
    response_model=SessionRead,
    dependencies=_MANAGER,
)
async def add_session(
    body: SessionCreate, session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None
) -> Response:
    meeting = await enrolments.add_session(session, actor, cohort_id, body, now=clock.now())
    return answer_written(meeting, status=201, location=f"/v1/sessions/{meeting.id}", version=meeting.version)


@sessions.get(
    "/{session_id}",
    summary="Read a session",
    description="One meeting, with who teaches it, and with warnings for days off. Public.",
    response_model=SessionRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_session(request: Request, session: Reading, session_id: SessionPath) -> Response:
    meeting = await cohorts.one_session(session, session_id)
    # Names come and go with the consent of trainers, which is no change of the session's version.
    shown = "".join("1" if trainer.display_name else "0" for trainer in meeting.trainers)
    return answer_one(request, meeting, meeting.version, *filter(None, [shown]))


@sessions.patch(
    "/{session_id}",
    summary="Move or change a session",
    description="Changes what the patch names. Refused where the room (409 `room_taken`), a trainer (409 "
    "`trainer_taken`, `trainer_learns`) or somebody who holds a seat (409 `double_booking`, `teaches_then`) has no "
    "time then; each names what stands in the way.",
    response_model=SessionRead,
    dependencies=_MANAGER,
)
async def change_session(
    request: Request,
    session: Writing,
    actor: Caller,
    session_id: SessionPath,
    patch: Annotated[SessionUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    meeting = await enrolments.change_session(
        session,
        actor,
        session_id,
        patch,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(meeting, version=meeting.version)


@sessions.post(
    "/{session_id}/cancel",
    summary="Cancel a session",
    description="The meeting does not take place; its room, its trainers and its learners are free then.",
    response_model=SessionRead,
    dependencies=_MANAGER,
)
async def cancel_session(
    body: SessionCancel, session: Writing, actor: Caller, session_id: SessionPath, _key: Key = None
) -> Response:
    meeting = await enrolments.cancel_session(session, actor, session_id, body, now=clock.now())
    return answer_written(meeting, version=meeting.version)


@sessions.put(
    "/{session_id}/trainers/{trainer_id}",
    summary="Give a session a trainer",
    description="Refused with 409 `trainer_taken` or `trainer_learns` where the trainer teaches or learns elsewhere "
    "then, naming what stands in the way. Again is no fault.",
    response_model=SessionRead,
    dependencies=_MANAGER,
)
async def assign_trainer(session: Writing, actor: Caller, session_id: SessionPath, trainer_id: TrainerPath) -> Response:
    meeting = await enrolments.assign_trainer(session, actor, session_id, trainer_id, now=clock.now())
    return answer_written(meeting, version=meeting.version)


@sessions.delete(
    "/{session_id}/trainers/{trainer_id}",
    summary="Take a session from a trainer",
    description="Answers with the session as it is without.",
    response_model=SessionRead,
    dependencies=_MANAGER,
)
async def release_trainer(
    session: Writing, actor: Caller, session_id: SessionPath, trainer_id: TrainerPath
) -> Response:
    meeting = await enrolments.release_trainer(session, actor, session_id, trainer_id, now=clock.now())
    return answer_written(meeting, version=meeting.version)
