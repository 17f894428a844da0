"""Tokens go out, ballots come in, and nothing that is kept leads from the one to the other."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.rating_engine.surveys import errors, figures, rules
from services.rating_engine.surveys.models import Survey
from services.rating_engine.surveys.repository import boxes, lives
from services.rating_engine.surveys.rules import Stamp
from services.rating_engine.surveys.service.lives import find, items_of
from shared import audit
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.rating.survey_ballots import (
    BallotCreate,
    FormItem,
    FormOption,
    SurveyForm,
    TokensIssue,
    TokensIssued,
)
from shared.schemas.rating.surveys import FrameStratum, SurveyItem, SurveyItemKind, SurveyStatus

_TOKEN_BYTES = 16


async def hand_out(session: WriteSession, actor: Actor, survey_id: UUID, body: TokensIssue) -> TokensIssued:
    """Make tokens for a part of an organisation's frame; the list exists in this answer alone.

    Raises `SurveyNotFound`, `SurveyStepRefused`, `OrganisationOutsideFrame`, `OutOfReach`, `StratumUnknown`,
    `TokensExceedFrame`.
    """
    survey = await find(session, survey_id)
    if survey.status != SurveyStatus.OPEN:
        raise errors.SurveyStepRefused(status=survey.status)
    row = await boxes.lock(session, survey_id, body.organisation_id)
    if row is None:
        raise errors.OrganisationOutsideFrame(pointer="/organisation_id")
    actor.demand(Scope.RATING_RUN, row.area_path, row.organisation_id)
    stratum = (body.grade_group, body.language)
    parts = [FrameStratum.model_validate(part) for part in row.strata]
    part = next((part for part in parts if (part.grade_group, part.language) == stratum), None)
    if part is None:
        raise errors.StratumUnknown(pointer="/grade_group")
    if body.renew:
        await boxes.void(session, survey_id, row.organisation_id, stratum)
    key = (row.organisation_id, stratum)
    unused = await boxes.unused(session, survey_id, [row.organisation_id])
    used = await boxes.used(session, survey_id, [row.organisation_id])
    left = part.population - unused.get(key, 0) - used.get(key, 0)
    if body.count > left:
        raise errors.TokensExceedFrame(pointer="/count", left=left)
    tokens = [secrets.token_urlsafe(_TOKEN_BYTES) for _ in range(body.count)]
    await boxes.hand_out(session, survey_id, row.organisation_id, stratum, [_digest(token) for token in tokens])
    await audit.note(
        session,
        action="hand_out_tokens",
        resource_type="survey",
        resource_id=survey_id,
        organisation_id=str(row.organisation_id),
        count=body.count,
        renewed=body.renew,
    )
    return TokensIssued(
        survey_id=survey_id,
        organisation_id=row.organisation_id,
        grade_group=body.grade_group,
        language=body.language,
        tokens=tokens,
    )


async def form(session: AnySession, survey_id: UUID, *, now: datetime) -> SurveyForm:
    """What an open survey asks, and the stamp that says when it was handed out.

    Raises `SurveyNotFound`, `SurveyNotOpen`.
    """
    survey = await _taking(session, survey_id, now=now)
    key = await lives.key_of(session, survey_id)
    if key is None:
        raise errors.SurveyNotOpen
    return SurveyForm(
        survey_id=survey_id,
        title=TextOut.model_validate(survey.title),
        closes_at=survey.closes_at,
        items=[_asked(item) for item in items_of(survey)],
        started=Stamp(key, survey_id.bytes).sign(now),
    )


async def take(
    session: WriteSession, survey_id: UUID, body: BallotCreate, *, address: str | None, pepper: bytes, now: datetime
) -> None:
    """Take one ballot and the token away.

    Whatever can be said of the ballot without its token is said first; of a token that does not do nothing is said but
    that. What is kept is in `SurveyBallot`: no author, no event, no line in the audit trail.
    Raises `SurveyNotFound`, `SurveyNotOpen`, `BallotUnfitting`, `FormExpired`, `BallotTokenRefused`.
    """
    await lives.stand_aside(session, survey_id)
    survey = await _taking(session, survey_id, now=now)
    items = items_of(survey)
    if faults := rules.ballot_faults(items, body.answers):
        raise errors.BallotUnfitting(errors=faults)
    key = await lives.key_of(session, survey_id)
    passed = Stamp(key, survey_id.bytes).since(body.started, now=now) if key is not None else None
    if key is None or passed is None:
        raise errors.FormExpired(pointer="/started")
    digest = _digest(body.token)
    organisation_id = await boxes.box_of(session, survey_id, digest)
    if organisation_id is None:
        raise errors.BallotTokenRefused
    # The box before the token, as those who hand out do: in the other order they would wait for one another for ever.
    await boxes.lock(session, survey_id, organisation_id)
    opened = await boxes.use(session, survey_id, digest)
    if opened is None:
        raise errors.BallotTokenRefused
    await boxes.put_in(
        session,
        survey_id,
        organisation_id,
        opened,
        points=_points(items, body),
        hasty=figures.is_hasty(passed.total_seconds(), len(items)),
        bucket=rules.bucket_of(now),
        network=rules.network_of(address, key=key, pepper=pepper),
    )


async def _taking(session: AnySession, survey_id: UUID, *, now: datetime) -> Survey:
    """The survey, if it takes ballots now."""
    survey = await find(session, survey_id)
    if survey.status == SurveyStatus.DRAFT:
        raise errors.SurveyNotFound
    if survey.status != SurveyStatus.OPEN or not survey.opens_at <= now < survey.closes_at:
        raise errors.SurveyNotOpen
    return survey


def _points(items: Sequence[SurveyItem], body: BallotCreate) -> list[int]:
    found = [rules.position(item, body.answers[item.code]) for item in items]
    return [point for point in found if point is not None]


def _asked(item: SurveyItem) -> FormItem:
    is_scale = item.kind is SurveyItemKind.SCALE
    return FormItem(
        code=item.code,
        kind=item.kind,
        text=TextOut.model_validate(item.text),
        low=item.low if is_scale else None,
        high=item.high if is_scale else None,
        options=[FormOption(code=option.code, text=TextOut.model_validate(option.text)) for option in item.options],
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
