"""Whose personal data a caller may see."""

from dataclasses import dataclass
from uuid import UUID

from shared.auth import Actor, Role, Scope
from shared.auth.actor import AREA_ROLES, ORGANISATION_ROLES, SCOPES

WITHOUT_PERSONS = frozenset({Role.RATING_ANALYST, Role.RATING_PUBLISHER})
"""Roles that work with aggregates and never with persons."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody's sight goes: everywhere, or to some areas and organisations."""

    everywhere: bool = False
    areas: frozenset[str] = frozenset()
    organisations: frozenset[UUID] = frozenset()

    @property
    def is_nowhere(self) -> bool:
        return not (self.everywhere or self.areas or self.organisations)

    def covers(self, area_path: list[str], organisation_id: UUID) -> bool:
        """Whether an organisation in this area is seen."""
        return self.everywhere or organisation_id in self.organisations or not self.areas.isdisjoint(area_path)


def reach(actor: Actor, scope: Scope) -> Reach:
    """How far the caller's right `scope` over personal data goes, all roles that give it taken together."""
    if scope not in actor.scopes:
        return Reach()
    roles = {role for role in actor.roles if scope in SCOPES[role]} - WITHOUT_PERSONS
    return Reach(
        everywhere=bool(roles - AREA_ROLES - ORGANISATION_ROLES),
        areas=frozenset({actor.area} if actor.area and roles & AREA_ROLES else ()),
        organisations=frozenset({actor.organisation} if actor.organisation and roles & ORGANISATION_ROLES else ()),
    )
