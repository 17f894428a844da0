"""What the other services ask of the registry."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from uuid import UUID

from shared.clients.base import ServiceClient
from shared.clients.credentials import TokenSource
from shared.schemas.changes import ChangePage
from shared.schemas.registry.areas import AreaRead, AreaSummary
from shared.schemas.registry.construction import ConstructionProjectRead
from shared.schemas.registry.construction_history import StageHistory
from shared.schemas.registry.indicators import IndicatorRead
from shared.schemas.registry.observations import ObservationTable
from shared.schemas.registry.organisation_lists import Resolution, ResolveScheme
from shared.schemas.registry.organisations import OrganisationRead, OrganisationSummary
from shared.schemas.registry.target_progress import ProgressRead
from shared.schemas.registry.targets import TargetRead

_GRACE_SECONDS = 10
"""How much longer than the registry was asked to wait an answer may take."""
_TABLE_SECONDS = 60
"""A table may speak of the whole country."""


class RegistryClient(ServiceClient):
    """registry_api, typed."""

    def __init__(self, base_url: str, tokens: TokenSource | None = None, **more: object) -> None:
        super().__init__(base_url, tokens, name="registry", **more)  # type: ignore[arg-type] # as the base takes them

    async def changes(self, *, after: int, limit: int = 500, wait: int = 0) -> ChangePage:
        """The changes behind a position; with `wait`, as soon as there is one."""
        return await self.get(
            "/v1/changes",
            ChangePage,
            params={"after": after, "limit": limit, "wait": wait},
            deadline_seconds=wait + _GRACE_SECONDS,
        )

    async def organisation(self, organisation_id: UUID, *, as_of: date | None = None) -> OrganisationRead:
        """One organisation today or on a day."""
        return await self.get(f"/v1/organisations/{organisation_id}", OrganisationRead, params={"as_of": as_of})

    def organisations(
        self,
        *,
        q: str | None = None,
        types: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> AsyncIterator[OrganisationSummary]:
        """All organisations that are asked for, page after page, in the order of their registration."""
        return self.items(
            "/v1/organisations",
            OrganisationSummary,
            params={"q": q, "type": list(types), "area": area, "as_of": as_of, "sort": "registered"},
        )

    async def resolve(self, scheme: ResolveScheme, value: str) -> Resolution:
        """Whose identifier it is or was."""
        return await self.get("/v1/resolve", Resolution, params={"scheme": scheme.value, "value": value})

    async def area(self, code: str, *, as_of: date | None = None) -> AreaRead:
        """One area with its path, today or on a day."""
        return await self.get(f"/v1/areas/{code}", AreaRead, params={"as_of": as_of})

    def areas(self, *, parent: str | None = None, level: int | None = None) -> AsyncIterator[AreaSummary]:
        """All areas that are asked for, page after page, in the order of their codes."""
        return self.items("/v1/areas", AreaSummary, params={"parent": parent, "level": level})

    def indicators(self) -> AsyncIterator[IndicatorRead]:
        """The latest version of every indicator."""
        return self.items("/v1/indicators", IndicatorRead)

    def targets(self, *, indicator: str | None = None, as_of: date | None = None) -> AsyncIterator[TargetRead]:
        """All targets as they stand on a day."""
        return self.items("/v1/targets", TargetRead, params={"indicator": indicator, "as_of": as_of})

    async def target_progress(
        self, target_id: UUID, *, as_of: date | None = None, known_at: datetime | None = None
    ) -> ProgressRead:
        """How far a target is on a day."""
        return await self.get(
            f"/v1/targets/{target_id}/progress", ProgressRead, params={"as_of": as_of, "known_at": known_at}
        )

    def construction_projects(
        self, *, programme: str | None = None, as_of: date | None = None
    ) -> AsyncIterator[ConstructionProjectRead]:
        """All projects of a programme as they stand on a day."""
        return self.items(
            "/v1/construction-projects", ConstructionProjectRead, params={"programme": programme, "as_of": as_of}
        )

    async def stage_changes(self, project_id: UUID) -> StageHistory:
        """The steps of a construction project with their documents."""
        return await self.get(f"/v1/construction-projects/{project_id}/stage-changes", StageHistory)

    async def observation_table(
        self,
        *,
        indicators: Sequence[str],
        period: str,
        organisation_type: str,
        area: str | None = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> ObservationTable:
        """Indicators of all organisations of a type in a period, column by column."""
        return await self.get(
            "/v1/observation-table",
            ObservationTable,
            params={
                "indicators": ",".join(indicators),
                "period": period,
                "organisation_type": organisation_type,
                "area": area,
                "as_of": as_of,
                "known_at": known_at,
            },
            deadline_seconds=_TABLE_SECONDS,
        )
