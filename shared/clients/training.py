"""What the other services ask of training."""

from datetime import date

from shared.clients.base import ServiceClient
from shared.clients.credentials import TokenSource
from shared.schemas.tables import IndicatorTable
from shared.schemas.training.coverage import CertifiedRead

_TABLE_SECONDS = 60
"""A table may speak of the whole country."""


class TrainingClient(ServiceClient):
    """training_api, typed."""

    def __init__(self, base_url: str, tokens: TokenSource | None = None, **more: object) -> None:
        super().__init__(base_url, tokens, name="training", **more)  # type: ignore[arg-type] # as the base takes them

    async def indicator_table(
        self, *, organisation_type: str, area: str | None = None, as_of: date | None = None
    ) -> IndicatorTable:
        """Every indicator training computes, of all organisations of a type, column by column."""
        return await self.get(
            "/v1/indicator-table",
            IndicatorTable,
            params={"organisation_type": organisation_type, "area": area, "as_of": as_of},
            deadline_seconds=_TABLE_SECONDS,
        )

    async def certified(
        self,
        *,
        as_of: date | None = None,
        area: str | None = None,
        programme_code: str | None = None,
        source: str | None = None,
        subject: str | None = None,
    ) -> CertifiedRead:
        """How many teachers with a certificate that counts work in which area."""
        return await self.get(
            "/v1/reports/certified",
            CertifiedRead,
            params={
                "as_of": as_of,
                "area": area,
                "programme_code": programme_code,
                "source": source,
                "subject": subject,
            },
        )
