"""HTTP of what is owed under a memorandum, and of the calendar of all of them."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import Field, TypeAdapter

from services.registry_api import rendering
from services.registry_api.commitments import service as commitments
from shared import clock
from shared.auth import Caller, MaybeCaller, requires
from shared.schemas.base import In, Kato
from shared.schemas.pages import Page
from shared.schemas.registry.commitments import CommitmentCreate, CommitmentQuery, CommitmentRead, CommitmentSummary
from shared.schemas.registry.memorandum_words import MEMORANDUM_ID, ORGANISATION_ID
from shared.web import calendar, languages, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/memoranda", tags=["commitments"])
MemorandumPath = Annotated[UUID, Path(description="The memorandum", examples=[MEMORANDUM_ID])]

_PAGE = TypeAdapter(Page[CommitmentSummary])
_COMMITMENT = TypeAdapter(CommitmentRead)
_NAMES = {
    "kk": "Меморандумдар: мерзімдер",
    "ru": "Меморандумы: сроки",
    "en": "Memoranda: what is due",
}
_PREFIXES = {
    "due": {"kk": "Мерзімі", "ru": "Срок", "en": "Due"},
    "give_notice": {"kk": "Хабарлама беру", "ru": "Уведомить о прекращении", "en": "Give notice"},
    "ask_consent": {"kk": "Келісім сұрау", "ru": "Запросить согласие", "en": "Ask for consent"},
    "prepare_end": {"kk": "Аяқтауға дайындық", "ru": "Подготовить окончание", "en": "Prepare the end"},
}


class AgendaQuery(In):
    """Filters of the calendar."""

    area: Kato | None = Field(
        default=None, description="Only memoranda of this area and everything under it", examples=["790000000"]
    )
    party: UUID | None = Field(
        default=None, description="Only those of this organisation, its sub-units included", examples=[ORGANISATION_ID]
    )


@router.get(
    "/calendar.ics",
    summary="Subscribe to what is due",
    description="Due dates of commitments as iCalendar, with stable identifiers; a date known to the month is an "
    "entry of the whole month. Public for concluded memoranda; with `registry:read` also the days by which notice "
    "has to be given.",
    response_class=Response,
    responses={200: {"description": "A calendar", "content": {calendar.MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def read_agreement_calendar(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[AgendaQuery, Query()]
) -> Response:
    language = languages.preferred(request.headers.get("accept-language"))
    days = await commitments.days(session, actor=actor, area=query.area, party=query.party, now=clock.now())
    return calendar.answer(_NAMES.get(language, _NAMES["en"]), [_entry(day, language) for day in days])


def _entry(day: commitments.Day, language: str) -> calendar.Entry:
    prefix = _PREFIXES[day.kind]
    return calendar.Entry(
        uid=f"{day.id}@bilim",
        sequence=max(0, day.sequence),
        summary=f"{prefix.get(language, prefix['en'])}: {commitments.words(day, [language])[:200]}",
        starts=day.starts,
        ends=day.ends,
        changed_at=day.changed_at,
        status="CANCELLED" if day.is_cancelled else "CONFIRMED",
        url=f"/v1/memoranda/{day.memorandum_id}",
        categories=(day.kind, *(("fulfilled",) if day.is_done else ())),
    )


@router.get(
    "/{memorandum_id}/commitments",
    summary="List what is owed under a memorandum",
    description="As of any day, the oldest first; `obligor` takes a party's id, its organisation's id, what it is "
    "(`akimat`) or its part (`sponsor`). Public once the memorandum was concluded: texts, parties, due dates, status "
    "and the delivery light.",
    response_model=Page[CommitmentSummary],
)
async def list_memorandum_commitments(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    memorandum_id: MemorandumPath,
    query: Annotated[CommitmentQuery, Query()],
) -> Response:
    of = {"memorandum": str(memorandum_id), **query.model_dump(mode="json", exclude={"limit", "cursor", "count"})}
    after = pages.start(request, query.cursor, of=of, length=1)
    found, wanted = await commitments.of_memorandum(
        session, memorandum_id, query, actor=actor, now=clock.now(), after=after
    )
    items, next_cursor = pages.cut(
        request, found.documents, limit=query.limit, of=of, keys=lambda document: [str(document["id"])]
    )
    total = await commitments.count(session, wanted) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "/{memorandum_id}/commitments",
    summary="Write down what a party owes",
    description="A commitment under the memorandum: who owes it, to whom, by when, who looks after it, and what it is "
    "measured by. The caller must reach the memorandum's area, lead a party, or lead the unit that looks after it.",
    status_code=201,
    response_model=CommitmentRead,
    dependencies=[requires("registry:write")],
)
async def make_commitment(
    request: Request,
    session: Writing,
    actor: Caller,
    memorandum_id: MemorandumPath,
    asked: CommitmentCreate,
    _key: IdempotencyKey = None,
) -> Response:
    now = clock.now()
    commitment_id = await commitments.make(session, actor, memorandum_id, asked, now=now)
    seen = await commitments.get(session, commitment_id, actor=actor, now=now)
    headers = {"Location": f"/v1/commitments/{commitment_id}"}
    return rendering.answer(request, _COMMITMENT, seen.document, version=seen.version, status_code=201, headers=headers)
