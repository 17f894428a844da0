"""Whose a thing is and where it lies: organisations that are named have to exist, writers have to reach them."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations.service import scope as organisations
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession
from shared.errors import FieldError, Text, Unprocessable


class OrganisationUnknown(Unprocessable):
    """What was sent names an organisation that the registry does not have."""

    code = "organisation_unknown"
    title = Text(kk="Ұйым тізілімде жоқ", ru="Организации нет в реестре", en="The organisation is unknown")


async def areas_of(session: AnySession, named: Mapping[str, UUID | None], *, on: date) -> dict[UUID, str | None]:
    """The area of each organisation, named by the pointer it stands at. Raises `OrganisationUnknown` for strangers."""
    wanted = {organisation_id for organisation_id in named.values() if organisation_id is not None}
    found = await organisations.briefly(session, wanted, on=on) if wanted else {}
    wrong = [
        FieldError(pointer, OrganisationUnknown.code, OrganisationUnknown.title)
        for pointer, organisation_id in named.items()
        if organisation_id is not None and organisation_id not in found
    ]
    if wrong:
        raise OrganisationUnknown(errors=wrong)
    return {organisation_id: brief.area for organisation_id, brief in found.items()}


async def demand(
    session: AnySession,
    actor: Actor,
    *places: tuple[str | None, UUID | None],
    on: date,
    scope: Scope = Scope.REGISTRY_WRITE,
) -> None:
    """Raise `OutOfReach` unless the caller reaches every place: an area with the organisation it is about."""
    paths = await areas.paths(session, {area for area, _ in places if area is not None}, on=on)
    for area, organisation_id in places:
        actor.demand(scope, paths[area] if area is not None else None, organisation_id)


async def names(
    session: AnySession, ids: Collection[UUID | None], *, on: date
) -> dict[UUID | None, dict[str, object] | None]:
    """Each organisation as `Named` reads it, as it is called on a day; None for no organisation."""
    known = await organisations.names(session, {one for one in ids if one is not None}, on=on)
    return {None: None, **{one: {"id": one, "name": name} for one, name in known.items()}}
