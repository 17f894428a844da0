"""How commitments are looked at: whole rows of a day, and what their lights are made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select

from services.registry_api.commitments import rules
from services.registry_api.commitments.models import (
    Commitment,
    CommitmentEvidence,
    CommitmentOverride,
    CommitmentReport,
    CommitmentState,
    CommitmentTransition,
)
from shared.db import keyset
from shared.db.sessions import AnySession
from shared.schemas.registry.commitment_words import EvidenceReview

BY_AGE = (keyset.Key(CommitmentState.commitment_id.expression),)
"""In the order they were written down."""
BY_DUE = (keyset.Key(CommitmentState.due_latest.expression), keyset.Key(CommitmentState.commitment_id.expression))
"""What is due first stands first."""

_OPEN = [status.value for status in rules.OPEN]
_ACCEPTED = EvidenceReview.ACCEPTED.value
_COLUMNS = (
    *("obligor", "beneficiary_parties", "beneficiary_organisations", "owner", "owner_role", "text_kk", "text_ru"),
    *("text_en", "measure", "due", "due_latest", "report_every_days"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which commitments are asked for; what is None or empty does not matter."""

    on: date
    is_past: bool = False
    known_at: datetime | None = None
    ids: Collection[UUID] | None = None
    memoranda: Collection[UUID] | None = None
    obligors: Collection[UUID] | None = None
    owner: UUID | None = None
    statuses: Collection[str] = ()
    due_until: date | None = None
    """Only what is still to be kept and has to be by this day."""
    without_evidence: bool = False
    open_only: bool = False


