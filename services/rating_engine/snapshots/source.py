"""Where the data come from: a protocol for the use case, and the two services behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from shared.clients.registry import RegistryClient
from shared.clients.training import TrainingClient

from services.rating_engine.snapshots.errors import SnapshotEmpty, SourceRefused
from services.rating_engine.snapshots.freeze import Frozen, join
from shared.clients.errors import RemoteProblem
from shared.schemas.registry.indicators import IndicatorRead
from shared.schemas.tables import IndicatorTable

_TRAINING = "training_api"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which data a run needs."""

    indicators: Sequence[str]
    organisation_types: Sequence[str]
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
        trained = [code for code in wanted.indicators if _from_training(catalogue.get(code))]
        registry = await self._table("registry", self._registry.observation_table, wanted, wanted.indicators)
        if not registry.organisations:
            raise SnapshotEmpty
        training = None
        if trained:
            training = await self._table("training", self._training.indicator_table, wanted, trained)
        return join(
            registry, training, period=wanted.period, as_of=wanted.as_of, indicators=sorted(set(wanted.indicators))
        )

    async def _table(self, source: str, ask: "_Ask", wanted: Wanted, indicators: Sequence[str]) -> IndicatorTable:
        try:
            return await ask(indicators, wanted)
        except RemoteProblem as problem:
            raise SourceRefused(source=source, reason=problem.remote_code) from problem


class _Ask(Protocol):
    async def __call__(self, indicators: Sequence[str], wanted: Wanted) -> IndicatorTable: ...


def _from_training(definition: IndicatorRead | None) -> bool:
    return definition is not None and definition.source_system.startswith(_TRAINING)
