"""The whole load, step by step; a step that was done before changes nothing."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from deploy.demo import courses, measures, methods, people
from deploy.demo.country import HOME
from deploy.demo.loading import cohorts, promises, rating, registry, training
from deploy.demo.loading.calls import Service
from deploy.demo.people import Person
from deploy.demo.region import Place
from deploy.demo.world import SEED, Scale, World, world

Say = Callable[[str], None]
_TAUGHT = frozenset({"school", "college"})


@dataclass(frozen=True, slots=True)
class House:
    """The three services."""

    registry: Service
    training: Service
    rating: Service


class Loader:
    """Loads one scale of the demo into one house."""

    def __init__(self, house: House, scale: Scale, say: Say) -> None:
        self._house = house
        self._scale = scale
        self._say = say
        self._started = time.monotonic()

    async def load(self, *, once: bool) -> bool:
        """Load everything; whether there was anything to do. Raises `LoadFailure` and what the services refuse.

        With `once`, a registry that holds organisations of somebody else's is left alone.
        """
        if await rating.is_published(self._house.rating, methods.SCHOOLS):
            return False
        made = world(self._scale, await registry.districts(self._house.registry))
        resumed = await self._has_begun(made)
        if once and not resumed and await self._has_organisations():
            self._say("The registry holds organisations already, so the demo stays out of it.")
            return False
        self._tell(f"Loading the demo ({self._scale}) over HTTP …{' It was begun before and goes on.' * resumed}")
        ids = await registry.register(self._house.registry, made)
        self._tell(f"{len(made.places):,} organisations registered")
        await asyncio.gather(
            self._measure(made, ids), self._promise(made, ids), self._teach(made, ids, resumed=resumed)
        )
        await self._rate()
        return True

    async def _measure(self, made: World, ids: Mapping[str, str]) -> None:
        await registry.tell_stories(self._house.registry)
        await registry.tell_directions(self._house.registry)
        places = [*made.home, *made.elsewhere]
        years = measures.YEARS if self._scale is Scale.REGION else measures.YEARS[-1:]
        for year in years:
            rows = await asyncio.to_thread(_observed, made, year, places)
            unusual = await registry.observe(self._house.registry, f"demo-observations-{year}", rows)
            self._tell(f"{len(rows):,} observations of {year} recorded, {unusual} of them out of the ordinary")
        await registry.close_one(self._house.registry, made, ids)

    async def _promise(self, made: World, ids: Mapping[str, str]) -> None:
        projects = await promises.promise(self._house.registry, made, ids)
        self._tell(f"Memoranda, networks, targets, events and {projects} schools to be built entered")

    async def _teach(self, made: World, ids: Mapping[str, str], *, resumed: bool) -> None:
        service = self._house.training
        staffed = await asyncio.to_thread(staffed_places, made)
        await training.wait_for_organisations(service, len(made.places))
        members = await training.take_in(service, staffed, ids, resumed=resumed)
        self._tell(f"{len(members):,} educators taken in")
        certificates = await training.certify(service, members, resumed=resumed)
        self._tell(f"{certificates:,} earlier certificates recorded")
        enrolled, teams = await asyncio.gather(
            cohorts.keleshek(service, made, ids, members), cohorts.accelerator(service, made, ids)
        )
        self._tell(f"{enrolled} people and {teams} organisations enrolled in courses")

    async def _rate(self) -> None:
        if self._scale is Scale.NATIONAL:
            await self._publish(methods.SCHOOLS, rating.EDITIONS[-1:], area=None)
            return
        before, now = rating.EDITIONS[:-1], rating.EDITIONS[-1:]
        await asyncio.gather(
            self._publish(methods.COLLEGES, before + now, area=HOME),
            self._publish(methods.SCHOOLS, before, area=HOME),
            self._publish(methods.KELESHEK, now, area=HOME),
            self._publish(methods.DIRECTIONS, now, area=None),
        )
        # Last of all: that this edition is there tells that everything is.
        await self._publish(methods.SCHOOLS, now, area=HOME)

    async def _publish(self, code: str, editions: Sequence[rating.Edition], *, area: str | None) -> None:
        for edition in editions:
            told = await rating.publish(self._house.rating, code, edition, area=area)
            named = f"{told['title']['en']}, {told['period']}"
            self._tell(f"{named}: {told['rated']:,} of {told['organisations']:,} rated, published")

    async def _has_begun(self, made: World) -> bool:
        """Whether the first of our organisations is there."""
        asked = {"scheme": "demo", "value": made.stories.places[0].key}
        return await self._house.registry.find("/v1/resolve", asked) is not None

    async def _has_organisations(self) -> bool:
        page = await self._house.registry.get("/v1/organisations", {"limit": 1})
        return bool(page["items"])

    def _tell(self, line: str) -> None:
        self._say(f"{line}  [{time.monotonic() - self._started:.1f} s]")


def _observed(made: World, year: str, places: Sequence[Place]) -> list[measures.Row]:
    at_home = frozenset(place.key for place in made.home)
    return list(
        measures.observations(SEED, places, year, implausible=made.broken.implausible, without_training=at_home)
    )


def staffed_places(made: World) -> list[tuple[Place, Sequence[Person]]]:
    """Who works where: the home region's schools and colleges, and the hosts of the Keleshek courses."""
    hosts = frozenset(made.stories.named("host-"))
    staffed: list[tuple[Place, Sequence[Person]]] = [
        (place, list(people.staff(SEED, place, only=courses.SCIENCE)))
        for place in made.stories.places
        if place.key in hosts
    ]
    staffed += [(place, list(people.staff(SEED, place))) for place in made.home if place.type in _TAUGHT]
    return staffed
