"""Who is calling: roles, the scopes they give, and how far each of them reaches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.auth.errors import OutOfReach, ScopeMissing


class Role(StrEnum):
    """What a person or a machine is in this system."""

    ADMIN = "admin"
    REGION_OFFICER = "region_officer"
    DIRECTOR = "director"
    TRAINING_COORDINATOR = "training_coordinator"
    RATING_ANALYST = "rating_analyst"
    RATING_PUBLISHER = "rating_publisher"
    INTEGRATION = "integration"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """One right; endpoints ask for scopes, never for roles."""

    REGISTRY_READ = "registry:read"
    REGISTRY_WRITE = "registry:write"
    REGISTRY_APPROVE = "registry:approve"
    TRAINING_READ = "training:read"
    TRAINING_ENROL = "training:enrol"
    TRAINING_MANAGE = "training:manage"
    RATING_READ = "rating:read"
    RATING_RUN = "rating:run"
    RATING_PUBLISH = "rating:publish"
    AUDIT_READ = "audit:read"


READS = frozenset({Scope.REGISTRY_READ, Scope.TRAINING_READ, Scope.RATING_READ})

SCOPES: Mapping[Role, frozenset[Scope]] = {
    # Everything, everywhere.
    Role.ADMIN: frozenset(Scope),
    # Keeps the registry of its area, approves imports made by another person, enrols its teachers, sees ratings
    # before they are public. Cohorts are the coordinators' work.
    Role.REGION_OFFICER: READS | {Scope.REGISTRY_WRITE, Scope.REGISTRY_APPROVE, Scope.TRAINING_ENROL},
    # Keeps its own organisation's data, enrols its own teachers, sees its rating in the preview window.
    Role.DIRECTOR: READS | {Scope.REGISTRY_WRITE, Scope.TRAINING_ENROL},
    # Runs cohorts and enrolments of its area; has no part in ratings.
    Role.TRAINING_COORDINATOR: frozenset(
        {Scope.REGISTRY_READ, Scope.TRAINING_READ, Scope.TRAINING_ENROL, Scope.TRAINING_MANAGE}
    ),
    # Computes; whoever computes does not publish.
    Role.RATING_ANALYST: READS | {Scope.RATING_RUN},
    # Publishes; whoever publishes does not compute.
    Role.RATING_PUBLISHER: frozenset({Scope.REGISTRY_READ, Scope.RATING_READ, Scope.RATING_PUBLISH}),
    # Machines: the services themselves and the systems that deliver facts. A token's `scope` narrows it further.
    Role.INTEGRATION: READS | {Scope.REGISTRY_WRITE},
    # Reads everything, the audit trail included; changes nothing.
    Role.AUDITOR: READS | {Scope.AUDIT_READ},
}

AREA_ROLES = frozenset({Role.REGION_OFFICER, Role.TRAINING_COORDINATOR})
"""Roles that reach the subtree of their area."""
ORGANISATION_ROLES = frozenset({Role.DIRECTOR})
"""Roles that reach one organisation."""
UNBOUNDED_ROLES = frozenset({Role.ADMIN, Role.INTEGRATION})
"""Roles that change things wherever they are."""


def scopes_of(roles: Collection[Role]) -> frozenset[Scope]:
    """All rights that the roles give together."""
    return frozenset().union(*(SCOPES[role] for role in roles))


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one request, as the token tells."""

    subject: str
    """Identifier given by the issuer; not a name, not an IIN."""
    roles: frozenset[Role]
    scopes: frozenset[Scope]
    """What the roles give, or less where the token was narrowed."""
    area: str | None = None
    """KATO code of the area that area roles reach."""
    organisation: UUID | None = None
    """The organisation that a director reaches."""
    issuer: str = "bilim-local"

    @classmethod
    def of(
        cls,
        *roles: Role | str,
        subject: str,
        area: str | None = None,
        organisation: UUID | None = None,
        issuer: str = "bilim-local",
    ) -> "Actor":
        """An actor with all rights of its roles."""
        known = frozenset(Role(role) for role in roles)
        return cls(subject, known, scopes_of(known), area, organisation, issuer)

    @property
    def principal(self) -> str:
        """One text that names the caller among all issuers: key of idempotency and of the audit trail."""
        return f"{self.issuer}#{self.subject}"

    def has(self, scope: str) -> bool:
        """Whether the caller holds the right at all; how far it goes is told by `reaches`."""
        return scope in self.scopes

    def reaches(
        self, area_path: Sequence[str] | None, organisation: UUID | None = None, *, scope: str | None = None
    ) -> bool:
        """Whether the caller's responsibility covers a thing that lies in `area_path` and belongs to `organisation`.

        With `scope`, roles that do not give it are left aside, so that a coordinator of a region who is also the
        director of one school writes to the registry of that school only. Without it, every bounded role must reach.
        A role whose area or organisation is not told reaches nothing.
        """
        if scope is not None:
            if scope not in self.scopes:
                return False
            return any(
                self._role_reaches(role, area_path, organisation) for role in self.roles if scope in SCOPES[role]
            )
        if self.roles & UNBOUNDED_ROLES:
            return True
        bounded = self.roles & (AREA_ROLES | ORGANISATION_ROLES)
        return bool(self.roles) and all(self._role_reaches(role, area_path, organisation) for role in bounded)

    def demand(self, scope: str, area_path: Sequence[str] | None, organisation: UUID | None = None) -> None:
        """Raise `ScopeMissing` or `OutOfReach` unless the caller holds `scope` over this very thing."""
        if not self.has(scope):
            raise ScopeMissing(scope)
        if not self.reaches(area_path, organisation, scope=scope):
            raise OutOfReach

    def _role_reaches(self, role: Role, area_path: Sequence[str] | None, organisation: UUID | None) -> bool:
        if role in AREA_ROLES:
            return self.area is not None and area_path is not None and self.area in area_path
        if role in ORGANISATION_ROLES:
            return self.organisation is not None and self.organisation == organisation
        return True
