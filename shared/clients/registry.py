"""What the other services ask of the registry."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime

from shared.clients.base import ServiceClient
from shared.clients.credentials import TokenSource
from shared.schemas.changes import ChangePage
from shared.schemas.registry.indicators import IndicatorRead
from shared.schemas.registry.observations import ObservationTable

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

    def indicators(self) -> AsyncIterator[IndicatorRead]:
        """The latest version of every indicator."""
        return self.items("/v1/indicators", IndicatorRead)

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
