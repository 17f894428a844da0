"""Tables of memoranda; what the table of transitions forbids, the database refuses."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry_api.base import Base
from services.registry_api.memoranda import rules
from shared.audit import UNRECORDED, Audited
from shared.db.base import Identified, Versioned, after_create
from shared.db.bitemporal import Bitemporal, never_empty, no_overlap
from shared.schemas.registry.memorandum_words import (
    DocumentKind,
    DocumentLanguage,
    MemorandumAction,
    MemorandumPartyRole,
    MemorandumStatus,
    PartyKind,
    RenewalKind,
)

CURRENT = text("upper_inf(recorded)")
PART_BYTES = 1 << 20


def _quoted(words: frozenset[MemorandumStatus]) -> str:
    return ", ".join(f"'{word.value}'" for word in sorted(words))


def _known(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Memorandum(Identified, Versioned, Base):
    """Who a memorandum is: one row for its whole life, and where its last step led."""

    __tablename__ = "memoranda"
    __audit__ = Audited("memorandum")
    __table_args__ = (_known("status", MemorandumStatus),)

    status: Mapped[str]
    status_since: Mapped[date]
    created_by: Mapped[str]


class MemorandumState(Identified, Bitemporal, Base):
    """Everything agreed from one day to another, as it was known from one moment to another."""

    __tablename__ = "memorandum_states"
    __audit__ = Audited("memorandum", "memorandum_id")
    __table_args__ = (
        no_overlap("memorandum_id", name="ex_memorandum_states_one_at_a_time"),
        never_empty(),
        _known("renewal", RenewalKind),
        CheckConstraint("starts_on <= ends_on", name="validity_ordered"),
        CheckConstraint("signed_earliest <= signed_latest", name="signing_ordered"),
        Index("ix_memorandum_states_memorandum_id", "memorandum_id", postgresql_where=CURRENT),
        Index("ix_memorandum_states_area_code", "area_code", postgresql_where=CURRENT),
        Index(
            "ix_memorandum_states_search_key",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
            postgresql_where=CURRENT,
        ),
    )

    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memoranda.id"))
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    signed_on: Mapped[str | None]
    """As exactly as it is known (EDTF)."""
    signed_earliest: Mapped[date | None] = mapped_column(info=dict(UNRECORDED))
    signed_latest: Mapped[date | None] = mapped_column(info=dict(UNRECORDED))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    renewal: Mapped[str]
    renewal_months: Mapped[int | None] = mapped_column(SmallInteger)
    notice_days: Mapped[int | None] = mapped_column(SmallInteger)
    area_code: Mapped[str | None] = mapped_column(String(9), ForeignKey("areas.code"))
    clauses: Mapped[list[Any]] = mapped_column(JSONB)
    """The text as it was sent for signature; amendments are kept apart."""
    search_key: Mapped[str] = mapped_column(info=dict(UNRECORDED))


class MemorandumParty(Identified, Bitemporal, Base):
    """A party from one day to another. Its `party_id` stays when another organisation takes its place."""

    __tablename__ = "memorandum_parties"
    __audit__ = Audited("memorandum", "memorandum_id")
    __table_args__ = (
        no_overlap("party_id", name="ex_memorandum_parties_one_at_a_time"),
        never_empty(),
        ExcludeConstraint(
            ("memorandum_id", "="),
            ("organisation_id", "="),
            ("valid", "&&"),
            name="ex_memorandum_parties_stands_once",
            using="gist",
            where=text("upper_inf(recorded) AND organisation_id IS NOT NULL"),
        ),
        _known("kind", PartyKind),
        _known("role", MemorandumPartyRole),
        CheckConstraint(
            "organisation_id IS NOT NULL OR coalesce(name_kk, name_ru, name_en) IS NOT NULL", name="is_somebody"
        ),
        CheckConstraint(
            "organisation_id IS NOT NULL OR country <> 'KZ' OR NOT is_legal_entity OR bin IS NOT NULL",
            name="kazakhstani_has_a_bin",
        ),
        CheckConstraint("bin IS NULL OR bin ~ '^[0-9]{12}$'", name="bin_has_twelve_digits"),
        Index("ix_memorandum_parties_memorandum_id", "memorandum_id", postgresql_where=CURRENT),
        Index("ix_memorandum_parties_organisation_id", "organisation_id", postgresql_where=CURRENT),
    )

    party_id: Mapped[UUID]
    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memoranda.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    name_kk: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    country: Mapped[str] = mapped_column(String(2))
    bin: Mapped[str | None] = mapped_column(String(12))
    is_legal_entity: Mapped[bool]
    kind: Mapped[str]
    role: Mapped[str]
    position_kk: Mapped[str | None]
    position_ru: Mapped[str | None]
    position_en: Mapped[str | None]
    basis: Mapped[str | None]


class MemorandumSignature(Base):
    """A party has signed; signatures are only added."""

    __tablename__ = "memorandum_signatures"
    __audit__ = Audited("memorandum", "memorandum_id")

    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memoranda.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    signed_on: Mapped[str | None]
    """As exactly as it is known (EDTF)."""
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]


class MemorandumTransition(Base):
    """One step in the life of a memorandum; steps are only added."""

    __tablename__ = "memorandum_transitions"
    __audit__ = False  # this table is a trail itself
    __table_args__ = (_known("action", MemorandumAction), _known("to_status", MemorandumStatus))

    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memoranda.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    action: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    actor: Mapped[str]
    reason_code: Mapped[str | None]
    comment: Mapped[str | None]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]


class MemorandumAmendment(Identified, Base):
    """A change of the text that the parties agreed upon; amendments are only added."""

    __tablename__ = "memorandum_amendments"
    __audit__ = Audited("memorandum", "memorandum_id")
    __table_args__ = (UniqueConstraint("memorandum_id", "number"),)

    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memoranda.id"))
    number: Mapped[int] = mapped_column(Integer)
    title_kk: Mapped[str | None]
    title_ru: Mapped[str | None]
    title_en: Mapped[str | None]
    effective_on: Mapped[date]
    signed_on: Mapped[str | None]
    changes: Mapped[list[Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime]


class MemorandumDocument(Identified, Base):
    """A file that belongs to a memorandum; its bytes are wherever the store keeps them."""

    __tablename__ = "memorandum_documents"
    __audit__ = Audited("memorandum", "memorandum_id")
    __table_args__ = (
        UniqueConstraint("memorandum_id", "kind", "language", "version"),
        _known("kind", DocumentKind),
        _known("language", DocumentLanguage),
    )

    memorandum_id: Mapped[UUID] = mapped_column(ForeignKey("memoranda.id"))
    kind: Mapped[str]
    language: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]


class DocumentPart(Base):
    """A megabyte of a file, known by the digest of the whole: the same file is kept once."""

    __tablename__ = "document_parts"
    __audit__ = False
    __table_args__ = (CheckConstraint(f"octet_length(content) <= {PART_BYTES}", name="part_small"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes]


_STEPS = "\n            OR ".join(
    f"(NEW.action = '{line.action.value}' AND NEW.from_status IN ({_quoted(line.before)})"
    f" AND NEW.to_status IN ({_quoted(line.after)}))"
    for line in rules.TABLE
)
_MOVES = "\n            OR ".join(
    f"(OLD.status IN ({_quoted(line.before)}) AND NEW.status IN ({_quoted(line.after)}))" for line in rules.TABLE
)
after_create(
    MemorandumTransition.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION memorandum_transitions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'steps of a memorandum are only added' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT ((NEW.action = 'draft' AND NEW.from_status IS NULL AND NEW.to_status = 'draft' AND NEW.number = 1)
            OR {_STEPS}) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.action = 'sign' AND (SELECT count(DISTINCT party_id) FROM memorandum_parties
            WHERE memorandum_id = NEW.memorandum_id AND upper_inf(recorded)) < {rules.FEWEST_PARTIES} THEN
        RAISE EXCEPTION 'a signing needs at least two parties' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),  # noqa: S608 -- words of the table of transitions
    "CREATE TRIGGER memorandum_transitions_by_the_table BEFORE INSERT OR UPDATE OR DELETE ON memorandum_transitions "
    "FOR EACH ROW EXECUTE FUNCTION memorandum_transitions_refuse()",
)
after_create(
    Memorandum.__table__,  # type: ignore[arg-type] # a mapped class has a Table
    f"""
CREATE OR REPLACE FUNCTION memoranda_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> NEW.status AND NOT ({_MOVES}) THEN
        RAISE EXCEPTION 'the table of transitions has no such step' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
""".strip(),
    "CREATE TRIGGER memoranda_by_the_table BEFORE UPDATE OF status ON memoranda "
    "FOR EACH ROW EXECUTE FUNCTION memoranda_refuse()",
)
