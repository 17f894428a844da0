"""Rubrics: what visits are judged by, in versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.providers import service as providers
from services.training_api.support import errors, repository
from services.training_api.support.models import SupportRubric
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.support import RubricCreate, RubricQuery, RubricRead


async def write_rubric(session: WriteSession, actor: Actor, body: RubricCreate, *, now: datetime) -> RubricRead:
    """Write the next version for a programme. Raises `ProgrammeCodeUnknown`, `OutOfReach`."""
    owners = await repository.programme_codes(session, body.programme_code)
    if not owners:
        raise errors.ProgrammeCodeUnknown(pointer="/programme_code")
    for provider_id in owners:
        await providers.demand(session, actor, provider_id)
    rubric = SupportRubric(
        programme_code=body.programme_code,
        number=await repository.last_rubric(session, body.programme_code) + 1,
        title_kk=body.title.kk,
        title_ru=body.title.ru,
        title_en=body.title.en,
        criteria=[one.model_dump(mode="json") for one in body.criteria],
        created_at=now,
    )
    session.add(rubric)
    await session.flush()
    return _read(rubric)


async def get_rubric(session: AnySession, rubric_id: UUID) -> RubricRead:
    """One version. Raises `RubricNotFound`."""
    rubric = await repository.rubric(session, rubric_id)
    if rubric is None:
        raise errors.RubricNotFound
    return _read(rubric)


async def page_rubrics(session: AnySession, query: RubricQuery, *, after: Sequence[Any] | None) -> list[RubricRead]:
    """Versions by programme and number."""
    return [_read(rubric) for rubric in await repository.rubrics(session, query, after=after)]


async def count_rubrics(session: AnySession, query: RubricQuery) -> int:
    """How many there are."""
    return await repository.count_rubrics(session, query)


async def rubric_for(session: AnySession, rubric_id: UUID, programme_id: UUID) -> SupportRubric:
    """The rubric a body names for a plan of this programme. Raises `RubricUnknown`."""
    rubric = await repository.rubric(session, rubric_id)
    if rubric is None or rubric.programme_code != await repository.programme_code(session, programme_id):
        raise errors.RubricUnknown(pointer="/rubric_id")
    return rubric


def _read(rubric: SupportRubric) -> RubricRead:
    return RubricRead.model_validate(
        {
            "id": rubric.id,
            "programme_code": rubric.programme_code,
            "number": rubric.number,
            "title": TextOut(kk=rubric.title_kk, ru=rubric.title_ru, en=rubric.title_en),
            "criteria": rubric.criteria,
        }
    )