async def page(
    session: AnySession,
    wanted: Wanted,
    *,
    keys: tuple[keyset.Key, ...] = BY_AGE,
    after: Sequence[Any] | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Rows in order, one more than `limit` if there are more."""
    query = _rows(wanted).order_by(*keyset.order_by(keys))
    if limit is not None:
        query = query.limit(limit + 1)
    if after is not None:
        *others, last = after
        query = query.where(keyset.after(keys, [*(date.fromisoformat(str(one)) for one in others), UUID(str(last))]))
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    query = _rows(wanted).with_only_columns(func.count(), maintain_column_froms=True)
    return int(await session.scalar(query) or 0)


def _rows(wanted: Wanted) -> Select[Any]:
    state = CommitmentState
    written, since = _standing(wanted)
    is_over = state.due_latest < wanted.on
    shown = case((written.in_(_OPEN) & is_over, "overdue"), else_=written)
    accepted = (
        select(func.count())
        .where(
            CommitmentEvidence.commitment_id == state.commitment_id,
            CommitmentEvidence.review == _ACCEPTED,
            *([CommitmentEvidence.reviewed_at <= wanted.known_at] if wanted.known_at is not None else []),
        )
        .scalar_subquery()
    )
    query = (
        select(
            state.commitment_id.label("id"),
            Commitment.memorandum_id,
            Commitment.version,
            Commitment.since,
            Commitment.updated_at,
            *(getattr(state, name) for name in _COLUMNS),
            written.label("written"),
            shown.label("status"),
            since.label("step_on"),
            accepted.label("evidence_count"),
        )
        .join(Commitment, Commitment.id == state.commitment_id)
        .where(state.valid.op("@>")(literal(wanted.on)), _known(wanted), written.is_not(None))
    )
    return query.where(*_filters(wanted, written, shown, accepted))


def _filters(
    wanted: Wanted, written: ColumnElement[str], shown: ColumnElement[str], accepted: Any
) -> list[ColumnElement[bool]]:
    state = CommitmentState
    found: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        found.append(state.commitment_id == func.any(literal(list(wanted.ids))))
    if wanted.memoranda is not None:
        found.append(Commitment.memorandum_id == func.any(literal(list(wanted.memoranda))))
    if wanted.obligors is not None:
        found.append(state.obligor == func.any(literal(list(wanted.obligors))))
    if wanted.owner is not None:
        found.append(state.owner == wanted.owner)
    if wanted.statuses:
        found.append(shown.in_(list(wanted.statuses)))
    if wanted.due_until is not None:
        found.append(state.due_latest <= wanted.due_until)
    if wanted.due_until is not None or wanted.open_only:
        found.append(written.in_(_OPEN))
    if wanted.without_evidence:
        found.append(accepted == 0)
    return found


def _known(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.known_at is None:
        return func.upper_inf(CommitmentState.recorded)
    return CommitmentState.recorded.op("@>")(literal(wanted.known_at))


def _standing(wanted: Wanted) -> tuple[ColumnElement[str], ColumnElement[date]]:
    if not wanted.is_past and wanted.known_at is None:
        return Commitment.__table__.c.status, Commitment.__table__.c.status_since
    step = CommitmentTransition
    last = (
        select(step.to_status)
        .where(step.commitment_id == CommitmentState.commitment_id, step.effective_on <= wanted.on)
        .order_by(step.number.desc())
        .limit(1)
    )
    if wanted.known_at is not None:
        last = last.where(step.recorded_at <= wanted.known_at)
    return last.scalar_subquery(), last.with_only_columns(step.effective_on).scalar_subquery()


async def reports(session: AnySession, ids: Sequence[UUID], *, known_at: datetime | None) -> list[CommitmentReport]:
    """Reports that were not rejected, in the order of the days they are of."""
    query = select(CommitmentReport).where(CommitmentReport.commitment_id == func.any(literal(list(ids))))
    if known_at is not None:
        rejected = CommitmentReport.review == EvidenceReview.REJECTED.value
        query = query.where(
            CommitmentReport.submitted_at <= known_at, or_(~rejected, CommitmentReport.reviewed_at > known_at)
        )
    else:
        query = query.where(CommitmentReport.review != EvidenceReview.REJECTED.value)
    return list(await session.scalars(query.order_by(CommitmentReport.on, CommitmentReport.submitted_at)))


async def overrides(session: AnySession, ids: Sequence[UUID], *, known_at: datetime | None) -> list[CommitmentOverride]:
    """Lights set by hand, in the order they were set."""
    query = select(CommitmentOverride).where(CommitmentOverride.commitment_id == func.any(literal(list(ids))))
    if known_at is not None:
        query = query.where(CommitmentOverride.recorded_at <= known_at)
    return list(await session.scalars(query.order_by(CommitmentOverride.recorded_at, CommitmentOverride.id)))


async def heard_of(session: AnySession, memorandum_ids: Sequence[UUID], *, until: datetime) -> dict[UUID, datetime]:
    """For each memorandum, when progress or evidence under it was last accepted, up to a moment."""
    accepted = [
        select(model.commitment_id, model.reviewed_at).where(model.review == _ACCEPTED, model.reviewed_at < until)
        for model in (CommitmentReport, CommitmentEvidence)
    ]
    heard = accepted[0].union_all(accepted[1]).subquery()
    query = (
        select(Commitment.memorandum_id, func.max(heard.c.reviewed_at).label("moment"))
        .join(heard, heard.c.commitment_id == Commitment.id)
        .where(Commitment.memorandum_id == func.any(literal(list(memorandum_ids))))
        .group_by(Commitment.memorandum_id)
    )
    return {row.memorandum_id: row.moment for row in await session.execute(query)}


async def touching(
    session: AnySession,
    *,
    organisations: Collection[UUID],
    parties: Collection[UUID],
    since: date,
) -> list[CommitmentState]:
    """States from a day on that name one of these organisations or parties, as it is believed now."""
    state = CommitmentState
    query = (
        select(state)
        .where(
            func.upper_inf(state.recorded),
            or_(func.upper_inf(state.valid), func.upper(state.valid) > since),
            or_(
                state.owner == func.any(literal(list(organisations))),
                state.beneficiary_organisations.op("&&")(literal(list(organisations))),
                state.obligor == func.any(literal(list(parties))),
                state.beneficiary_parties.op("&&")(literal(list(parties))),
            ),
        )
        .order_by(state.commitment_id, func.lower(state.valid))
    )
    return list(await session.scalars(query))


async def recorded_at(session: AnySession, moment: datetime) -> list[UUID]:
    """Commitments of which something was written, or ended, at exactly that moment."""
    begun, ended = func.lower(CommitmentState.recorded), func.upper(CommitmentState.recorded)
    query = select(CommitmentState.commitment_id).where(or_(begun == moment, ended == moment)).distinct()
    return list(await session.scalars(query.order_by(CommitmentState.commitment_id)))
