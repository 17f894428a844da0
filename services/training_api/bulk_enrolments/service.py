"""What is done with lists of people: recognising each, enrolling all at once, answering for every row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.bulk_enrolments import errors, repository
from services.training_api.bulk_enrolments.models import BulkEnrolment, BulkRow
from services.training_api.bulk_enrolments.rules import Line
from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.errors import CohortUnknown, VenueUnknown
from services.training_api.educators import service as educators
from services.training_api.enrolments import service as enrolments
from services.training_api.organisations import service as organisations
from services.training_api.seats.service import SeatLocking
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.errors import Problem, Text
from shared.ids import new_id
from shared.schemas.training.bulk_enrolments import (
    BulkAnswer,
    BulkCounts,
    BulkEnrolmentRead,
    BulkRowQuery,
    BulkRowRead,
)
from shared.schemas.training.enrolments import EnrolmentCreate, EnrolmentRead
from shared.schemas.training.ids import CohortId, EducatorId, VenueId


async def enrol(
    session: WriteSession,
    actor: Actor,
    lines: Sequence[Line],
    *,
    cohort_id: UUID,
    venue_id: UUID | None,
    dry_run: bool,
    file_name: str,
    key: bytes | None,
    locking: SeatLocking,
    now: datetime,
) -> BulkEnrolmentRead:
    """Enrol everybody who is recognised, in the order of the list, and keep an answer for each row.

    A dry run answers the same and holds no seat. Raises `CohortUnknown`, `VenueUnknown`.
    """
    # Not held yet: people are held before their cohorts, as everywhere.
    run = (await cohorts.runs_of(session, [cohort_id])).get(cohort_id)
    if run is None:
        raise CohortUnknown(pointer="/cohort_id")
    if venue_id is not None:
        await cohorts.place_of(session, run.id, venue_id, pointer="/venue_id")
    answers, people = await _recognise(session, actor, lines, key)
    wanted = [
        EnrolmentCreate(
            cohort_id=CohortId(run.id),
            educator_id=EducatorId(educator_id),
            venue_id=VenueId(place) if (place := line.venue_id or venue_id) else None,
        )
        for line, educator_id in people
    ]
    answered = await enrolments.enrol_many(session, actor, wanted, dry_run=dry_run, locking=locking, now=now)
    for (line, educator_id), one in zip(people, answered, strict=True):
        if one.enrolment is None:
            assert one.problem is not None
            answers[line.row] = _refused(one.problem.code, one.problem.sentence(), educator_id)
        else:
            answers[line.row] = _told(one.enrolment, dry_run=dry_run)
    bulk = BulkEnrolment(
        id=new_id(),
        cohort_id=run.id,
        venue_id=venue_id,
        dry_run=dry_run,
        file_name=file_name,
        created_by=actor.principal,
        created_at=now,
        updated_at=now,
    )
    session.add(bulk)
    await session.flush()
    rows = [{"bulk_enrolment_id": bulk.id, "row": line.row, **answers[line.row]} for line in lines]
    await repository.add_rows(session, rows)
    return await _read(session, bulk)


async def get(session: AnySession, actor: Actor, bulk_id: UUID) -> BulkEnrolmentRead:
    """A list the caller handed in; of others' only who reaches everybody. Raises `BulkEnrolmentNotFound`."""
    bulk = await repository.find(session, bulk_id)
    seen = organisations.sight(actor)
    if bulk is None or (bulk.created_by != actor.principal and not seen.everywhere):
        raise errors.BulkEnrolmentNotFound
    return await _read(session, bulk)


async def rows(
    session: AnySession, bulk_id: UUID, query: BulkRowQuery, *, after: Sequence[Any] | None
) -> list[BulkRowRead]:
    """Rows in the order of the file."""
    found = await repository.page(session, bulk_id, query, after=after[0] if after else None, limit=query.limit)
    return [_row(row) for row in found]


async def count_rows(session: AnySession, bulk_id: UUID, query: BulkRowQuery) -> int:
    """How many rows there are."""
    return await repository.count(session, bulk_id, query)


async def _recognise(
    session: WriteSession, actor: Actor, lines: Sequence[Line], key: bytes | None
) -> tuple[dict[int, dict[str, Any]], list[tuple[Line, UUID]]]:
    """Who the rows are, each person once; and the answers of those who were not recognised."""
    reach = organisations.reach(actor, Scope.TRAINING_ENROL)
    by_iin = await educators.of_iins(session, reach, {line.iin for line in lines if line.iin}, key=key)
    by_name = await educators.of_names(session, reach, {line.name for line in lines if line.name and not line.iin})
    answers: dict[int, dict[str, Any]] = {}
    people: list[tuple[Line, UUID]] = []
    first: dict[UUID, int] = {}
    for line in lines:
        try:
            if line.finding is not None:
                answers[line.row] = _refused(line.finding.code, line.finding.message, None)
                continue
            if line.is_venue_unreadable:
                raise VenueUnknown(pointer="/venue_id")
            educator_id = _who(line, by_iin, by_name)
            if educator_id in first:
                raise errors.PersonRepeated(first=first[educator_id])
        except Problem as problem:
            answers[line.row] = _refused(problem.code, problem.title.filled(problem.values), None)
            continue
        first[educator_id] = line.row
        people.append((line, educator_id))
    return answers, people


def _who(line: Line, by_iin: dict[str, UUID], by_name: dict[str, list[UUID]]) -> UUID:
    if line.id is not None:
        return line.id
    if line.iin is not None:
        if line.iin in by_iin:
            return by_iin[line.iin]
        raise errors.PersonNotRecognised
    bearers = by_name.get(line.name or "", [])
    if len(bearers) > 1:
        raise errors.PersonAmbiguous(people=len(bearers))
    if not bearers:
        raise errors.PersonNotRecognised
    return bearers[0]


def _refused(code: str, message: Text, educator_id: UUID | None) -> dict[str, Any]:
    return {
        "answer": BulkAnswer.REFUSED,
        "educator_id": educator_id,
        "enrolment_id": None,
        "venue_id": None,
        "position": None,
        "refusal": {"code": code, "message": message._asdict()},
    }


def _told(enrolment: EnrolmentRead, *, dry_run: bool) -> dict[str, Any]:
    return {
        "answer": BulkAnswer(enrolment.status.value),
        "educator_id": enrolment.educator_id,
        "enrolment_id": None if dry_run else enrolment.id,
        "venue_id": enrolment.venue_id,
        "position": enrolment.position,
        "refusal": None,
    }


async def _read(session: AnySession, bulk: BulkEnrolment) -> BulkEnrolmentRead:
    counted = await repository.counts(session, bulk.id)
    return BulkEnrolmentRead.model_validate(
        {
            **{name: getattr(bulk, name) for name in BulkEnrolmentRead.model_fields if name != "counts"},
            "counts": BulkCounts(
                rows=sum(counted.values()), **{answer.value: counted.get(answer, 0) for answer in BulkAnswer}
            ),
        }
    )


def _row(row: BulkRow) -> BulkRowRead:
    return BulkRowRead.model_validate({name: getattr(row, name) for name in BulkRowRead.model_fields})
