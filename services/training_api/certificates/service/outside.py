"""Taking in documents that others have issued."""

from datetime import datetime

from services.training_api.batches import BatchRefused, fault
from services.training_api.certificates import errors, repository
from services.training_api.educators import service as educators
from services.training_api.educators.errors import EducatorUnknown
from services.training_api.organisations import service as organisations
from shared import audit
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import FieldError
from shared.ids import new_id
from shared.schemas.training.certificates import OWN_SOURCE, CertificateBatchCreate


async def take_in_many(session: WriteSession, actor: Actor, body: CertificateBatchCreate, *, now: datetime) -> int:
    """Add certificates of other providers: all or, if one is wrong, none. Raises `BatchRefused`, `SourceReserved`."""
    if body.source == OWN_SOURCE:
        raise errors.SourceReserved(pointer="/source")
    rows = body.certificates
    people = await educators.learners(session, {row.educator_id for row in rows})
    workplaces = {id_: person.organisation_id for id_, person in people.items() if person is not None}
    known = await organisations.find_many(session, set(workplaces.values()))
    there = await repository.numbers_known(session, source=body.source, numbers=[row.number for row in rows])
    today = day_in_kazakhstan(now)
    faults: list[FieldError] = []
    seen: set[str] = set()
    for number, row in enumerate(rows):
        workplace = known.get(workplaces[row.educator_id]) if row.educator_id in workplaces else None
        if workplace is None:
            faults.append(fault("certificates", number, "educator_id", EducatorUnknown()))
        elif not actor.reaches(workplace.area_path, workplace.id, scope=Scope.TRAINING_MANAGE):
            faults.append(fault("certificates", number, "educator_id", OutOfReach()))
        if row.number in there or row.number in seen:
            faults.append(fault("certificates", number, "number", errors.CertificateExists()))
        if row.issued_on > today:
            faults.append(fault("certificates", number, "issued_on", errors.IssuedInFuture()))
        seen.add(row.number)
    if faults:
        raise BatchRefused(faults)
    await repository.add_many(
        session,
        [
            {
                "id": new_id(),
                "number": row.number,
                "source": body.source,
                "kind": row.kind,
                "educator_id": row.educator_id,
                "organisation_id": workplaces[row.educator_id],
                "provider_name": body.provider_name,
                "title_kk": row.title.kk,
                "title_ru": row.title.ru,
                "title_en": row.title.en,
                "academic_hours": row.academic_hours,
                "issued_on": row.issued_on,
                "approved": row.approved,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            }
            for row in rows
        ],
    )
    await audit.note(
        session, action="create", resource_type="certificate", resource_id="batch", rows=len(rows), source=body.source
    )
    return len(rows)
