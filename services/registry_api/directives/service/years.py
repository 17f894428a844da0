"""School years as orders set them: their dates are data, made anew each summer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.registry_api.directives import errors, repository
from services.registry_api.directives.models import AcademicYear
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.directives import AcademicYearBody, AcademicYearCreate


async def enter_year(session: WriteSession, actor: Actor, asked: AcademicYearCreate, *, now: datetime) -> AcademicYear:
    """Enter the dates of a school year; they are the country's. Raises `AcademicYearExists`, `OutOfReach`."""
    actor.demand(Scope.REGISTRY_WRITE, None)
    if await repository.lock_year(session, asked.code) is not None:
        raise errors.AcademicYearExists(pointer="/code")
    row = AcademicYear(**_year(asked), code=asked.code, created_at=now, updated_at=now)
    await repository.add(session, row)
    return row


async def lock_year(session: WriteSession, code: str) -> AcademicYear:
    """A school year, for a change. Raises `AcademicYearNotFound`."""
    row = await repository.lock_year(session, code)
    if row is None:
        raise errors.AcademicYearNotFound()
    return row


async def replace_year(
    session: WriteSession, actor: Actor, row: AcademicYear, asked: AcademicYearBody, *, now: datetime
) -> None:
    """Set the dates of a school year anew."""
    actor.demand(Scope.REGISTRY_WRITE, None)
    for name, value in _year(asked).items():
        setattr(row, name, value)
    await repository.touch(session, row, now=now)


async def get_year(session: AnySession, code: str) -> AcademicYear:
    """A school year. Raises `AcademicYearNotFound`."""
    row = await repository.year(session, code)
    if row is None:
        raise errors.AcademicYearNotFound()
    return row


async def years(session: AnySession, *, after: Sequence[Any] | None, limit: int) -> list[AcademicYear]:
    """Up to `limit` + 1 school years behind a position."""
    return await repository.years(session, after=after, limit=limit + 1)


async def count_years(session: AnySession) -> int:
    """How many there are."""
    return await repository.count_years(session)


async def require_year(session: AnySession, code: str) -> None:
    """Raise `AcademicYearUnknown` unless its dates are known."""
    if await repository.year(session, code) is None:
        raise errors.AcademicYearUnknown(pointer="/academic_year", academic_year=code)


def _year(asked: AcademicYearBody) -> dict[str, Any]:
    return {
        "starts_on": asked.starts_on,
        "ends_on": asked.ends_on,
        "order_reference": asked.order_reference,
        "terms": [stretch.model_dump(mode="json") for stretch in asked.terms],
    }
