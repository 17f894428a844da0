"""What is to be decided, in numbers: people, venues with seats and pools, who may go where, what it is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MILLIONTH = 1_000_000
"""Worth is rounded to millionths, so that sums do not depend on their order and equals are equal."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Seats of a venue that only some may take."""

    id: UUID
    seats: int
    order: int = 0
    """Which of several that fit is used first: the lowest."""


@dataclass(frozen=True, slots=True)
class Site:
    """A venue as far as seats go."""

    id: UUID
    open_seats: int
    """Free seats that anybody may take."""
    pools: tuple[Pool, ...] = ()

    @property
    def seats(self) -> int:
        """Free seats in all."""
        return self.open_seats + sum(pool.seats for pool in self.pools)


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person as far as the decision goes."""

    id: UUID
    school: UUID
    district: str
    setting: str
    """`rural` or `urban`."""
    need: float
    """From 0 (trained today) to 1 (never trained, or as long ago as counts)."""
    years: float | None
    """Years without training; None: never trained."""
    arrival: int
    """Place in the order of application, from 0."""


@dataclass(frozen=True, slots=True)
class Way:
    """A person at a venue: that this is possible, and what speaks for it."""

    person: int
    site: int
    km: float
    rank: int = 0
    """Place of the venue among the person's wishes, from 1; 0: not among them."""
    language: bool = True
    """Whether the venue teaches in a language of the person."""
    subject: bool = True
    """Whether the venue teaches a subject of the person."""
    pools: frozenset[int] = frozenset()
    """Pools of the site, by their places, whose seats the person may take."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a person's unit of each is worth within the last level of the objective."""

    placed: float = 0.0
    waiting: float = 3.0
    travel: float = 1.0
    preference: float = 1.0
    language: float = 0.5
    subject: float = 0.5
    arrival: float = 0.01


@dataclass(frozen=True, slots=True)
class Floor:
    """How even the shares of those placed must be within a family of groups."""

    slack: float
    """By how much the worst share may lie below the best worst share that is possible."""
    smallest: int = 5
    """Groups with fewer applicants are too small to speak of a share."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What no weight can buy."""

    most_per_school: int | None = None
    """At one venue."""
    fewest_per_school: int = 1
    """At one venue, if any: nobody travels alone."""
    together: bool = False
    """Those of one school who are placed go to one venue."""

    @property
    def need_choices(self) -> bool:
        """Whether it must be decided which venues a school uses at all."""
        return self.together or self.fewest_per_school > 1


@dataclass(frozen=True)
class Case:
    """One question. People are put in the order of their ids, so that the order of asking decides nothing."""

    people: Sequence[Applicant]
    sites: Sequence[Site]
    ways: Sequence[Way]
    weights: Weights = Weights()
    limits: Limits = Limits()
    placed_first: bool = True
    """Whether as many as possible are placed before anything else counts."""
    floors: Mapping[str, Floor] = field(default_factory=dict)
    """By family: `district`, `setting`; in this order."""
    km_scale: float = 100.0
    """How many kilometres weigh as much as one person's unit."""

    @cached_property
    def person(self) -> Ints:
        """Of each way."""
        return np.array([way.person for way in self.ways], dtype=np.int64)

    @cached_property
    def site(self) -> Ints:
        """Of each way."""
        return np.array([way.site for way in self.ways], dtype=np.int64)

    @cached_property
    def parts(self) -> Mapping[str, Floats]:
        """What each way brings, term by term, before weights: numbers from 0 to 1, kilometres apart.

        With n_i the need of person i, d_iv the kilometres to venue v, D `km_scale`, r_iv the rank of v among the
        wishes of i, o_i the place of i in the order of application and N the number of people:

            placed 1 · waiting n_i · travel −d_iv / D · preference 1 / r_iv (0 if not wished) · language 1 or 0 ·
            subject 1 or 0 · arrival 1 − o_i / N
        """
        count = max(1, len(self.people))
        need = np.array([one.need for one in self.people])
        arrival = np.array([1 - one.arrival / count for one in self.people])
        return {
            "placed": np.ones(len(self.ways)),
            "waiting": need[self.person] if len(self.ways) else np.zeros(0),
            "travel": np.array([-way.km / self.km_scale for way in self.ways]),
            "preference": np.array([1 / way.rank if way.rank else 0.0 for way in self.ways]),
            "language": np.array([float(way.language) for way in self.ways]),
            "subject": np.array([float(way.subject) for way in self.ways]),
            "arrival": arrival[self.person] if len(self.ways) else np.zeros(0),
        }

    @cached_property
    def worth(self) -> Floats:
        """Of each way, in persons: the weighted sum of its parts, rounded to millionths."""
        total = np.zeros(len(self.ways))
        for name, values in self.parts.items():
            total = total + getattr(self.weights, name) * values
        return np.round(total * MILLIONTH) / MILLIONTH

    @cached_property
    def groups(self) -> Mapping[str, Mapping[str, list[int]]]:
        """By family and group: its people."""
        found: dict[str, dict[str, list[int]]] = {"district": {}, "setting": {}}
        for number, one in enumerate(self.people):
            found["district"].setdefault(one.district, []).append(number)
            found["setting"].setdefault(one.setting, []).append(number)
        return {family: dict(sorted(groups.items())) for family, groups in found.items()}

    def judged(self, family: str) -> dict[str, list[int]]:
        """The groups of a family that are large enough for a share."""
        smallest = self.floors[family].smallest if family in self.floors else 1
        return {name: people for name, people in self.groups[family].items() if len(people) >= smallest}


Assignment = Mapping[int, int]
"""By person: the way taken. Who is not in it is not placed."""


def canonical(people: Sequence[Applicant], sites: Sequence[Site], ways: Sequence[Way], **more: Any) -> Case:
    """The case with people in the order of their ids and ways in the order of people and sites."""
    order = sorted(range(len(people)), key=lambda number: people[number].id)
    place = {old: new for new, old in enumerate(order)}
    moved = [Way(place[way.person], way.site, way.km, way.rank, way.language, way.subject, way.pools) for way in ways]
    moved.sort(key=lambda way: (way.person, way.site))
    return Case([people[number] for number in order], sites, moved, **more)
