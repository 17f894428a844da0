"""The school opens: one action makes the registry's record, or finds it, and closes the project."""

from datetime import datetime
from uuid import UUID

from services.registry_api.construction import errors, repository
from services.registry_api.construction.repository import ConstructionProject, ConstructionStageChange
from services.registry_api.construction.service import commands, telling
from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.service import scope
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.registry.construction import ProjectOpen, StageChangeCreate
from shared.schemas.registry.construction_words import Stage
from shared.schemas.registry.organisation_words import OrganisationStatus, OrganisationType, Point, Setting
from shared.schemas.registry.organisations import OrganisationCreate


async def open_school(
    session: WriteSession,
    actor: Actor,
    project: ConstructionProject,
    asked: ProjectOpen,
    *,
    now: datetime,
    secret: bytes | None,
) -> UUID:
    """The organisation that the project has become.

    What is not said of a new school is taken from the project: place, setting, capacity, languages, point, programme.
    Raises `SchoolNeeded`, `SchoolUnknown`, `SchoolHasProject`, `NotCommissioned`, what `change_stage` raises and what
    the registration of an organisation raises.
    """
    if (asked.organisation_id is None) == (asked.organisation is None):
        raise errors.SchoolNeeded(pointer="/organisation")
    steps = await repository.trail(session, ConstructionStageChange, [project.id])
    if steps[-1].to_stage not in (Stage.COMMISSIONED, Stage.OPERATING) or project.organisation_id is not None:
        raise errors.NotCommissioned(stage=steps[-1].to_stage)
    on = asked.on or day_in_kazakhstan(now)
    if steps[-1].to_stage == Stage.COMMISSIONED:
        step = StageChangeCreate(stage=Stage.OPERATING, on=on, evidence=asked.evidence)
        await commands.change_stage(session, project, step, now=now)
    if asked.organisation is not None:
        school = await _complete(session, project, asked.organisation.model_copy(update={"valid_from": on}))
        organisation_id = await organisations.register(session, actor, school, now=now, secret=secret)
    else:
        assert asked.organisation_id is not None
        organisation_id = asked.organisation_id
        found = (await scope.briefly(session, [organisation_id], on=on)).get(organisation_id)
        if found is None or found.type is not OrganisationType.SCHOOL:
            raise errors.SchoolUnknown(pointer="/organisation_id")
        if await repository.of_organisation(session, organisation_id) is not None:
            raise errors.SchoolHasProject(pointer="/organisation_id")
    project.organisation_id = organisation_id
    await repository.touch(session, project, now=now)
    told = {"reference": project.reference, "organisation_id": str(organisation_id), "on": on.isoformat()}
    await telling.tell(session, "opened", project.id, told)
    return organisation_id


async def _complete(
    session: WriteSession, project: ConstructionProject, school: OrganisationCreate
) -> OrganisationCreate:
    known = (await repository.states(session, project.id))[-1]
    given = school.model_fields_set
    point = None
    if known.latitude is not None and known.longitude is not None:
        point = Point(latitude=known.latitude, longitude=known.longitude)
    from_project = {
        "area": known.area_code,
        "setting": Setting(known.setting) if known.setting else None,
        "design_capacity": known.design_capacity,
        "languages_of_instruction": list(known.languages_of_instruction),
        "location": point,
        "programme_tags": [known.programme] if known.programme else [],
    }
    from_project = {name: value for name, value in from_project.items() if name not in given}
    return school.model_copy(
        update={**from_project, "status": OrganisationStatus.OPEN, "is_synthetic": project.is_synthetic}
    )
