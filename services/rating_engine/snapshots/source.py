"""Where the data come from: a protocol for the use case, and the two services and our own surveys behind it."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from services.rating_engine.snapshots import carrying, regions
from services.rating_engine.snapshots import gates as passing
from services.rating_engine.snapshots.errors import SnapshotEmpty, SourceRefused
from services.rating_engine.snapshots.freeze import Frozen, join
from services.rating_engine.snapshots.own import Own, joined
from shared.clients.errors import RemoteProblem
from shared.clients.registry import RegistryClient
from shared.clients.training import TrainingClient
from shared.schemas.rating.methodology import MethodologyDocument, fetched, leaves
from shared.schemas.rating.population import Among, CarryForward, Gate
from shared.schemas.registry.indicators import IndicatorRead
from shared.schemas.tables import IndicatorTable

T = TypeVar("T")
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
    among: Among | None = None
    carry_forward: Mapping[str, CarryForward] = field(default_factory=dict)
    """By indicator, how old a value may be that stands in for one that was not sampled."""

    @classmethod
    def by(
        cls,
        document: MethodologyDocument,
        *,
        period: str,
        as_of: date,
        known_at: datetime | None,
        area: str | None,
    ) -> "Wanted":
        """What a methodology asks for on a day."""
        return cls(
            indicators=fetched(document),
            organisation_type=document.organisation_types[0],
            period=period,
            as_of=as_of,
            known_at=known_at,
            area=area,
            among=document.among,
            carry_forward={leaf.indicator: leaf.carry_forward for _, leaf in leaves(document) if leaf.carry_forward},
        )


class Source(Protocol):
    """Gives data and definitions; asked outside of any transaction."""

    async def catalogue(self) -> Mapping[str, IndicatorRead]:
        """The current definition of every indicator, by code."""

    async def freeze(self, wanted: Wanted) -> Frozen:
        """The data at one moment."""

    async def organisations(
        self, *, organisation_type: str, period: str, indicator: str, as_of: date, area: str | None
    ) -> IndicatorTable:
        """The organisations of a type with their names and areas, and what one indicator says of each."""

    async def of_one(
        self, organisation_id: UUID, *, indicators: Sequence[str], period: str, as_of: date
    ) -> Frozen | None:
        """What is said of one organisation; none when there is no such organisation on that day."""


class Services:
    """The registry and training over HTTP, both asked as of the same day, and what we have collected ourselves."""

    def __init__(self, registry: RegistryClient, training: TrainingClient, own: Own) -> None:
        self._registry = registry
        self._training = training
        self._own = own

    async def catalogue(self) -> Mapping[str, IndicatorRead]:
        return {indicator.code: indicator async for indicator in self._registry.indicators()}

    async def freeze(self, wanted: Wanted) -> Frozen:
        """Raises `SourceRefused` when a service refuses and `SnapshotEmpty` when there is nobody to rate."""
        if wanted.organisation_type == regions.REGION:
            return await self._regions(wanted)
        gates = [gate for gate in Gate if gate in wanted.indicators]
        observed = [code for code in wanted.indicators if code not in gates]
        frozen = await self._observed(replace(wanted, indicators=observed))
        if gates:
            asked = passing.columns(self._registry, frozen.organisations, gates, as_of=wanted.as_of)
            proven = await _answered("registry", asked)
            frozen = replace(
                frozen,
                columns=dict(sorted({**frozen.columns, **proven}.items())),
                sources={**frozen.sources, **dict.fromkeys(proven, "registry")},
            )
        return frozen

    async def of_one(
        self, organisation_id: UUID, *, indicators: Sequence[str], period: str, as_of: date
    ) -> Frozen | None:
        """Raises `SourceRefused` when a service refuses."""
        try:
            known = await self._registry.organisation(organisation_id, as_of=as_of)
            wanted = Wanted(indicators, known.type.value, period, as_of, None, known.area)
            frozen = await self._observed(wanted)
        except RemoteProblem as problem:
            if problem.remote_status == 404:
                return None
            raise SourceRefused(source="registry", reason=problem.remote_code) from problem
        except SnapshotEmpty:
            return None
        if organisation_id not in frozen.organisations:
            return None
        return frozen.only([list(frozen.organisations).index(organisation_id)])

    async def _regions(self, wanted: Wanted) -> Frozen:
        asked = regions.Asked(wanted.indicators, wanted.period, wanted.as_of, wanted.known_at, wanted.area)
        frozen = await _answered("registry", regions.frozen(self._registry, asked))
        if not frozen.organisations:
            raise SnapshotEmpty
        return frozen

    async def _observed(self, wanted: Wanted) -> Frozen:
        catalogue = await self.catalogue()
        registry, training = await asyncio.gather(
            _answered("registry", self._observations(wanted)),
            _answered("training", self._upskilling(wanted))
            if any(_TRAINING in catalogue[code].source_system for code in wanted.indicators if code in catalogue)
            else _nothing(),
        )
        frozen = join(
            registry, training, period=wanted.period, as_of=wanted.as_of, indicators=sorted(set(wanted.indicators))
        )
        frozen = replace(frozen, shares=_shares_of_people(wanted.indicators, catalogue))
        if wanted.among is not None:
            frozen = frozen.only(_places(frozen, wanted.among))
        if not frozen.organisations:
            raise SnapshotEmpty
        frozen = await carrying.carried(frozen, wanted.carry_forward, self._earlier(wanted))
        return joined(
            frozen,
            await self._own.table(
                indicators=wanted.indicators,
                organisation_type=wanted.organisation_type,
                period=wanted.period,
                as_of=wanted.as_of,
                known_at=wanted.known_at,
                area=wanted.area,
            ),
        )

    async def organisations(
        self, *, organisation_type: str, period: str, indicator: str, as_of: date, area: str | None
    ) -> IndicatorTable:
        """Raises `SourceRefused` when the registry refuses."""
        asked = self._registry.observation_table(
            indicators=[indicator], period=period, organisation_type=organisation_type, area=area, as_of=as_of
        )
        return await _answered("registry", asked)

    async def _observations(self, wanted: Wanted) -> IndicatorTable:
        return await self._registry.observation_table(
            indicators=wanted.indicators,
            period=wanted.period,
            organisation_type=wanted.organisation_type,
            area=wanted.area,
            as_of=wanted.as_of,
            known_at=wanted.known_at,
        )

    def _earlier(self, wanted: Wanted) -> carrying.Asked:
        async def ask(codes: list[str], period: str) -> IndicatorTable:
            older = replace(wanted, indicators=codes, period=period)
            return await _answered("registry", self._observations(older))

        return ask

    async def _upskilling(self, wanted: Wanted) -> IndicatorTable:
        return await self._training.indicator_table(
            organisation_type=wanted.organisation_type, area=wanted.area, as_of=wanted.as_of
        )


def _shares_of_people(indicators: Sequence[str], catalogue: Mapping[str, IndicatorRead]) -> dict[str, float]:
    """What is a percentage of people: of things, the catalogue shows a value however few it rests on."""
    known = (catalogue[code] for code in sorted(set(indicators)) if code in catalogue)
    return {one.code: 100.0 for one in known if one.unit == "percent" and one.min_n > 1}


async def _nothing() -> None:
    """Training is not asked where it has nothing to say."""


def _places(frozen: Frozen, among: Among) -> list[int]:
    """Where the organisations stand of which the registry says one of the words."""
    words = frozenset(among.any_of)
    told = frozen.attributes.get(among.attribute, [None] * len(frozen.organisations))
    return [
        place for place, said in enumerate(told) if words.intersection(said if isinstance(said, list) else [str(said)])
    ]


async def _answered(source: str, asked: Awaitable[T]) -> T:
    try:
        return await asked
    except RemoteProblem as problem:
        raise SourceRefused(source=source, reason=problem.remote_code) from problem
