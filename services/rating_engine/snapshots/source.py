"""Where the data come from: a protocol for the use case, and the two services behind it."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.rating_engine.snapshots.errors import SnapshotEmpty, SourceRefused
from services.rating_engine.snapshots.freeze import Frozen, join
from shared.clients.errors import RemoteProblem
from shared.clients.registry import RegistryClient
from shared.clients.training import TrainingClient
from shared.schemas.registry.indicators import IndicatorRead
from shared.schemas.tables import IndicatorTable

_TRAINING = "training_api"
"""How the catalogue names what training computes from its own data."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which data a run needs."""

    indicators: Sequence[str]
    organisation_type: str
    period: str
    as_of: date
    known_at: datetime | None
    area: str | None


class Source(Protocol):
    """Gives data and definitions; asked outside of any transaction."""

    async def catalogue(self) -> Mapping[str, IndicatorRead]:
        """The current definition of every indicator, by code."""

    async def freeze(self, wanted: Wanted) -> Frozen:
        """The data at one moment."""


class Services:
    """The registry and training over HTTP, both asked as of the same day."""

    def __init__(self, registry: RegistryClient, training: TrainingClient) -> None:
        self._registry = registry
        self._training = training

    async def catalogue(self) -> Mapping[str, IndicatorRead]:
        return {indicator.code: indicator async for indicator in self._registry.indicators()}

    async def freeze(self, wanted: Wanted) -> Frozen:
        """Raises `SourceRefused` when a service refuses and `SnapshotEmpty` when there is nobody to rate."""
        catalogue = await self.catalogue()
        registry = await _answered("registry", self._observations(wanted))
        if not registry.organisations:
            raise SnapshotEmpty
        training = None
        if any(_TRAINING in catalogue[code].source_system for code in wanted.indicators if code in catalogue):
            training = await _answered("training", self._upskilling(wanted))
        return join(
            registry, training, period=wanted.period, as_of=wanted.as_of, indicators=sorted(set(wanted.indicators))
        )

    async def _observations(self, wanted: Wanted) -> IndicatorTable:
        return await self._registry.observation_table(
            indicators=wanted.indicators,
            period=wanted.period,
            organisation_type=wanted.organisation_type,
            area=wanted.area,
            as_of=wanted.as_of,
            known_at=wanted.known_at,
        )

    async def _upskilling(self, wanted: Wanted) -> IndicatorTable:
        return await self._training.indicator_table(
            organisation_type=wanted.organisation_type, area=wanted.area, as_of=wanted.as_of
        )


async def _answered(source: str, asked: Awaitable[IndicatorTable]) -> IndicatorTable:
    try:
        return await asked
    except RemoteProblem as problem:
        raise SourceRefused(source=source, reason=problem.remote_code) from problem
