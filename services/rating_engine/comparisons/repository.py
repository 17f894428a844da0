"""Every SQL statement about what is compared."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.rating_engine.publications.service import Publication, PublicationEntry
from services.rating_engine.runs.service import RunResult
from shared.db.sessions import AnySession


async def editions_in_force_of(session: AnySession, organisations: Sequence[UUID]) -> Sequence[UUID]:
    """The editions in force that speak of all of these, the latest first."""
    statement = (
        select(Publication.id)
        .join(PublicationEntry, PublicationEntry.publication_id == Publication.id)
        .where(Publication.status == "current", PublicationEntry.organisation_id.in_(organisations))
        .group_by(Publication.id, Publication.published_at)
        .having(func.count() == len(organisations))
        .order_by(Publication.published_at.desc(), Publication.id)
    )
    return (await session.scalars(statement)).all()


async def known(session: AnySession, organisations: Sequence[UUID]) -> set[UUID]:
    """Of these, whoever stands in any edition."""
    statement = (
        select(PublicationEntry.organisation_id)
        .where(PublicationEntry.organisation_id.in_(organisations))
        .group_by(PublicationEntry.organisation_id)
    )
    return set((await session.scalars(statement)).all())


async def standings(session: AnySession, run_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Every organisation of a run with its score, place and band, by id."""
    statement = (
        select(
            RunResult.organisation_id,
            RunResult.name,
            RunResult.sort_key,
            RunResult.area_path,
            RunResult.score,
            RunResult.rank,
            RunResult.band,
            RunResult.changes,
            RunResult.withheld,
        )
        .where(RunResult.run_id == run_id)
        .order_by(RunResult.organisation_id)
    )
    return [dict(row) for row in (await session.execute(statement)).mappings()]
