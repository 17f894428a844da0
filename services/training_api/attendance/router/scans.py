"""HTTP of scans: one at a time, by whoever may, by people's own devices, and many that were made without a network."""

from collections.abc import Sequence

from fastapi import Request, Response

from services.training_api.attendance import service as attendance
from services.training_api.attendance.router.paths import AttendanceKey, SessionPath
from services.training_api.attendance.service import Answered
from services.training_api.dependencies import Key, answer_written
from shared import clock
from shared.auth import Caller, requires
from shared.errors import Problem
from shared.schemas.training.attendance_scans import (
    OfflineAnswer,
    OfflineAnswers,
    OfflineBatch,
    OwnScanCreate,
    ScanCreate,
    ScanOutcome,
    ScanRead,
)
from shared.web import languages, problems
from shared.web.languages import Language
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/sessions", tags=["attendance"])
own = Router("/v1/attendance-scans", tags=["attendance"])
_REFUSED = (
    "The server's time alone decides. Refused with 409: `code_of_another_session`, `code_expired`, "
    "`code_not_yet_valid`, `scan_too_early` (telling when scanning begins), `scan_too_late`, `nonce_replayed`, "
    "`not_enrolled`, `seat_at_another_venue`, `session_cancelled`; with 422: `code_malformed`, `badge_invalid`. The "
    "same nonce of the same person is answered as the first time. What a trainer said by hand stands: `kept`."
)


@router.post(
    "/{session_id}/attendance",
    summary="Scan that somebody comes or leaves",
    description="By who runs the course, or enrols at the person's workplace. A code shown to those who leave gives "
    f"the time of leaving. {_REFUSED}",
    response_model=ScanRead,
    dependencies=[requires("training:enrol")],
)
async def scan_attendance(
    request: Request,
    body: ScanCreate,
    session: Writing,
    actor: Caller,
    key: AttendanceKey,
    session_id: SessionPath,
    _key: Key = None,
) -> Response:
    return _answer(request, await attendance.scan(session, actor, session_id, body, key=key, now=clock.now()))


@own.post(
    "",
    summary="Scan with a device of one's own",
    description="Public: the badge says who, the code that the person is in the room. Many people on one device are "
    f"not refused but told in the report of anomalies. {_REFUSED} The nonce does what an `Idempotency-Key` would.",
    response_model=ScanRead,
)
async def scan_own_attendance(request: Request, body: OwnScanCreate, session: Writing, key: AttendanceKey) -> Response:
    return _answer(request, await attendance.scan_own(session, body, key=key, now=clock.now()))


@router.post(
    "/{session_id}/attendance-batches",
    summary="Send scans made without a network",
    description="What a device of the course collected, up to 14 days after the session. Each scan is answered for "
    "itself; the half minute its code was made for counts, and a clock that disagrees with it is told in the report of "
    "anomalies. In which order scans arrive does not matter; a correction is never overwritten (`kept`).",
    response_model=OfflineAnswers,
    dependencies=[requires("training:manage")],
)
async def send_offline_scans(
    request: Request,
    body: OfflineBatch,
    session: Writing,
    actor: Caller,
    key: AttendanceKey,
    session_id: SessionPath,
    _key: Key = None,
) -> Response:
    answered = await attendance.take_batch(session, actor, session_id, body, key=key, now=clock.now())
    language = languages.preferred(request.headers.get("accept-language"))
    return answer_written(_answers(answered, language))


def _answer(request: Request, came: ScanRead | Problem) -> Response:
    # A refusal is answered and not raised: what it adds to the report of anomalies is committed.
    return problems.response(request, came) if isinstance(came, Problem) else answer_written(came)


def _answers(answered: Sequence[Answered], language: Language) -> OfflineAnswers:
    outcomes = [one.outcome for one in answered]
    return OfflineAnswers(
        items=[
            OfflineAnswer.model_validate(
                {
                    "nonce": one.nonce,
                    "outcome": one.outcome,
                    "code": one.problem.code if one.problem else None,
                    "message": one.problem.sentence().in_language(language) if one.problem else None,
                    "enrolment_id": one.enrolment_id,
                    "status": one.status,
                    "minutes": one.minutes,
                }
            )
            for one in answered
        ],
        recorded=outcomes.count(ScanOutcome.RECORDED),
        unchanged=outcomes.count(ScanOutcome.UNCHANGED),
        kept=outcomes.count(ScanOutcome.KEPT),
        refused=outcomes.count(ScanOutcome.REFUSED),
    )
