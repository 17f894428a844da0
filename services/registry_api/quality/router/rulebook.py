"""HTTP of the rules: what values are checked against, and which small figures are hidden."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.disclosure import service as disclosure
from services.registry_api.validation import service as validation
from shared import clock
from shared.auth import Caller, requires
from shared.clock import day_in_kazakhstan
from shared.schemas.base import Code
from shared.schemas.pages import Page
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.quality_rules import (
    DisclosureRuleRead,
    DisclosureRules,
    DisclosureRuleSet,
    RuleEnd,
    RuleQuery,
    RuleRead,
    RuleSet,
    RulesQuery,
)
from shared.web import conditional, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/data-quality", tags=["data-quality"])

RulePath = Annotated[Code, Path(description="The rule's code", examples=["value_implausible"])]
IndicatorPath = Annotated[IndicatorCode, Path(description="The indicator's code", examples=["REG_FAMILY_PLACEMENT"])]
_PAGE = TypeAdapter(Page[RuleRead])


@router.get(
    "/rules",
    summary="List rules of validation",
    description="The rules that hold for periods that end today, or on `as_of`, in the order of their codes.",
    response_model=Page[RuleRead],
    dependencies=[requires("registry:read")],
)
async def list_rules(request: Request, session: Reading, query: Annotated[RulesQuery, Query()]) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    on = query.as_of or day_in_kazakhstan(clock.now())
    rows = await validation.page(session, query, on=on, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["code"],))
    total = await validation.count(session, query, on=on) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.get(
    "/rules/{code}",
    summary="Read a rule of validation",
    description="What the rule says for periods that end today, or on `as_of`.",
    response_model=RuleRead,
    dependencies=[requires("registry:read")],
)
async def read_rule(
    session: Reading, response: Response, code: RulePath, query: Annotated[RuleQuery, Query()]
) -> dict[str, Any]:
    on = query.as_of or day_in_kazakhstan(clock.now())
    row = await validation.get(session, code, on=on, known_at=query.known_at)
    response.headers["ETag"] = conditional.etag(str(row.id))
    return validation.document(row)


@router.put(
    "/rules/{code}",
    summary="Set a rule of validation",
    description="What the rule says for periods that end from `valid_from` on; what it said of earlier ones stays. An "
    "error refuses values that break it, a warning is told to whoever records them, an information is only found by "
    "the nightly check. A rule that holds on `valid_from` is replaced under `If-Match`.",
    response_model=RuleRead,
    responses={201: {"model": RuleRead, "description": "The rule is new"}},
    dependencies=[requires("registry:approve")],
)
async def put_rule(
    request: Request,
    asked: RuleSet,
    session: Writing,
    actor: Caller,
    response: Response,
    code: RulePath,
    _if_match: IfMatch = None,
) -> dict[str, Any]:
    known = await validation.find(session, code, on=asked.valid_from)
    if known is not None:
        conditional.check_match(request, str(known.id))
    row = await validation.put(session, actor, code, asked, now=clock.now())
    response.status_code = 200 if known is not None else 201
    response.headers["Location"] = f"/v1/data-quality/rules/{code}?as_of={asked.valid_from}"
    response.headers["ETag"] = conditional.etag(str(row.id))
    return validation.document(row)


@router.post(
    "/rules/{code}/end",
    summary="End a rule of validation",
    description="The rule is not applied to periods that end on that day or later.",
    status_code=204,
    dependencies=[requires("registry:approve")],
)
async def end_rule(
    asked: RuleEnd, session: Writing, actor: Caller, code: RulePath, _key: IdempotencyKey = None
) -> None:
    await validation.end(session, actor, code, on=asked.on, now=clock.now())


@router.get(
    "/disclosure-rules",
    summary="List indicators whose small figures are hidden",
    description="Counts of people so few that they could be recognised are not shown to the public.",
    response_model=DisclosureRules,
    dependencies=[requires("registry:read")],
)
async def list_disclosure_rules(session: Reading) -> dict[str, Any]:
    return {"items": await disclosure.every(session)}


@router.get(
    "/disclosure-rules/{indicator}",
    summary="Read the rule of disclosure of an indicator",
    description="How few persons the indicator may show.",
    response_model=DisclosureRuleRead,
    dependencies=[requires("registry:read")],
)
async def read_disclosure_rule(session: Reading, response: Response, indicator: IndicatorPath) -> dict[str, Any]:
    row = await disclosure.get(session, indicator)
    response.headers["ETag"] = conditional.etag(row.version)
    return disclosure.document(row)


@router.put(
    "/disclosure-rules/{indicator}",
    summary="Hide small figures of an indicator",
    description="From now on figures of fewer persons are hidden, with others that would give them away. A rule that "
    "is there is replaced under `If-Match`.",
    response_model=DisclosureRuleRead,
    responses={201: {"model": DisclosureRuleRead, "description": "The rule is new"}},
    dependencies=[requires("registry:approve")],
)
async def put_disclosure_rule(
    request: Request,
    asked: DisclosureRuleSet,
    session: Writing,
    actor: Caller,
    response: Response,
    indicator: IndicatorPath,
    _if_match: IfMatch = None,
) -> dict[str, Any]:
    known = await disclosure.find(session, indicator)
    if known is not None:
        conditional.check_match(request, known.version)
    row = await disclosure.put(session, actor, indicator, known, asked, now=clock.now())
    response.status_code = 200 if known is not None else 201
    response.headers["ETag"] = conditional.etag(row.version)
    return disclosure.document(row)


@router.delete(
    "/disclosure-rules/{indicator}",
    summary="Show small figures of an indicator again",
    description="The indicator's figures are shown however few people they count.",
    status_code=204,
    dependencies=[requires("registry:approve")],
)
async def lift_disclosure_rule(
    request: Request, session: Writing, actor: Caller, indicator: IndicatorPath, _if_match: IfMatch = None
) -> None:
    row = await disclosure.get(session, indicator, for_update=True)
    conditional.check_match(request, row.version)
    await disclosure.lift(session, actor, row)
