"""All that is held true of organisations, in whatever room it is kept, as one digest.

A table holds facts of organisations if it has `recorded` and a column that refers to an organisation: a room that is
built later is covered without a word here.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Table, TextClause, text

from services.registry_api.base import Base
from shared.db.sessions import AnySession

_BOOKKEEPING = ("id", "recorded", "recorded_by", "revision", "version", "created_at", "updated_at")
"""Says when and how a fact came to be written, not what it is."""

# Only names of our own tables and columns become part of the statements below.


async def digest(session: AnySession, organisations: Collection[UUID]) -> str:
    """SHA-256 of every fact that is held true of these organisations.

    What was entered in error is no fact. Two digests are equal exactly when the facts are, whenever these were
    recorded.
    """
    known = {"organisations": list(organisations), "bookkeeping": list(_BOOKKEEPING)}
    return f"sha256:{await session.scalar(_digest(), known)}"


async def last_recorded(session: AnySession, organisations: Collection[UUID]) -> datetime | None:
    """The last moment at which anything that is held true of these organisations was recorded."""
    found: datetime | None = await session.scalar(_last(), {"organisations": list(organisations)})
    return found


@cache
def _digest() -> TextClause:
    return text(
        f"""
        SELECT encode(sha256(convert_to(coalesce(string_agg(line, ' ' ORDER BY line), ''), 'UTF8')), 'hex')
        FROM ({" UNION ALL ".join(_lines())}) AS facts
        """  # noqa: S608
    )


@cache
def _last() -> TextClause:
    return text(f"SELECT max(moment) FROM ({' UNION ALL '.join(_moments())}) AS moments")  # noqa: S608


def _lines() -> Iterator[str]:
    for table, theirs in _facts():
        true = " AND status <> 'created_in_error'" if "status" in table.c else ""
        yield f"""
            SELECT '{table.name} '
                || (jsonb_strip_nulls(to_jsonb(fact)) - CAST(:bookkeeping AS text[]))::text COLLATE "C" AS line
            FROM {table.name} AS fact WHERE ({theirs}) AND upper_inf(recorded){true}
        """  # noqa: S608


def _moments() -> Iterator[str]:
    for table, theirs in _facts():
        yield f"SELECT max(lower(recorded)) AS moment FROM {table.name} WHERE ({theirs}) AND upper_inf(recorded)"  # noqa: S608


def _facts() -> Iterator[tuple[Table, str]]:
    """Each table of facts, and the condition for those of the organisations asked about."""
    for table in Base.metadata.sorted_tables:
        referring = {
            column.name
            for column in table.c
            if any(key.target_fullname == "organisations.id" for key in column.foreign_keys)
        }
        # What a fact is about owns it; that it mentions another organisation, such as a parent, matters less.
        owners = sorted({"organisation_id"} & referring or referring)
        if owners and "recorded" in table.c:
            yield table, " OR ".join(f"{name} = ANY (CAST(:organisations AS uuid[]))" for name in owners)
