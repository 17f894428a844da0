"""What the other services ask of the registry."""

from shared.clients.base import ServiceClient
from shared.clients.credentials import TokenSource
from shared.schemas.changes import ChangePage

_GRACE_SECONDS = 10
"""How much longer than the registry was asked to wait an answer may take."""


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
