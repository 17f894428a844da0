"""How memoranda are looked at: whole rows of a day with their parties, in one statement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from services.registry_api.memoranda import rules
from services.registry_api.memoranda.models import (
    Memorandum,
    MemorandumParty,
    MemorandumSignature,
    MemorandumState,
    MemorandumTransition,
)
from shared.db import keyset
from shared.db.sessions import AnySession
from shared.schemas.registry.memorandum_words import RenewalKind

KEYS = (keyset.Key(MemorandumState.memorandum_id.expression, descending=True),)
"""The newest first: identifiers are ordered by the time they were made."""

_LIVE = [status.value for status in rules.LIVE]
_COLUMNS = (
    *("title_kk", "title_ru", "title_en", "kinds", "signed_on", "starts_on", "ends_on", "renewal", "renewal_months"),
    *("notice_days", "area_code", "clauses"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which memoranda are asked for; what is None or empty does not matter."""

    on: date
    is_past: bool = False
    """Whether the day was asked for: then the status is that of the day."""
    known_at: datetime | None = None
    ids: Collection[UUID] | None = None
    words: Sequence[str] = ()
    """Patterns of LIKE, all of which have to fit."""
    statuses: Collection[str] = ()
    kinds: Sequence[str] = ()
    areas: Sequence[str] | None = None
    organisations: Sequence[UUID] | None = None
    party_id: UUID | None = None
    """Beside `organisations`: a party by its own identifier."""
    valid_on: date | None = None
    ends_before: date | None = None


async def page(
    session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int | None
) -> list[dict[str, Any]]:
    """Rows in order, one more than `limit` if there are more."""
    query = _rows(wanted).order_by(*keyset.order_by(KEYS))
    if limit is not None:
        query = query.limit(limit + 1)
    if after is not None:
        query = query.where(keyset.after(KEYS, [UUID(str(after[0]))]))
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def ids(session: AnySession, wanted: Wanted) -> list[UUID]:
    """Which they are."""
    return list(await session.scalars(_rows(wanted).with_only_columns(MemorandumState.memorandum_id)))


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    query = _rows(wanted).with_only_columns(func.count(), maintain_column_froms=True)
    return int(await session.scalar(query) or 0)


def _rows(wanted: Wanted) -> Select[Any]:
    state = MemorandumState
    written = _status(wanted)
    is_over = and_(state.ends_on < wanted.on, state.renewal != RenewalKind.AUTO.value)
    shown = case((and_(written.in_(_LIVE), is_over), "expired"), else_=written)
    return (
        select(
            state.memorandum_id.label("id"),
            Memorandum.version,
            *(getattr(state, name) for name in _COLUMNS),
            written.label("written"),
            shown.label("status"),
            _since(wanted).label("step_on"),
            func.lower(state.recorded).label("recorded_at"),
            _parties(wanted).label("parties"),
        )
        .join(Memorandum, Memorandum.id == state.memorandum_id)
        .where(*_conditions(wanted, written, shown))
    )


def _conditions(wanted: Wanted, written: ColumnElement[str], shown: ColumnElement[str]) -> list[ColumnElement[bool]]:
    state = MemorandumState
    found = [state.valid.op("@>")(literal(wanted.on)), _known(state.recorded, wanted), written.is_not(None)]
    if wanted.ids is not None:
        found.append(state.memorandum_id == func.any(literal(list(wanted.ids))))
    found.extend(state.search_key.like(pattern) for pattern in wanted.words)
    if wanted.statuses:
        found.append(shown.in_(list(wanted.statuses)))
    if wanted.kinds:
        found.append(state.kinds.op("&&")(literal(list(wanted.kinds), ARRAY(Text))))
    if wanted.areas is not None:
        found.append(state.area_code == func.any(literal(list(wanted.areas), ARRAY(String(9)))))
    if wanted.organisations is not None:
        party = _party_of(wanted)
        is_one = MemorandumParty.organisation_id == func.any(literal(list(wanted.organisations)))
        found.append(exists().where(*party, or_(is_one, MemorandumParty.party_id == wanted.party_id)))
    if wanted.valid_on is not None:
        begins = func.coalesce(state.starts_on, state.signed_earliest)
        found.append(written.in_(_LIVE))
        found.append(or_(begins.is_(None), begins <= wanted.valid_on))
        goes_on = state.renewal == RenewalKind.AUTO.value
        found.append(or_(state.ends_on.is_(None), state.ends_on >= wanted.valid_on, goes_on))
    if wanted.ends_before is not None:
        found.append(state.ends_on < wanted.ends_before)
    return found


def _known(recorded: Any, wanted: Wanted) -> ColumnElement[bool]:
    if wanted.known_at is None:
        return func.upper_inf(recorded)
    return recorded.op("@>")(literal(wanted.known_at))  # type: ignore[no-any-return] # an operator of any column


def _is_now(wanted: Wanted) -> bool:
    return not wanted.is_past and wanted.known_at is None


def _status(wanted: Wanted) -> ColumnElement[str]:
    if _is_now(wanted):
        return Memorandum.__table__.c.status
    return _last_step(MemorandumTransition.to_status, wanted)


def _since(wanted: Wanted) -> ColumnElement[date]:
    if _is_now(wanted):
        return Memorandum.__table__.c.status_since
    return _last_step(MemorandumTransition.effective_on, wanted)


def _last_step(column: Any, wanted: Wanted) -> ScalarSelect[Any]:
    step = MemorandumTransition
    query = select(column).where(step.memorandum_id == MemorandumState.memorandum_id, step.effective_on <= wanted.on)
    if wanted.known_at is not None:
        query = query.where(step.recorded_at <= wanted.known_at)
    return query.order_by(step.number.desc()).limit(1).scalar_subquery()


def _party_of(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [
        MemorandumParty.memorandum_id == MemorandumState.memorandum_id,
        MemorandumParty.valid.op("@>")(literal(wanted.on)),
        _known(MemorandumParty.recorded, wanted),
    ]


_PARTY: Mapping[str, Any] = {
    name: getattr(MemorandumParty, name)
    for name in (
        *("organisation_id", "name_kk", "name_ru", "name_en", "country", "bin", "kind", "role"),
        *("position_kk", "position_ru", "position_en", "basis"),
    )
}


def _parties(wanted: Wanted) -> ScalarSelect[Any]:
    signature = MemorandumSignature
    has_signed = and_(
        signature.memorandum_id == MemorandumParty.memorandum_id,
        signature.party_id == MemorandumParty.party_id,
        signature.effective_on <= wanted.on,
        *([signature.recorded_at <= wanted.known_at] if wanted.known_at is not None else []),
    )
    told: dict[str, Any] = {
        "id": MemorandumParty.party_id,
        **_PARTY,
        "valid_from": func.lower(MemorandumParty.valid),
        "valid_until": func.upper(MemorandumParty.valid),
        "signed": signature.party_id.is_not(None),
        "signed_on": signature.signed_on,
    }
    pairs: list[Any] = []
    for name, column in told.items():
        pairs += [literal_column(f"'{name}'"), column]
    one = func.jsonb_build_object(*pairs)
    whole = func.jsonb_agg(aggregate_order_by(one, MemorandumParty.party_id), type_=JSONB)
    return (
        select(func.coalesce(whole, literal_column("'[]'::jsonb"), type_=JSONB))
        .select_from(MemorandumParty)
        .outerjoin(signature, has_signed)
        .where(*_party_of(wanted))
        .correlate(MemorandumState)
        .scalar_subquery()
    )
